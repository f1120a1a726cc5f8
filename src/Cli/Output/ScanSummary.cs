using System.Globalization;
using Spectre.Console;
using Yagura.Detectors.Rules;
using Yagura.Engine;
using Yagura.Engine.Ledger;
using Yagura.Logs;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Output;

/// <summary>What became of everything that was read, on stderr.</summary>
internal static class ScanSummary
{
    private const int MostLines = 10;

    public static void Write(IAnsiConsole console, ScanReport report, IReadOnlyList<TypeStatus> types, string? quarantineFile, SigmaRuleSet rules,
        IReadOnlyList<(string Rule, string Reason)> unasked)
    {
        Line(console, "read", Objects(report));
        foreach (var records in report.Records.Where(r => r.LogType != LogType.Unknown)) Line(console, Name(records.LogType), Records(records));
        if (report.First is { } first && report.Last is { } last) Line(console, "time span", $"{first:yyyy-MM-dd HH:mm:ss} to {last:yyyy-MM-dd HH:mm:ss} UTC");
        var unknown = report.Records.Where(r => r.LogType == LogType.Unknown).ToList();
        foreach (var (reason, count) in unknown.SelectMany(r => r.Skipped)) Line(console, "skipped", $"{count:N0} {reason}");
        var quarantined = unknown.Sum(r => r.Quarantined);
        if (quarantined > 0)
        {
            var kept = quarantineFile is null ? " (--quarantine FILE writes them out)" : report.NotKept == 0 ? $", written to {quarantineFile}" : $", all but {report.NotKept:N0} written to {quarantineFile}";
            Line(console, "quarantined", $"{quarantined:N0} records could not be used{kept}");
            Reasons(console, unknown);
        }
        WriteFailures(console, report);
        if (report.HeldBack > 0) Line(console, "held back", $"{report.HeldBack:N0} anomalies, beyond the noise budget of their account (docs/baselines.md)");
        foreach (var (what, count) in report.Forgotten) Line(console, "forgotten", $"{count:N0} {what}, over the limit of what is remembered");
        Types(console, types);
        Rules(console, report, rules, unasked);
        Findings(console, report);
        Line(console, "speed", $"{report.Records.Sum(r => r.Total) / Math.Max(0.001, report.Elapsed.TotalSeconds):N0} records/s, {Bytes(report.Bytes)} in {report.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s");
    }

    private static void Reasons(IAnsiConsole console, List<RecordCounts> unknown)
    {
        var reasons = unknown.SelectMany(r => r.Reasons).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
        foreach (var (reason, count) in reasons.Take(MostLines)) Line(console, "", $"{count:N0} × {reason}");
        if (reasons.Count > MostLines) Line(console, "", $"{reasons.Skip(MostLines).Sum(r => r.Value):N0} for {reasons.Count - MostLines:N0} other reasons");
    }

    /// <summary>What could not be read or judged; said even where no summary is wanted, for nothing is lost in silence.</summary>
    public static void WriteFailures(IAnsiConsole console, ScanReport report)
    {
        foreach (var (name, reason) in report.Failures.Take(MostLines)) Line(console, "not read", name.Length == 0 ? reason : $"{name}: {reason}");
        More(console, report.Failures.Count);
        foreach (var failure in report.DetectorFailures.Take(MostLines))
            Line(console, failure.IsBug ? "bug" : "not judged", failure.IsBug ? $"{failure.Detector} failed at {failure.Object} record {failure.Record}: {failure.Message}" : $"{failure.Object} record {failure.Record}: {failure.Message}");
        More(console, report.DetectorFailures.Count + report.MoreDetectorFailures);
    }

    private static string Objects(ScanReport report)
    {
        var parts = new List<string> { $"{report.Objects.Values.Sum():N0} objects, {Bytes(report.StoredBytes)} stored" };
        if (report.Objects.GetValueOrDefault(ObjectState.Duplicate) is > 0 and var duplicates) parts.Add($"{duplicates:N0} delivered twice and applied once");
        if (report.Objects.GetValueOrDefault(ObjectState.Known) is > 0 and var known) parts.Add($"{known:N0} known from earlier scans");
        if (report.Objects.GetValueOrDefault(ObjectState.Quarantined) is > 0 and var broken) parts.Add($"{broken:N0} with nothing usable");
        return string.Join(", ", parts);
    }

    private static string Records(RecordCounts records)
    {
        var parts = new List<string> { $"{records.Analysed:N0} analysed" };
        if (records.Late > 0) parts.Add($"{records.Late:N0} of them late");
        if (records.Quarantined > 0) parts.Add($"{records.Quarantined:N0} quarantined");
        parts.AddRange(records.Skipped.Select(s => $"{s.Value:N0} skipped ({s.Key})"));
        return string.Join(", ", parts);
    }

    private static void Types(IAnsiConsole console, IReadOnlyList<TypeStatus> types)
    {
        Line(console, "types", $"{types.Count(t => t.State == TypeState.On)} on, {types.Count(t => t.State == TypeState.Planned)} planned");
        foreach (var off in types.Where(t => t.State == TypeState.Off).GroupBy(t => t.Why!, StringComparer.Ordinal))
            Line(console, "", $"{off.Count()} off: {off.Key} (`yagura types --off` names them)");
    }

    private static void Rules(IAnsiConsole console, ScanReport report, SigmaRuleSet rules, IReadOnlyList<(string Rule, string Reason)> unasked)
    {
        var headers = rules.Headers.ToList();
        if (headers.Count == 0) return;
        var staged = headers.Count(RuleStages.IsStaged);
        Line(console, "rules", $"{headers.Count - unasked.Count:N0} asked" + (staged > 0 ? $"; {staged:N0} of all began on trial" : ""));
        foreach (var reason in unasked.GroupBy(rule => rule.Reason, StringComparer.Ordinal)) Line(console, "", $"{reason.Count():N0} not asked: {reason.Key}");
        var loud = report.Staged.Where(rule => rule.Findings.Count > 0).ToList();
        foreach (var rule in loud.Take(MostLines)) Line(console, "on trial", $"{rule.Title}: {Count.Of(rule.Trial.Findings, "finding")} {(rule.Trial.Promoted ? "reported" : "held back")}; {rule.Trial.Why}");
        More(console, loud.Count);
        foreach (var rule in report.Staged.Except(loud).GroupBy(rule => rule.Trial.Why, StringComparer.Ordinal)) Line(console, "on trial", $"{Count.Of(rule.Count(), "rule")} found nothing; {rule.Key}");
        if (loud.Any(rule => !rule.Trial.Promoted)) Line(console, "", "--staged FILE writes out what is held back");
        if (report.Staged.Any(rule => rule.Trial.Promoted)) Line(console, "", "what is within its budget is reported; `status: stable` in its file ends the trial");
    }

    private static void Findings(IAnsiConsole console, ScanReport report)
    {
        var current = report.Findings.Where(f => !f.Service.Archived).ToList();
        var levels = current.GroupBy(f => Core.Findings.SeverityExtensions.ToLevel(f.Severity)).OrderByDescending(g => g.Key).Select(g => $"{g.Count()} {g.Key}");
        var suppressed = report.Findings.Count - current.Count;
        Line(console, "findings", (current.Count == 0 ? "none" : string.Join(", ", levels)) + (suppressed > 0 ? $"; {suppressed} suppressed" : ""));
    }

    private static void Line(IAnsiConsole console, string label, string text)
    {
        if (Console.IsErrorRedirected)
        {
            Terminal.WriteLine(console, $"{label,12}  {Terminal.Markup(text)}");
            return;
        }
        // What is wrapped stays right of the labels.
        var line = new Grid().AddColumn(new GridColumn { Width = 12, Padding = new(0, 0, 2, 0), Alignment = Justify.Right, NoWrap = true }).AddColumn(new GridColumn { Padding = new(0, 0, 0, 0) });
        console.Write(line.AddRow($"[dim]{label}[/]", Terminal.Markup(text)));
    }

    private static void More(IAnsiConsole console, long count)
    {
        if (count > MostLines) Line(console, "", $"… and {count - MostLines:N0} more");
    }

    private static string Name(LogType type) => type switch
    {
        LogType.CloudTrail => "CloudTrail",
        LogType.VpcFlow => "VPC flow",
        LogType.Route53Resolver => "DNS",
        LogType.S3Access => "S3 access",
        LogType.CloudTrailDigest => "digests",
        LogType.CloudTrailInsight => "Insights",
        LogType.CloudTrailNetworkActivity => "net activity",
        LogType.EksAudit => "EKS audit",
        LogType.GuardDutyFinding => "GuardDuty",
        LogType.BedrockInvocation => "Bedrock",
        LogType.SecurityHubFinding => "Security Hub",
        _ => type.ToString().ToUpperInvariant(),
    };

    private static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes:N0} bytes",
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:N0} kB"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N1} GB"),
    };
}
