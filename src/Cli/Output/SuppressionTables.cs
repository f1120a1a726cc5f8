using System.Globalization;
using Spectre.Console;
using Yagura.Api.Suppressions;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Suppressions;

namespace Yagura.Cli.Output;

/// <summary>Suppression rules and what they did, for people.</summary>
internal static class SuppressionTables
{
    private const int MostReason = 60, MostTitle = 80, MostReal = 10;

    public static void Write(IReadOnlyList<ReportedSuppression> all)
    {
        if (all.Count == 0)
        {
            Console.Error.WriteLine("There are no suppression rules; `yagura suppressions add` makes one.");
            return;
        }
        var table = new Table().AddColumns("rule", "account", "state", "until", "owner", "hid", "last", "reason");
        foreach (var one in all)
        {
            var rule = one.Rule;
            table.AddRow(
                Terminal.Markup(rule.Key.Name), Terminal.Markup($"{rule.Key.Account} {rule.Key.Region}"), State(one.State), Day(rule.Expires.AddTicks(-1)), Terminal.Markup(rule.Owner), Hid(one.Tally),
                one.Tally is { } tally ? Minute(tally.Last) : "never", Terminal.Markup(Terminal.Cut(rule.Reason, MostReason)));
        }
        Terminal.Out.Write(table);
        foreach (var one in all)
            foreach (var change in one.Changes) Warn($"{one.Rule.Key.Name}: {change.Why}, since {Minute(change.First)}");
    }

    public static void Write(ReportedSuppression one)
    {
        var (rule, tally) = (one.Rule, one.Tally);
        var grid = new Grid().AddColumn().AddColumn();
        grid.AddRow("rule", $"[bold]{Terminal.Markup(rule.Key.Name)}[/] {State(one.State)}");
        grid.AddRow("account", Terminal.Markup($"{rule.Key.Account} {rule.Key.Region}"));
        grid.AddRow("owner", Terminal.Markup(rule.Owner));
        grid.AddRow("reason", Terminal.Markup(rule.Reason));
        grid.AddRow("made", Minute(rule.Key.Made));
        grid.AddRow("reviewed", Minute(rule.Reviewed));
        grid.AddRow("expires", Minute(rule.Expires));
        grid.AddRow("rank", Number(rule.Rank));
        grid.AddRow("criteria", Terminal.Markup(rule.CriteriaJson));
        grid.AddRow("hid", Hid(tally));
        if (tally is not null) grid.AddRow("from, to", $"{Minute(tally.First)}, {Minute(tally.Last)}");
        Terminal.Out.Write(grid);
        foreach (var change in one.Changes) Warn($"{change.Why}, since {Minute(change.First)}");
    }

    public static void Write(IReadOnlyList<HiddenFinding> hidden)
    {
        if (hidden.Count == 0)
        {
            Console.Error.WriteLine("It has met nothing.");
            return;
        }
        var table = new Table().AddColumns("finding", "type", "severity", "first", "last", "hidden", "in shadow");
        foreach (var one in hidden)
        {
            table.AddRow(one.FindingId, Terminal.Markup(one.Type), Level(SeverityExtensions.ToLevel(one.Severity)), Minute(one.First), Minute(one.Last), Number(one.Occurrences), Number(one.ShadowOccurrences));
        }
        Terminal.Out.Write(table);
    }

    public static void Write(SuppressionPreview preview)
    {
        if (preview.Findings == 0)
        {
            Console.Error.WriteLine("It would have hidden nothing.");
            return;
        }
        foreach (var warning in preview.Warnings) Warn(warning);
        if (preview.Real.Count > 0)
        {
            var real = new Table { Title = new("marked as real") }.AddColumns("finding", "severity", "last", "title");
            foreach (var finding in preview.Real.Take(MostReal))
            {
                real.AddRow(finding.Id, Level(SeverityExtensions.ToLevel(finding.Severity)), Minute(finding.Service.EventLastSeen), Terminal.Markup(Terminal.Cut(finding.Title, MostTitle)));
            }
            Terminal.Out.Write(real);
        }
        var table = new Table { Title = new(preview.IsWhole ? $"{Number(preview.Findings)} findings" : $"more than {Number(preview.Findings)} findings") }
            .AddColumns("type", "severity", "findings", "occurrences", "marked as real", "last");
        foreach (var group in preview.Groups)
        {
            table.AddRow(Terminal.Markup(group.Type.Name), Level(group.Severity), Number(group.Findings), Number(group.Occurrences), Number(group.Real), Minute(group.Last));
        }
        Terminal.Out.Write(table);
    }

    private static void Warn(string warning) => Terminal.WriteLine(Terminal.Out, $"[yellow]warning:[/] {Terminal.Markup(warning)}");

    private static string Hid(SuppressionTally? tally) => tally switch
    {
        null => "nothing",
        { ShadowFindings: 0 } => Count(tally.Findings, tally.Occurrences),
        { Findings: 0 } => $"would {Count(tally.ShadowFindings, tally.ShadowOccurrences)}",
        _ => $"{Count(tally.Findings, tally.Occurrences)}, would {Count(tally.ShadowFindings, tally.ShadowOccurrences)}",
    };

    private static string Count(long findings, long occurrences) => findings == occurrences ? Number(findings) : $"{Number(findings)} ({Number(occurrences)} times)";

    private static string State(SuppressionState state) => state switch
    {
        SuppressionState.Active => "[green]active[/]",
        SuppressionState.Shadow => "[blue]shadow[/]",
        SuppressionState.Expired => "[red]expired[/]",
        SuppressionState.Unreadable => "[red]unreadable[/]",
    };

    private static string Level(Severity level) => $"[{FindingTable.Color(level)}]{level}[/]";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
