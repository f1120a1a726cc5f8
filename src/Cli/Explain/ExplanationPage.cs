using System.Globalization;
using Spectre.Console;
using Yagura.Cli.Output;
using Yagura.Core;
using Yagura.Core.Findings;

namespace Yagura.Cli.Explain;

/// <summary>One finding as a person reads it: what was found, why, how strange it is, on which records it rests, and what to do.</summary>
internal sealed class ExplanationPage(IAnsiConsole console, Words words)
{
    /// <summary>Characters of one value from a log; the JSON has all of it.</summary>
    private const int MostText = 240;

    /// <summary>Characters of a sentence that says how it came about.</summary>
    private const int MostSentence = 1_000;

    /// <summary>Characters of a name that stands before a value.</summary>
    private const int MostLabel = 40;

    private const int BarCells = 24;

    public void Write(Finding finding, string? guide, bool isTranslated)
    {
        WriteHead(finding);
        if (finding.Service.Sequence is { } sequence) WriteSteps(sequence);
        if (finding.Explanation.Anomaly is { } anomaly)
        {
            WriteScore(anomaly);
            WriteComparisons(anomaly);
            if (anomaly.Profile is { } profile) WriteBehaviour(profile);
            if (anomaly.History is { } history)
            {
                Heading(words.Learning);
                Paragraph($"{Shown(history.Entity)}\n{Shown(words.Known(history))}");
            }
            WriteQuiet(anomaly.Quiet);
        }
        WriteEvidence(finding);
        Heading(words.Guide);
        if (guide is null) Paragraph(Shown(words.NoGuide));
        else
        {
            if (!isTranslated && words.GuideInEnglish.Length > 0) Paragraph($"[dim]{words.GuideInEnglish}[/]\n");
            MarkdownText.Write(console, guide);
        }
    }

    private void WriteHead(Finding finding)
    {
        var service = finding.Service;
        var level = SeverityExtensions.ToLevel(finding.Severity);
        Terminal.WriteLine(console, $"[{FindingTable.Color(level)}] {words.Level(level)} [/] [bold]{Shown(finding.Type.Name)}[/]{(service.Archived ? $" [dim]({words.Suppressed})[/]" : "")}");
        console.Write(new Markup(Shown(finding.Title) + "\n"));
        console.WriteLine();
        var facts = Columns(right: true);
        void Fact(string label, string? value)
        {
            if (value is { Length: > 0 }) facts.AddRow($"[dim]{label}[/]", Shown(value));
        }
        facts.AddRow($"[dim]{words.Why}[/]", Sentence(finding.Explanation.Why));
        Fact(words.Seen, words.Span(Time(service.EventFirstSeen), Time(service.EventLastSeen), service.Count, finding.Explanation.CountIsEstimate));
        Fact(words.Resource, FindingText.Resource(finding));
        Fact(words.Actor, FindingText.Actor(finding));
        Fact(words.Action, Action(service.Action));
        Fact(words.Lists, string.Join(", ", service.ThreatIntelligence.Select(threat => threat.ThreatNames.Count == 0 ? threat.ThreatListName : $"{threat.ThreatListName} ({string.Join(", ", threat.ThreatNames)})")));
        Fact(words.Account, $"{finding.AccountId} {finding.Region}");
        Fact(words.Finding, finding.Id);
        console.Write(facts);
    }

    private void WriteSteps(AttackSequence sequence)
    {
        Heading(words.Steps);
        var steps = new Grid().AddColumn(Column(left: 2).NoWrap()).AddColumn(Column());
        foreach (var signal in sequence.Signals)
        {
            var level = signal.Severity is { } severity ? SeverityExtensions.ToLevel(severity) : (Severity?)null;
            steps.AddRow(Time(signal.FirstSeen), $"[bold]{Shown(signal.Name)}[/]{(level is { } known ? $" [{FindingTable.Color(known)}]{words.Level(known)}[/]" : "")}");
            steps.AddRow("", Sentence(signal.Description));
        }
        console.Write(steps);
    }

    private static string? Action(FindingAction? action) => action switch
    {
        AwsApiCallAction call => $"{call.Api} ({call.ServiceName})" + (call.ErrorCode is { } error ? $", {error}" : "") + (call.UserAgent is { } agent ? $" · {agent}" : ""),
        NetworkConnectionAction connection => $"{connection.Protocol} {End(connection.LocalIp, connection.LocalPort)} "
            + connection.Direction switch { ConnectionDirection.Inbound => "←", ConnectionDirection.Outbound => "→", _ => "–" }
            + $" {End(connection.RemoteIp.Address, connection.RemotePort)}",
        PortProbeAction probe => string.Join(", ", probe.Probes.Select(one => $"{End(one.LocalIp, one.LocalPort)} ← {one.RemoteIp.Address}")),
        DnsRequestAction dns => $"{dns.Domain} ({dns.Protocol})",
        _ => null,
    };

    private static string End(IpAddress address, int? port) => port is null ? address.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{(address.IsV4 ? address.ToString() : $"[{address}]")}:{port}");

    private void WriteScore(Anomaly anomaly)
    {
        Heading(words.Score);
        Paragraph(Shown(words.Reached(Score(anomaly.Score, anomaly.Unit), Score(anomaly.Threshold, anomaly.Unit), anomaly.Unit)));
        console.WriteLine();
        var parts = new Grid().AddColumn(Column(left: 2).NoWrap()).AddColumn(Column().RightAligned().NoWrap()).AddColumn(Column().NoWrap());
        var most = anomaly.Parts.Select(part => Math.Abs(part.Score)).DefaultIfEmpty(0).Max();
        foreach (var part in anomaly.Parts) parts.AddRow(Label(part.Feature), Signed(part.Score, anomaly.Unit), Bar(part.Score, most));
        if (anomaly.Parts.Count > 1) parts.AddRow($"[dim]{words.Sum}[/]", $"[bold]{Score(anomaly.Score, anomaly.Unit)}[/]", "");
        console.Write(parts);
    }

    private static string Bar(double score, double most)
    {
        if (most <= 0 || !double.IsFinite(most)) return "";
        var halves = (int)Math.Round(2 * BarCells * Math.Abs(score) / most);
        var bar = new string('█', halves / 2) + (halves % 2 == 1 ? "▌" : "");
        return score < 0 ? $"[green]{bar.Replace('█', '▒').Replace('▌', '▒')}[/]" : $"[yellow]{bar}[/]";
    }

    private void WriteComparisons(Anomaly anomaly)
    {
        if (anomaly.Parts.All(part => part.Compared.Count == 0)) return;
        Heading(words.Compared);
        foreach (var (index, part) in anomaly.Parts.Where(part => part.Compared.Count > 0).Index())
        {
            if (index > 0) console.WriteLine();
            Paragraph($"{Shown(part.Feature)}: [bold]{Shown(part.Seen)}[/]");
            var levels = new Grid().AddColumn(Column(left: 4).NoWrap()).AddColumn(Column());
            foreach (var level in part.Compared)
            {
                // The entity itself is named below, with how much is known of it.
                var whom = level.Whom.Length == 0 || level.Whom == anomaly.History?.Entity ? null : Shown(level.Whom);
                var usual = level.Usual is { } amounts ? words.Usual(amounts) : level.DaysSeen is null && whom is not null ? null : words.DaysSeen(level);
                levels.AddRow($"[dim]{Label(words.LevelOf(level.Level))}[/]", usual is null ? whom! : Shown(usual) + (whom is null ? "" : $" [dim]· {whom}[/]"));
            }
            console.Write(levels);
        }
    }

    private void WriteBehaviour(BehaviourProfile profile)
    {
        Heading(words.Behaviour);
        if (profile.IsUnusualUserIdentity) Paragraph($"[yellow]{Shown(words.NewCaller)}[/]");
        var rows = new Grid().AddColumn(Column(left: 2)).AddColumn(Column().NoWrap()).AddColumn(Column());
        foreach (var values in profile.Usual)
        {
            var label = words.KindAt(values.Kind, values.Scope);
            void Row(string often, IReadOnlyList<string> some, string style = "default")
            {
                if (some.Count == 0) return;
                rows.AddRow(Shown(label), $"[{style}]{often}[/]", $"[{style}]{Shown(string.Join(", ", some))}[/]");
                label = "";
            }
            Row(words.Unusual, values.Unusual, "yellow");
            Row(words.Often, values.Frequent);
            Row(words.Sometimes, values.Infrequent);
            Row(words.Rarely, values.Rare);
        }
        foreach (var volume in profile.Volumes) rows.AddRow(Shown(words.Calls), "", Shown(words.Volume(volume)));
        console.Write(rows);
    }

    private void WriteQuiet(IReadOnlyList<string> quiet)
    {
        if (quiet.Count == 0) return;
        Heading(words.Quiet);
        var list = new Grid().AddColumn(Column(left: 2).NoWrap()).AddColumn(Column());
        foreach (var sentence in quiet) list.AddRow("-", Shown(sentence));
        console.Write(list);
    }

    private void WriteEvidence(Finding finding)
    {
        var records = finding.Explanation.Evidence;
        Heading($"{words.Evidence} [dim]({words.Records(records.Count, finding.Service.Count)})[/]");
        foreach (var record in records)
        {
            console.Write(new Grid().AddColumn(Column(left: 2).NoWrap()).AddColumn(Column()).AddRow(Time(record.Time), Shown(record.Summary)));
            // A path is copied: the terminal may wrap it, we do not.
            Terminal.WriteLine(console, $"    [dim]{Terminal.Markup(string.Create(CultureInfo.InvariantCulture, $"{record.Object}:{record.Record}"))}[/]");
        }
    }

    private void Heading(string markup)
    {
        console.WriteLine();
        console.MarkupLine($"[bold underline]{markup}[/]");
    }

    private void Paragraph(string markup) => console.Write(new Padder(new Markup(markup), new Padding(2, 0, 0, 0)));

    private static Grid Columns(bool right)
    {
        var label = Column().NoWrap();
        return new Grid().AddColumn(right ? label.RightAligned() : label).AddColumn(Column());
    }

    private static GridColumn Column(int left = 0) => new() { Padding = new(left, 0, 2, 0) };

    private static string Shown(string text) => Terminal.Markup(Terminal.Cut(text, MostText));

    private static string Sentence(string text) => Terminal.Markup(Terminal.Cut(text, MostSentence));

    private static string Label(string text) => Terminal.Markup(Terminal.Cut(text, MostLabel));

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Score(double score, string unit) => score.ToString(unit switch { "share" => "0.00", "bits" or "bits of evidence" => "0.0", _ => "#,0" }, CultureInfo.InvariantCulture);

    private static string Signed(double score, string unit) => (score < 0 ? "−" : "+") + Score(Math.Abs(score), unit);
}
