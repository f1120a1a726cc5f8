using System.Globalization;
using System.Text;
using System.Text.Json;
using Yagura.Core.Findings;

namespace Yagura.Cli.Output;

/// <summary>How findings are written to stdout.</summary>
internal enum FindingFormat { Table, Json, Jsonl, Csv, Asff, Ocsf }

internal static class FindingFormats
{
    public static void Write(FindingFormat format, IReadOnlyList<Finding> findings, AccountNames accounts)
    {
        switch (format)
        {
            case FindingFormat.Table: FindingTable.Write(Terminal.Out, findings, accounts); break;
            case FindingFormat.Json: WriteArray(findings, FindingJson.Write); break;
            case FindingFormat.Asff: WriteArray(findings, AsffJson.Write); break;
            case FindingFormat.Ocsf: WriteLines(findings, OcsfJson.Write); break;
            case FindingFormat.Jsonl: WriteLines(findings, FindingJson.Write); break;
            case FindingFormat.Csv: WriteCsv(findings); break;
            default: throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static void WriteArray(IReadOnlyList<Finding> findings, Action<Utf8JsonWriter, Finding> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var finding in findings) write(json, finding);
            json.WriteEndArray();
        }
        output.WriteByte((byte)'\n');
    }

    /// <summary>Findings in GuardDuty's JSON, one a line.</summary>
    public static void WriteLines(Stream to, IEnumerable<Finding> findings) => WriteLines(to, findings, FindingJson.Write);

    private static void WriteLines(IReadOnlyList<Finding> findings, Action<Utf8JsonWriter, Finding> write) => WriteLines(Console.OpenStandardOutput(), findings, write);

    private static void WriteLines(Stream to, IEnumerable<Finding> findings, Action<Utf8JsonWriter, Finding> write)
    {
        using var output = new BufferedStream(to, 1 << 16);
        using var json = new Utf8JsonWriter(output);
        foreach (var finding in findings)
        {
            write(json, finding);
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    private static void WriteCsv(IReadOnlyList<Finding> findings)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        output.WriteLine("severity,type,account,region,resource,actor,count,first_seen,last_seen,archived,id,why");
        foreach (var f in findings)
        {
            string[] cells =
            [
                f.Severity.ToString(CultureInfo.InvariantCulture), f.Type.Name, f.AccountId, f.Region, FindingText.Resource(f), FindingText.Actor(f) ?? "",
                f.Service.Count.ToString(CultureInfo.InvariantCulture), FindingJson.Iso(f.Service.EventFirstSeen), FindingJson.Iso(f.Service.EventLastSeen),
                f.Service.Archived ? "true" : "false", f.Id, f.Explanation.Why,
            ];
            output.WriteLine(string.Join(',', cells.Select(Cell)));
        }
    }

    // A cell that a spreadsheet would take for a formula is kept as text: much of this was typed by attackers. In Japanese a spreadsheet takes the wide signs too.
    internal static string Cell(string text)
    {
        text = Terminal.Safe(text);
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠') text = "'" + text;
        return text.AsSpan().ContainsAny("\",") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
