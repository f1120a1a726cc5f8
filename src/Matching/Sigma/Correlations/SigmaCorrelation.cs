using Yagura.Matching.Sigma.Testing;

namespace Yagura.Matching.Sigma.Correlations;

/// <summary>What is counted. Source: Sigma correlation rules specification 2.1, "Correlation Types".</summary>
public enum CorrelationKind
{
    /// <summary>Events.</summary>
    EventCount,
    /// <summary>Different values of a field.</summary>
    ValueCount,
    /// <summary>Different rules that fired.</summary>
    Temporal,
    /// <summary>All rules fired, in their order.</summary>
    TemporalOrdered,
}

/// <summary>A correlation as its file has it: other rules' events, counted over a time.</summary>
/// <param name="RuleNames">Ids or names of the rules, in their order, without repeats.</param>
/// <param name="GroupBy">Fields or aliases; events are counted together where all of their values are the same.</param>
/// <param name="Aliases">For each alias the field that stands for it in the events of a rule, by the rule's name.</param>
/// <param name="Fields">What <see cref="CorrelationKind.ValueCount"/> counts the values of; several are counted as one combination.</param>
/// <param name="Generate">The rules also report by themselves.</param>
public sealed record SigmaCorrelation(
    RuleHeader Header, CorrelationKind Kind, IReadOnlyList<string> RuleNames, IReadOnlyList<string> GroupBy,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Aliases, TimeSpan Timespan, CountCondition Condition, IReadOnlyList<string> Fields, bool Generate,
    IReadOnlyList<RuleTest> Tests);

/// <summary>Which counts are meant.</summary>
/// <param name="Least">Included.</param>
/// <param name="Most">Included; null where there is no upper bound.</param>
/// <param name="Except">A count that is not meant (<c>neq</c>).</param>
public sealed record CountCondition(long Least, long? Most = null, long? Except = null)
{
    /// <summary>More events can make it false again, so it is known only once its window is over.</summary>
    public bool NeedsWholeWindow => Most is not null || Except is not null;

    public bool Holds(long count) => count >= Least && !(count > Most) && count != Except;
}

/// <summary>What bounds correlations.</summary>
public static class CorrelationLimits
{
    /// <summary>Rules of one correlation.</summary>
    public const int Rules = 50;

    /// <summary>Fields of <c>group-by</c>.</summary>
    public const int GroupFields = 10;

    /// <summary>The highest number that a condition may name: what a state has to remember grows with it, by 24 bytes each, twice.</summary>
    public const int Count = 10_000;

    /// <summary>The longest timespan.</summary>
    public static readonly TimeSpan Timespan = TimeSpan.FromDays(31);

    /// <summary>Groups that one event may belong to, because a field of the group has several values.</summary>
    public const int GroupsOfEvent = 16;

    /// <summary>Times that a state of <c>temporal_ordered</c> keeps of each rule in each half of its window from either end. Below twice this many events of a
    /// rule the answer is exact; beyond it an order that only events in the middle show can be missed, and none is invented.</summary>
    public const int TimesFromEitherEnd = 128;
}
