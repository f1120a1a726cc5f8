using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Yagura.Core.FindingTypes;

namespace Yagura.Matching.Sigma.Correlations;

/// <summary>A correlation with the rules it names: what to keep of their events, and what that shows.</summary>
/// <remarks>Whoever runs it asks for each event that one of the <see cref="Rules"/> matched: <see cref="Observe"/> which groups it belongs to, <see cref="WindowsOf"/>
/// which windows; keeps a <see cref="CorrelationState"/> for each pair of them; <see cref="Add"/>s there; and asks <see cref="Decide"/> after each change. What is said
/// of a window replaces what was said before. Time is the event's.</remarks>
public sealed class Correlation
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _groupPaths;
    private readonly IReadOnlyList<IReadOnlyList<string>> _valuePaths;
    private readonly int _limit;

    internal Correlation(SigmaCorrelation definition, IReadOnlyList<SigmaRule> rules)
    {
        (Definition, Rules) = (definition, rules);
        _groupPaths = [.. definition.RuleNames.Select(rule => definition.GroupBy.Select(field => PathOf(definition, rule, field)).ToList())];
        _valuePaths = [.. definition.RuleNames.Select(rule => definition.Fields.Select(field => PathOf(definition, rule, field)).ToList())];
        var condition = definition.Condition;
        _limit = (int)Math.Max(2 * condition.Least, Math.Max(condition.Most ?? 0, condition.Except ?? 0) + 1) + 1;
    }

    public SigmaCorrelation Definition { get; }

    /// <summary>In the order of the correlation.</summary>
    public IReadOnlyList<SigmaRule> Rules { get; }

    /// <summary>The type of its findings: the one it names, or one made of its title.</summary>
    public FindingType FindingType => Definition.Header.Yagura.Type ?? SigmaNames.TypeOf(Definition.Header.Title, Resource.Type);

    /// <summary>What its findings are about: what it says, or what its first rule says.</summary>
    public ResourceMapping Resource => Definition.Header.Yagura.Resource ?? Rules[0].Resource;

    // Of a condition with an upper bound: what holds early in a window may not hold when it is over.
    private bool NeedsWholeWindow => Definition.Condition.NeedsWholeWindow;

    /// <summary>The windows that a time lies in, by their start: two that overlap, or one where the whole window is needed.</summary>
    public IReadOnlyList<DateTimeOffset> WindowsOf(DateTimeOffset time)
    {
        var span = Definition.Timespan.Ticks;
        var start = time.UtcTicks / span * span;
        return NeedsWholeWindow || start < span ? [At(start)] : [At(start - span), At(start)];
    }

    /// <summary>What an event adds: one observation for each group it belongs to and each value it has. None where it lacks a field of the group or the counted field.</summary>
    /// <param name="rule">The index of the rule that matched.</param>
    /// <param name="json">The event.</param>
    /// <param name="identity">The same wherever and however often the event was delivered.</param>
    public IReadOnlyList<Observation> Observe(int rule, JsonElement json, UInt128 identity)
    {
        IReadOnlyList<ulong> numbers = Definition.Kind switch
        {
            CorrelationKind.EventCount => [(ulong)identity ^ (ulong)(identity >> 64)],
            CorrelationKind.ValueCount => [.. Combinations(json, _valuePaths[rule]).Select(Number)],
            _ => [(ulong)rule],
        };
        return [.. Combinations(json, _groupPaths[rule]).SelectMany(group => numbers.Select(number => new Observation(group, rule, number)))];
    }

    /// <summary>Adds an observation to the state of its group in a window that its time lies in.</summary>
    public void Add(CorrelationState state, DateTimeOffset window, Observation observation, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(observation);
        var late = time - window >= Definition.Timespan;
        if (Definition.Kind == CorrelationKind.TemporalOrdered) state.AddTime(observation.Rule, time.UtcTicks, late);
        else state.AddThing(_limit, observation.Number, time.UtcTicks, late);
    }

    /// <summary>What a state shows; null where it shows nothing. Pure.</summary>
    public CorrelationHit? Decide(CorrelationState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Definition.Kind == CorrelationKind.TemporalOrdered ? Ordered(state) : Counted(state);
    }

    private CorrelationHit? Counted(CorrelationState state)
    {
        var things = state.Things;
        if (things.Count == 0) return null;
        var (count, first, last) = Definition.Condition.NeedsWholeWindow
            ? (things.Count, things.Min(thing => thing.LastEarly!.Value), things.Max(thing => thing.LastEarly!.Value))
            : Peak.Of(things, Definition.Timespan.Ticks);
        return Definition.Condition.Holds(count) ? new(count, At(first), At(last)) : null;
    }

    /// <summary>The first of all chains of one time of each rule, each not before the one before it, that is no longer than the timespan.</summary>
    private CorrelationHit? Ordered(CorrelationState state)
    {
        var times = state.Times.ToDictionary(seen => seen.Rule, seen => (List<long>)[.. seen.Early, .. seen.Late]);
        if (times.Count < Rules.Count) return null;
        foreach (var start in times[0])
        {
            var at = start;
            for (var rule = 1; rule < Rules.Count && at <= start + Definition.Timespan.Ticks; rule++)
            {
                var next = times[rule].BinarySearch(at);
                if (next < 0) next = ~next;
                at = next < times[rule].Count ? times[rule][next] : long.MaxValue;
            }
            if (at <= start + Definition.Timespan.Ticks) return new(Rules.Count, At(start), At(at));
        }
        return null;
    }

    private static string PathOf(SigmaCorrelation definition, string rule, string field) => definition.Aliases.TryGetValue(field, out var byRule) ? byRule[rule] : field;

    private static IReadOnlyList<IReadOnlyList<string>> Combinations(JsonElement json, IReadOnlyList<string> paths)
    {
        IReadOnlyList<IReadOnlyList<string>> combinations = [[]];
        foreach (var path in paths)
        {
            var texts = EventValues.At(json, path).Where(value => value.ValueKind != JsonValueKind.Null).Select(EventValues.TextOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            combinations = [.. combinations.SelectMany(one => texts.Select(text => (IReadOnlyList<string>)[.. one, text])).Take(CorrelationLimits.GroupsOfEvent)];
        }
        return combinations;
    }

    /// <summary>A number that stands for some texts: the first bytes of their SHA-256, each with its length before it.</summary>
    private static ulong Number(IReadOnlyList<string> texts)
    {
        var bytes = new List<byte>();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
            bytes.AddRange(length);
            bytes.AddRange(utf8);
        }
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes.ToArray()));
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}

/// <summary>One event in one group.</summary>
/// <param name="Group">The values of the fields of <c>group-by</c>, in their order.</param>
/// <param name="Rule">The index of the rule that matched.</param>
/// <param name="Number">Stands for what is counted.</param>
public sealed record Observation(IReadOnlyList<string> Group, int Rule, ulong Number);

/// <summary>A correlation holds.</summary>
/// <param name="Count">What was counted; at least this many, where more came than the condition needs.</param>
/// <param name="First">When the span began that shows it.</param>
/// <param name="Last">When it ended.</param>
public sealed record CorrelationHit(long Count, DateTimeOffset First, DateTimeOffset Last);
