using System.Globalization;
using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Engine;
using Yagura.Engine.Sequences;

namespace Yagura.Cli.Output;

internal enum BacktestFormat { Table, Json }

/// <summary>A finding that is there in one of two scans only, or is another in the second.</summary>
/// <param name="Change"><c>new</c>, <c>gone</c> (hidden by a suppression, or not made any more) or <c>changed</c>.</param>
/// <param name="What">What differs, of a changed one; else why it was made.</param>
internal sealed record BacktestRow(string Change, string Type, string Severity, string Account, string Resource, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string What, string Id);

/// <summary>A sequence of those that are tried that was nearly seen.</summary>
internal sealed record NearMissRow(string Sequence, string Account, IReadOnlyList<string> Join, IReadOnlyList<string> Seen, string Lacks);

/// <summary>What a rule, a sequence or a suppression makes of past logs.</summary>
internal sealed record BacktestReport(IReadOnlyList<BacktestRow> Findings, IReadOnlyList<NearMissRow> NearMisses, long Unchanged)
{
    /// <param name="sequences">The names of the sequences that are tried.</param>
    public static BacktestReport Of(ScanReport before, ScanReport after, IReadOnlyList<string> sequences)
    {
        var (old, now) = (Current(before), Current(after));
        List<BacktestRow> rows =
        [
            .. now.Values.Where(finding => !old.ContainsKey(finding.Id)).Select(finding => Row("new", finding, finding.Explanation.Why)),
            .. old.Values.Where(finding => !now.ContainsKey(finding.Id)).Select(finding => Row("gone", finding, finding.Explanation.Why)),
            .. now.Values.Where(finding => old.TryGetValue(finding.Id, out var earlier) && Difference(earlier, finding).Length > 0).Select(finding => Row("changed", finding, Difference(old[finding.Id], finding))),
        ];
        return new(
            [.. rows.OrderBy(row => row.Change switch { "new" => 0, "gone" => 1, _ => 2 }).ThenBy(row => row.FirstSeen).ThenBy(row => row.Id, StringComparer.Ordinal)],
            [.. after.NearMisses.Where(miss => sequences.Contains(miss.Sequence, StringComparer.Ordinal)).Select(Row)], now.Keys.Intersect(old.Keys, StringComparer.Ordinal).LongCount() - rows.Count(row => row.Change == "changed"));
    }

    // What a rule on trial found counts: to see that is why one tries.
    private static Dictionary<string, Finding> Current(ScanReport report) => report.Findings.Concat(report.Staged.SelectMany(rule => rule.Findings))
        .Where(finding => !finding.Service.Archived).DistinctBy(finding => finding.Id, StringComparer.Ordinal).ToDictionary(finding => finding.Id, StringComparer.Ordinal);

    private static string Difference(Finding before, Finding after)
    {
        var parts = new List<string>();
        if (before.Severity != after.Severity) parts.Add($"severity {SeverityExtensions.ToLevel(before.Severity)} to {SeverityExtensions.ToLevel(after.Severity)}");
        if (before.Service.Count != after.Service.Count) parts.Add(string.Create(CultureInfo.InvariantCulture, $"count {before.Service.Count:N0} to {after.Service.Count:N0}"));
        if (before.Service.EventFirstSeen != after.Service.EventFirstSeen || before.Service.EventLastSeen != after.Service.EventLastSeen) parts.Add("times");
        if (before.AssociatedAttackSequenceArn != after.AssociatedAttackSequenceArn) parts.Add(after.AssociatedAttackSequenceArn is null ? "no signal of a sequence any more" : "now a signal of a sequence");
        return string.Join(", ", parts);
    }

    private static BacktestRow Row(string change, Finding finding, string what) => new(
        change, finding.Type.Name, SeverityExtensions.ToLevel(finding.Severity).ToString(), finding.AccountId, FindingText.Resource(finding), finding.Service.Count, finding.Service.EventFirstSeen,
        finding.Service.EventLastSeen, what, finding.Id);

    private static NearMissRow Row(NearMiss miss) =>
        new(miss.Sequence, miss.AccountId, miss.Join, [.. miss.Seen.Select(step => $"{Time(step.Time)} {step.Step}")], miss.Lacks);

    public void Write(BacktestFormat format)
    {
        if (format == BacktestFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(this, CliJson.Indented.BacktestReport));
            return;
        }
        foreach (var row in Findings)
        {
            Terminal.WriteLine(Terminal.Out, $"{row.Change,-8} {Time(row.FirstSeen)}  {Terminal.Markup($"{row.Severity,-8} {row.Type}")}");
            Terminal.WriteLine(Terminal.Out, $"         {Terminal.Markup($"{row.Resource} in {row.Account}, count {row.Count:N0}: {Terminal.Cut(row.What, 160)}")}");
        }
        foreach (var miss in NearMisses)
        {
            Terminal.WriteLine(Terminal.Out, $"nearly   {Terminal.Markup($"{miss.Sequence}, {string.Join(", ", miss.Join)} in {miss.Account}: {miss.Lacks}")}");
            foreach (var step in miss.Seen) Terminal.WriteLine(Terminal.Out, $"         {Terminal.Markup(step)}");
        }
        Terminal.Complain(string.Create(
            CultureInfo.InvariantCulture,
            $"{Findings.Count(row => row.Change == "new"):N0} new, {Findings.Count(row => row.Change == "gone"):N0} gone, {Findings.Count(row => row.Change == "changed"):N0} changed, {Unchanged:N0} as before{(NearMisses.Count > 0 ? $"; {NearMisses.Count:N0} nearly seen" : "")}"));
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
