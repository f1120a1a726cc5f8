using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Yagura.Detectors.Rules;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Output;

/// <summary>How a list of rules is written to stdout.</summary>
internal enum RuleListFormat { Table, Json, Jsonl, Csv }

/// <summary>A rule or correlation as it is listed.</summary>
/// <param name="Kind">rule, part (it only feeds correlations) or correlation.</param>
/// <param name="Stage">trial, or live: it reports what it finds.</param>
/// <param name="NotAsked">Why no scan asks it; null where scans do.</param>
internal sealed record RuleRow(
    string File, string Title, string? Id, string Kind, string Source, string Level, string Status, string Stage, string Type, IReadOnlyList<string> Techniques, string? Budget, int Tests, string? NotAsked)
{
    public static RuleRow Of(LoadedRule loaded) => Of(
        loaded.File, loaded.Rule.Header, loaded.StandsAlone ? "rule" : "part", loaded.Rule.Source.ToString(), loaded.Rule.FindingType.Name, loaded.Rule.Tests.Count,
        RuleDetectors.WhyUnasked(loaded.Rule));

    public static RuleRow Of(LoadedCorrelation loaded)
    {
        var definition = loaded.Correlation.Definition;
        var sources = loaded.Correlation.Rules.Select(rule => rule.Source.ToString()).Distinct(StringComparer.Ordinal);
        return Of(loaded.File, definition.Header, "correlation", string.Join(' ', sources), loaded.Correlation.FindingType.Name, definition.Tests.Count, RuleDetectors.WhyUnasked(loaded.Correlation));
    }

    private static RuleRow Of(string file, RuleHeader header, string kind, string source, string type, int tests, string? notAsked) => new(
        file, header.Title, header.Id, kind, source, Word(header.Level), Word(header.Status), RuleStages.IsStaged(header) ? "trial" : "live", type,
        header.Techniques, header.Yagura.Budget?.ToString(), tests, notAsked);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

internal static class RuleList
{
    public static void Write(RuleListFormat format, IReadOnlyList<RuleRow> rows)
    {
        switch (format)
        {
            case RuleListFormat.Json: Console.Out.WriteLine(JsonSerializer.Serialize(rows, CliJson.Indented.IEnumerableRuleRow)); break;
            case RuleListFormat.Jsonl:
                foreach (var row in rows) Console.Out.WriteLine(JsonSerializer.Serialize(row, CliJson.Default.RuleRow));
                break;
            case RuleListFormat.Csv: WriteCsv(rows); break;
            case RuleListFormat.Table when rows.Count > 0: WriteTable(rows); break;
            default: break;
        }
    }

    private static void WriteCsv(IEnumerable<RuleRow> rows)
    {
        Console.Out.WriteLine("file,title,id,kind,source,level,status,stage,type,techniques,budget,tests,notAsked");
        foreach (var row in rows)
        {
            string[] cells =
            [
                row.File, row.Title, row.Id ?? "", row.Kind, row.Source, row.Level, row.Status, row.Stage, row.Type, string.Join(' ', row.Techniques), row.Budget ?? "",
                row.Tests.ToString(CultureInfo.InvariantCulture), row.NotAsked ?? "",
            ];
            Console.Out.WriteLine(string.Join(',', cells.Select(FindingFormats.Cell)));
        }
    }

    // What is long stands below each other, so that a narrow terminal breaks no word of it.
    private static void WriteTable(IEnumerable<RuleRow> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("Level").NoWrap());
        table.AddColumn("Rule");
        table.AddColumn(new TableColumn("Stage").NoWrap());
        table.AddColumn(new TableColumn("Tests").NoWrap().RightAligned());
        foreach (var row in rows)
        {
            var what = $"{Terminal.Markup(row.Title)}\n[dim]{Terminal.Markup(row.Type)}\n{Terminal.Markup(string.Join(" · ", Details(row)))}[/]";
            var tests = row is { Tests: 0, Kind: not "part" } ? "[yellow]0[/]" : row.Tests.ToString(CultureInfo.InvariantCulture);
            table.AddRow(Level(row.Level), what, Stage(row), tests);
        }
        Terminal.Out.Write(table);
    }

    private static string Stage(RuleRow row) => row switch
    {
        { Kind: "part" } => "[dim]part[/]",
        { NotAsked: not null } => "[dim]not asked[/]",
        _ => row.Stage,
    };

    private static IEnumerable<string> Details(RuleRow row)
    {
        yield return row.Source;
        if (row.Techniques.Count > 0) yield return string.Join(' ', row.Techniques);
        if (row.Budget is not null) yield return row.Budget;
    }

    private static string Level(string word) => word switch
    {
        "critical" => $"[white on red]{word}[/]",
        "high" => $"[red]{word}[/]",
        "medium" => $"[yellow]{word}[/]",
        _ => $"[blue]{word}[/]",
    };
}
