using System.Diagnostics.CodeAnalysis;
using Yagura.Core.Findings;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Criteria;

/// <summary>GuardDuty's finding criteria: conditions on paths of a finding's JSON, all of which must hold.</summary>
/// <remarks><code>{"criterion":{"severity":{"greaterThanOrEqual":4},"type":{"matches":["Recon:*"]}}}</code>
/// Where a path leads through lists, a condition holds if it holds for any value, and its negation if it holds for none; a path that leads nowhere has
/// no value. Numbers are compared without their fractions, times as milliseconds of the Unix epoch, flags as <c>true</c> and <c>false</c>, texts by their
/// exact characters. Source: GuardDuty user guide, "Filtering findings", and API model 2017-11-28.</remarks>
public sealed class FindingCriteria
{
    internal FindingCriteria(IReadOnlyList<FindingCondition> conditions) => Conditions = conditions;

    /// <summary>In the order in which they were written.</summary>
    public IReadOnlyList<FindingCondition> Conditions { get; }

    /// <summary>What a <see cref="Matcher{TRule}"/> takes, which answers many criteria at once.</summary>
    public Condition ToCondition() => CriteriaCompiler.Compile(Conditions);

    /// <summary>Reads criteria from <c>{"criterion":{…}}</c>, with the key names of the wire or, in capitals, of the AWS CLI.</summary>
    /// <param name="errors">Every mistake, each naming its place; empty where there is none. Never throws on bad input.</param>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out FindingCriteria? criteria, out IReadOnlyList<string> errors) =>
        CriteriaReader.TryRead(json, static (reader, root) => reader.Criteria(root, ""), out criteria, out errors);

    /// <summary>Asks about one finding. Whoever asks about many, or has many criteria, keeps a matcher.</summary>
    public bool Matches(Finding finding)
    {
        var matcher = new Matcher<bool>();
        matcher.Add(true, ToCondition());
        List<bool> hits = [];
        matcher.Match(FindingJson.ToUtf8(finding), new MatchBuffer(), hits);
        return hits.Count > 0;
    }
}

/// <summary>What is asked of the values at one path; all tests must hold, each by a value of its own if need be.</summary>
public sealed record FindingCondition(string Path, IReadOnlyList<FindingTest> Tests);

/// <summary>One operator with what it compares to.</summary>
/// <param name="Values">For the operators on texts, 1 to 50 of them; empty for the others.</param>
/// <param name="Number">For the operators on numbers; 0 for the others.</param>
public sealed record FindingTest(FindingOperator Operator, IReadOnlyList<string> Values, long Number)
{
    /// <summary>Holds where no value does what the operator says.</summary>
    internal bool IsNegated => Operator is FindingOperator.NotEquals or FindingOperator.NotMatches;
}

/// <summary>The operators of finding criteria; the deprecated short names mean the same.</summary>
public enum FindingOperator
{
    /// <summary>The value is one of the texts.</summary>
    Equals,
    /// <summary>No value is any of the texts.</summary>
    NotEquals,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    /// <summary>The value fits one of the patterns, in which <c>*</c> stands for any run of characters and <c>?</c> for one or none.</summary>
    Matches,
    /// <summary>No value fits any of the patterns.</summary>
    NotMatches,
}
