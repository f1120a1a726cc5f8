using System.Text.Json;
using Spectre.Console;
using Yagura.Cli.Import;

namespace Yagura.Cli.Output;

internal enum ImportFormat { Table, Json, Jsonl, Csv }

/// <summary>A setting, in <c>yagura import guardduty --format json</c>.</summary>
/// <param name="State">new, changed, same, refused or own.</param>
/// <param name="Failure">Why it was not taken over although it should; null where nothing went wrong.</param>
internal sealed record ImportRow(string Region, string Kind, string Name, string State, string Detail, string? Failure)
{
    public static ImportRow Of(ImportStep step, string? failure) => new(step.Region, step.Kind, step.Name, step.State.ToString().ToLowerInvariant(), step.Detail, failure);
}

internal static class ImportReport
{
    public static void Write(ImportFormat format, IReadOnlyList<ImportRow> rows)
    {
        switch (format)
        {
            case ImportFormat.Json: Console.Out.WriteLine(JsonSerializer.Serialize(rows, CliJson.Indented.IEnumerableImportRow)); break;
            case ImportFormat.Jsonl:
                foreach (var row in rows) Console.Out.WriteLine(JsonSerializer.Serialize(row, CliJson.Default.ImportRow));
                break;
            case ImportFormat.Csv:
                Console.Out.WriteLine("region,kind,name,state,detail,failure");
                foreach (var row in rows) Console.Out.WriteLine(string.Join(',', ((string[])[row.Region, row.Kind, row.Name, row.State, row.Detail, row.Failure ?? ""]).Select(FindingFormats.Cell)));
                break;
            case ImportFormat.Table when rows.Count > 0: WriteTable(rows); break;
            default: break;
        }
    }

    private static void WriteTable(IReadOnlyList<ImportRow> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("State").NoWrap());
        table.AddColumns("Region", "Kind", "Name", "Detail");
        foreach (var row in rows)
        {
            var detail = row.Failure is { } failure ? $"[red]failed: {Terminal.Markup(failure)}[/]\n{Terminal.Markup(row.Detail)}" : Terminal.Markup(row.Detail);
            table.AddRow(State(row.State), Terminal.Markup(row.Region), Terminal.Markup(row.Kind), Terminal.Markup(row.Name), detail);
        }
        Terminal.Out.Write(table);
    }

    private static string State(string state) => state switch
    {
        "new" => "[green]new[/]",
        "changed" => "[yellow]changed[/]",
        "refused" => "[red]refused[/]",
        _ => $"[dim]{state}[/]",
    };
}
