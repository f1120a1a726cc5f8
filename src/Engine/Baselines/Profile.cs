using System.Numerics;

namespace Yagura.Engine.Baselines;

/// <summary>The habits of one subject; valid until the store changes.</summary>
public readonly ref struct Profile
{
    private readonly ReadOnlySpan<ulong> _days;
    private readonly ulong _active;
    private readonly int _newest;

    internal Profile(ReadOnlySpan<uint> features, ReadOnlySpan<ulong> days, ulong active, int newest)
    {
        Features = features;
        _days = days;
        _active = active;
        _newest = newest;
    }

    /// <summary>What the subject was ever seen to do, in no particular order.</summary>
    public ReadOnlySpan<uint> Features { get; }

    /// <summary>On how many days of the history before a day the subject did something; 0 where never.</summary>
    public int DaysOf(uint feature, int before) => Features.IndexOf(feature) is >= 0 and var at ? DaysAt(at, before) : 0;

    /// <summary>The same of the feature at an index of <see cref="Features"/>.</summary>
    public int DaysAt(int index, int before) => BitOperations.PopCount(_days[index] & ProfileStore.History(before, _newest));

    /// <summary>Whether the feature at an index was seen on a day, one of those that are remembered.</summary>
    internal bool WasOn(int index, int day) => (_days[index] & BitOperations.RotateLeft(1UL, day)) != 0;

    /// <summary>The days of the history before a day on which the feature at an index was seen: a bit for each, the oldest lowest.</summary>
    public ulong WindowAt(int index, int before) => Window(_days[index], before);

    /// <summary>The same for anything that the subject did, also what is forgotten.</summary>
    public ulong ActiveWindow(int before) => Window(_active, before);

    /// <summary>The last day on which the subject did anything, in days since 1970; null where it never did.</summary>
    public int? LastDay => _active == 0 ? null : _newest - BitOperations.LeadingZeroCount(BitOperations.RotateLeft(_active, ProfileStore.Days - 1 - _newest));

    /// <summary>On how many days of the history before a day the subject did anything.</summary>
    public int ActiveDays(int before) => BitOperations.PopCount(ActiveWindow(before));

    private ulong Window(ulong days, int before) => BitOperations.RotateRight(days & ProfileStore.History(before, _newest), before - ProfileStore.HistoryDays);
}
