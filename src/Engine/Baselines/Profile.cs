using System.Numerics;

namespace Yagura.Engine.Baselines;

/// <summary>The habits of one subject; valid until the store changes.</summary>
public readonly ref struct Profile
{
    private readonly ReadOnlySpan<ulong> _days;
    private readonly int _newest;

    internal Profile(ReadOnlySpan<uint> features, ReadOnlySpan<ulong> days, int newest)
    {
        Features = features;
        _days = days;
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
    public ulong WindowAt(int index, int before) => BitOperations.RotateRight(_days[index] & ProfileStore.History(before, _newest), before - ProfileStore.HistoryDays);

    /// <summary>The last day on which the subject did anything, in days since 1970; null where it never did.</summary>
    public int? LastDay
    {
        get
        {
            var any = 0UL;
            foreach (var days in _days) any |= days;
            return any == 0 ? null : _newest - BitOperations.LeadingZeroCount(BitOperations.RotateLeft(any, ProfileStore.Days - 1 - _newest));
        }
    }

    /// <summary>On how many days of the history before a day the subject did anything.</summary>
    public int ActiveDays(int before)
    {
        var any = 0UL;
        foreach (var days in _days) any |= days;
        return BitOperations.PopCount(any & ProfileStore.History(before, _newest));
    }
}
