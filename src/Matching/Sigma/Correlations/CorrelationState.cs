using System.Text.Json.Serialization;

namespace Yagura.Matching.Sigma.Correlations;

/// <summary>What was seen of one group in one window of a correlation: enough to decide it, however often, late and shuffled the events come.</summary>
/// <remarks>
/// A window has two halves, each as long as the timespan, so that whatever lies within one timespan lies within some window; an event belongs to two windows.
/// Of each thing that is counted (an event, a value, a rule) only the latest time in the early half and the earliest in the late half are kept: no
/// other can bring it into a span across the middle. Of the things only as many as the condition can tell apart are kept, those with the smallest
/// numbers; where that many were seen, one of the halves alone holds enough of them. So the answer is exact, the state bounded, and merging is
/// commutative, associative and idempotent (docs/adr/0003, docs/adr/0008).
/// </remarks>
public sealed class CorrelationState
{
    private readonly Dictionary<ulong, SeenThing> _things = [];
    private readonly SortedSet<ulong> _numbers = [];
    private readonly SortedDictionary<int, SeenTimes> _times = [];

    public CorrelationState()
    {
    }

    /// <summary>Restores a state from its properties.</summary>
    [JsonConstructor]
    public CorrelationState(int limit, IReadOnlyList<SeenThing> things, IReadOnlyList<SeenTimes> times)
    {
        ArgumentNullException.ThrowIfNull(things);
        ArgumentNullException.ThrowIfNull(times);
        Limit = limit;
        foreach (var thing in things) Add(thing);
        foreach (var one in times) Add(one);
    }

    /// <summary>Most things that are kept; that of the correlation, 0 before anything was added.</summary>
    public int Limit { get; private set; }

    /// <summary>What was counted, by number; empty for <see cref="CorrelationKind.TemporalOrdered"/>.</summary>
    public IReadOnlyList<SeenThing> Things => [.. _numbers.Select(number => _things[number])];

    /// <summary>When each rule fired, by its index; empty for all kinds but <see cref="CorrelationKind.TemporalOrdered"/>.</summary>
    public IReadOnlyList<SeenTimes> Times => [.. _times.Values];

    public void Merge(CorrelationState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Limit = Math.Max(Limit, other.Limit);
        foreach (var thing in other._things.Values) Add(thing);
        foreach (var times in other._times.Values) Add(times);
    }

    internal void AddThing(int limit, ulong number, long ticks, bool late)
    {
        Limit = Math.Max(Limit, limit);
        Add(late ? new SeenThing(number, null, ticks) : new SeenThing(number, ticks, null));
    }

    internal void AddTime(int rule, long ticks, bool late) => Add(new SeenTimes(rule, late ? [] : [ticks], late ? [ticks] : []));

    private void Add(SeenThing thing)
    {
        if (_things.TryGetValue(thing.Number, out var known)) _things[thing.Number] = known.Joined(thing);
        else if (_numbers.Count < Limit || thing.Number < _numbers.Max)
        {
            _numbers.Add(thing.Number);
            _things.Add(thing.Number, thing);
        }
        if (_numbers.Count <= Limit) return;
        _things.Remove(_numbers.Max);
        _numbers.Remove(_numbers.Max);
    }

    private void Add(SeenTimes times) => _times[times.Rule] = _times.TryGetValue(times.Rule, out var known) ? known.Joined(times) : times;
}

/// <summary>One thing that is counted.</summary>
/// <param name="Number">Stands for it: the same wherever it was seen.</param>
/// <param name="LastEarly">Its latest time in the early half, in ticks of UTC.</param>
/// <param name="FirstLate">Its earliest time in the late half.</param>
public sealed record SeenThing(ulong Number, long? LastEarly, long? FirstLate)
{
    internal SeenThing Joined(SeenThing other) => new(Number, Max(LastEarly, other.LastEarly), Min(FirstLate, other.FirstLate));

    private static long? Max(long? one, long? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);

    private static long? Min(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);
}

/// <summary>When one rule fired, in ticks of UTC, ascending and without repeats: of each half the earliest and the latest times.</summary>
public sealed record SeenTimes(int Rule, IReadOnlyList<long> Early, IReadOnlyList<long> Late)
{
    internal SeenTimes Joined(SeenTimes other) => new(Rule, Ends(Early, other.Early), Ends(Late, other.Late));

    private static IReadOnlyList<long> Ends(IReadOnlyList<long> one, IReadOnlyList<long> other)
    {
        var all = one.Union(other).Order().ToList();
        const int Each = CorrelationLimits.TimesFromEitherEnd;
        if (all.Count > 2 * Each) all.RemoveRange(Each, all.Count - 2 * Each);
        return all;
    }
}
