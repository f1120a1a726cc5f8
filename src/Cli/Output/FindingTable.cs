using System.Globalization;
using Spectre.Console;
using Yagura.Core.Findings;

namespace Yagura.Cli.Output;

/// <summary>Findings for people: one block each, the gravest first.</summary>
internal static class FindingTable
{
    /// <summary>Characters of each text that the table shows: much of it is chosen by others. The JSON formats have all of it.</summary>
    private const int MostWhy = 160, MostName = 80;

    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings, AccountNames accounts)
    {
        if (findings.Count == 0)
        {
            console.WriteLine("No findings.");
            return;
        }
        var table = new Table { Border = TableBorder.Simple, Expand = false };
        table.AddColumn(new TableColumn("Severity").NoWrap());
        table.AddColumn("Finding");
        table.AddColumn(new TableColumn("Count").NoWrap().RightAligned());
        table.AddColumn(new TableColumn("First / last (UTC)").NoWrap());
        foreach (var (index, finding) in findings.Index())
        {
            if (index > 0) table.AddEmptyRow();
            table.AddRow(Severity(finding), What(finding, accounts), finding.Service.Count.ToString("N0", CultureInfo.InvariantCulture), When(finding));
        }
        console.Write(table);
    }

    private static string Severity(Finding finding)
    {
        var level = SeverityExtensions.ToLevel(finding.Severity);
        return $"[{Color(level)}]{level}[/]" + (finding.Service.Archived ? "\n[dim]suppressed[/]" : "");
    }

    /// <summary>The color of a level, as Spectre's markup names it.</summary>
    public static string Color(Severity level) => level switch
    {
        Core.Findings.Severity.Critical => "white on red",
        Core.Findings.Severity.High => "red",
        Core.Findings.Severity.Medium => "yellow",
        _ => "blue",
    };

    private static string What(Finding finding, AccountNames accounts)
    {
        var resource = Terminal.Cut(FindingText.Resource(finding), MostName);
        var actor = Terminal.Cut(FindingText.Actor(finding) ?? "", MostName);
        // The user of a key is both; it is named once.
        if (actor.StartsWith(resource + " ", StringComparison.Ordinal)) actor = actor[(resource.Length + 1)..];
        return $"[bold]{Terminal.Markup(finding.Type.Name)}[/]\n"
            + $"{Terminal.Markup(resource)} [dim]in[/] {Terminal.Markup(accounts.Label(finding.AccountId))} {Terminal.Markup(finding.Region)}"
            + (actor.Length > 0 ? $" [dim]·[/] {Terminal.Markup(actor)}" : "")
            + $"\n[dim]{Terminal.Markup(Terminal.Cut(finding.Explanation.Why, MostWhy))}[/]";
    }

    private static string When(Finding finding)
    {
        var first = finding.Service.EventFirstSeen.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var last = finding.Service.EventLastSeen.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return first == last ? first : $"{first}\n{last}";
    }
}
