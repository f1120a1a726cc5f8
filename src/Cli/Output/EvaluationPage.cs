using System.Globalization;
using Spectre.Console;
using Yagura.Engine.Evaluation;

namespace Yagura.Cli.Output;

/// <summary>The result of <c>yagura evaluate</c> for people.</summary>
internal static class EvaluationPage
{
    private const int MostShown = 20, MostText = 160;

    public static void Write(IAnsiConsole console, EvaluationReport report)
    {
        WriteTypes(console, report);
        var facts = new Grid().AddColumn(new GridColumn { Padding = new(0, 0, 2, 0), NoWrap = true, Alignment = Justify.Right }).AddColumn(new GridColumn { Padding = new(0, 0, 0, 0) });
        void Fact(string label, string text) => facts.AddRow($"[dim]{label}[/]", Terminal.Markup(text));
        Fact("recall", Share(report.All.Recall));
        foreach (var (basis, recall) in report.Bases) Fact("", $"{Share(recall)}: {Terminal.Cut(basis, MostText)}");
        Fact("precision", Share(report.All.Precision));
        Fact("false", string.Create(CultureInfo.InvariantCulture, $"{Rate(report.All.Wrong, report.Records)} of 100,000 records; {report.Records:N0} were read"));
        console.Write(facts);
        WriteScores(console, report.Scores);
        WriteMissed(console, report);
        WriteFindings(console, report, Verdict.Wrong, "False findings");
        WriteFindings(console, report, Verdict.OtherType, "Right about the records, of a type that the truth does not name");
    }

    private static void WriteTypes(IAnsiConsole console, EvaluationReport report)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("Type").Padding(0, 0, 1, 0));
        foreach (var name in new[] { "Planted", "Found", "Missed", "False (/100k)", "Other", "After" }) table.AddColumn(new TableColumn(name).RightAligned().NoWrap().Padding(0, 0, 1, 0));
        foreach (var type in report.Types) AddRow(table, type, report.Records);
        if (report.Types.Count > 1) AddRow(table, report.All, report.Records, "bold");
        console.Write(table);
    }

    private static void AddRow(Table table, TypeResult type, long records, string style = "default") => table.AddRow(
        $"[{style}]{Terminal.Markup(type.Type)}[/]", Number(type.Planted), Number(type.Found), Number(type.Missed, "yellow"),
        Number(type.Wrong, "red") + (type.Wrong == 0 ? "" : $" ({Rate(type.Wrong, records)})"), Number(type.OtherType), type.Median is { } median ? Time(median) : "");

    private static void WriteScores(IAnsiConsole console, IReadOnlyList<ScoreSpread> scores)
    {
        if (scores.Count == 0) return;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("Scores"));
        foreach (var name in new[] { "Count", "Least", "10 %", "Median", "90 %", "99 %", "Most" }) table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach (var score in scores)
        {
            void Row(string whose, Spread? spread) => table.AddRow(
                [Terminal.Markup($"{score.Of}: {whose}"), .. spread is null ? ["0", "", "", "", "", "", ""] : (string[])[Number(spread.Count), .. new[] { spread.Least, spread.P10, spread.Median, spread.P90, spread.P99, spread.Most }.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture))]]);
            Row("malicious", score.Malicious);
            Row("benign", score.Benign);
            if (score.Separation is { } area) table.AddRow(string.Create(CultureInfo.InvariantCulture, $"[dim]a malicious one is higher in {area:0.0 %} of pairs[/]"));
        }
        console.Write(table);
    }

    private static void WriteMissed(IAnsiConsole console, EvaluationReport report)
    {
        var missed = report.Lines.Where(line => line.IsMissed).ToList();
        if (missed.Count == 0) return;
        console.MarkupLine("\n[bold]Missed[/]");
        foreach (var line in missed.Take(MostShown))
        {
            var label = line.Truth.Label is { } text ? $": {Terminal.Cut(text, MostText)}" : "";
            var nothing = line.Records == 0 ? " (no record that was read fits the line)" : "";
            Terminal.WriteLine(console, string.Create(CultureInfo.InvariantCulture, $"  line {line.Truth.Line}  {Terminal.Markup(line.Truth.Types[0])}{Terminal.Markup(label)}[yellow]{nothing}[/]"));
        }
        More(console, missed.Count);
    }

    private static void WriteFindings(IAnsiConsole console, EvaluationReport report, Verdict verdict, string heading)
    {
        var findings = report.Findings.Where(finding => finding.Verdict == verdict).Select(finding => finding.Finding).ToList();
        if (findings.Count == 0) return;
        console.MarkupLine($"\n[bold]{heading}[/]");
        foreach (var finding in findings.Take(MostShown))
        {
            var resource = Terminal.Cut(FindingText.Resource(finding), MostText);
            Terminal.WriteLine(console, $"  [dim]{Terminal.Markup(finding.Id)}[/]  {Terminal.Markup(finding.Type.Name)}  {Terminal.Markup(resource)} [dim]in[/] {Terminal.Markup(finding.AccountId)}");
            Terminal.WriteLine(console, $"    [dim]{Terminal.Markup(Terminal.Cut(finding.Explanation.Why, MostText))}[/]");
        }
        More(console, findings.Count);
    }

    private static void More(IAnsiConsole console, int count)
    {
        if (count > MostShown) console.WriteLine($"  … and {count - MostShown:N0} more (--format json has all)");
    }

    private static string Number(int number, string style = "default") => number == 0 ? "[dim]0[/]" : string.Create(CultureInfo.InvariantCulture, $"[{style}]{number:N0}[/]");

    private static string Rate(int number, long records) => records == 0 ? "0" : (number * 100_000.0 / records).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Share(Proportion share) => share.All == 0 ? "none to go by"
        : string.Create(CultureInfo.InvariantCulture, $"{share.Value:0.0 %} ({share.Of:N0} of {share.All:N0}; 95 %: {share.Low:0.0 %} to {share.High:0.0 %})");

    private static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} d"),
    };
}
