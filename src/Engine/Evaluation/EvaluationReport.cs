using Yagura.Core.Findings;

namespace Yagura.Engine.Evaluation;

/// <param name="Scan">What was read.</param>
/// <param name="Lines">Every line of the truth that is not ignored, in order.</param>
/// <param name="Findings">Every finding that is not suppressed.</param>
public sealed record EvaluationReport(ScanReport Scan, IReadOnlyList<LineResult> Lines, IReadOnlyList<FindingResult> Findings, IReadOnlyList<ScoreSpread> Scores)
{
    public long Records { get; } = Scan.Records.Sum(records => records.Analysed);

    /// <summary>Results for each type that the truth names first, or that was found.</summary>
    public IReadOnlyList<TypeResult> Types { get; } =
    [
        .. Lines.Select(line => line.Truth.Types[0]).Concat(Findings.Select(finding => finding.Finding.Type.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(type => TypeResult.Of(type, Lines.Where(line => line.Truth.Types[0] == type), Findings.Where(finding => finding.Finding.Type.Name == type))),
    ];

    public TypeResult All { get; } = TypeResult.Of("all", Lines, Findings);

    /// <summary>Lines by what says so, with how many of them were found.</summary>
    public IReadOnlyList<(string Basis, Proportion Recall)> Bases { get; } =
    [
        .. Lines.Where(line => line.Truth.Basis is not null).GroupBy(line => line.Truth.Basis!, StringComparer.Ordinal).OrderBy(basis => basis.Key, StringComparer.Ordinal)
            .Select(basis => (basis.Key, new Proportion(basis.LongCount(line => line.IsFound), basis.LongCount(line => line.IsFound || !line.Truth.IsOptional)))),
    ];
}

/// <summary>What became of a line of the truth.</summary>
/// <param name="Records">That were read of it; a line without any cannot be found.</param>
/// <param name="Found">The findings of an accepted type that hold a record of it.</param>
/// <param name="After">From its first record to the first of its records that a finding holds. A detector that needs many records has decided when it had enough of them.</param>
public sealed record LineResult(TruthLine Truth, long Records, IReadOnlyList<Finding> Found, TimeSpan? After)
{
    public bool IsFound => Found.Count > 0;
    public bool IsMissed => !IsFound && !Truth.IsOptional;
}

public sealed record FindingResult(Finding Finding, Verdict Verdict);

/// <summary>What a finding is by the truth: of an accepted type and about a line's records; about one's records and of a type that it does not name; excused; or about nothing that the truth knows.</summary>
public enum Verdict { Right, OtherType, Ignored, Wrong }

/// <param name="Planted">Lines that have to be found, and optional ones that were.</param>
/// <param name="OtherType">Findings about records of the truth, of a type that it does not name there.</param>
/// <param name="Median">Of the times from a line's first record to its finding.</param>
public sealed record TypeResult(string Type, int Planted, int Found, int Missed, int Right, int Wrong, int OtherType, TimeSpan? Median)
{
    public Proportion Recall => new(Found, Planted);
    public Proportion Precision => new(Right, Right + Wrong);

    internal static TypeResult Of(string type, IEnumerable<LineResult> lines, IEnumerable<FindingResult> findings)
    {
        var (found, missed) = (lines.Where(line => line.IsFound).ToList(), lines.Count(line => line.IsMissed));
        TimeSpan[] after = [.. found.Select(line => line.After!.Value).Order()];
        var verdicts = findings.ToLookup(finding => finding.Verdict);
        return new(type, found.Count + missed, found.Count, missed, verdicts[Verdict.Right].Count(), verdicts[Verdict.Wrong].Count(), verdicts[Verdict.OtherType].Count(),
            after.Length == 0 ? null : after[(after.Length - 1) / 2]);
    }
}
