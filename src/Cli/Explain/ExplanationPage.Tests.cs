using CsCheck;
using Spectre.Console;
using Yagura.Cli.Output;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Tests;

namespace Yagura.Cli.Explain;

public sealed class ExplanationPageTests
{
    [Fact]
    public void Unusual_behaviour_is_explained_to_its_end() => Snapshot.Match("behaviour.txt", Page(SampleFindings.Behaviour));

    [Fact]
    public void It_is_explained_in_japanese() => Snapshot.Match("behaviour.ja.txt", Page(SampleFindings.Behaviour, Language.Ja));

    [Fact]
    public void A_connection_is_explained_by_its_ends_and_its_list() => Snapshot.Match("connection.txt", Page(SampleFindings.Connection));

    [Fact]
    public void A_sequence_is_told_step_by_step() => Snapshot.Match("sequence.txt", Page(SampleFindings.Sequence));

    [Fact]
    public void What_little_is_known_is_said()
    {
        var anomaly = SampleFindings.Behaviour.Explanation.Anomaly!;
        var young = SampleFindings.Behaviour with { Explanation = SampleFindings.Behaviour.Explanation with { Anomaly = anomaly with { History = anomaly.History! with { Days = 3 } } } };
        Assert.Contains("Its own history decides from 14 days on", Page(young, width: 160), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_learnt_no_progress_is_told()
    {
        var counted = SampleFindings.Connection with
        {
            Explanation = SampleFindings.Connection.Explanation with { Anomaly = Anomaly.OfAmount("ports of one host tried in vain within a day", "1,062 of 198.51.100.7", 1_062, 50, "ports", "fewer than 50 ports") },
        };
        var page = Page(counted);
        Assert.Contains("1,062 ports; from 50 on it is a finding.", page, StringComparison.Ordinal);
        Assert.Contains("fewer than 50 ports", page, StringComparison.Ordinal);
        Assert.DoesNotContain("How much is known", page, StringComparison.Ordinal);
        Assert.Contains("1,062 ポート（50 以上で検出）", Page(counted, Language.Ja), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_a_log_holds_reaches_the_terminal_as_a_command() => Gen.Select(SampleFindings.Any, Gen.Int[Terminal.LeastWidth, 200], Gen.Enum<Language>()).Sample((finding, width, language) =>
        Assert.DoesNotContain(Page(finding, language, width), character => char.IsControl(character) && character != '\n'), iter: 1_000);

    [Fact]
    public void Nor_does_it_from_the_table_of_findings() => Gen.Select(SampleFindings.Any.List[1, 3], Gen.Int[Terminal.LeastWidth, 200]).Sample((findings, width) =>
        Assert.DoesNotContain(Written(width, console => FindingTable.Write(console, [.. findings.Select(Countable)], AccountNames.None)), character => char.IsControl(character) && character != '\n'), iter: 1_000);

    [Fact]
    public void A_page_fits_its_width() => Assert.All(
        Page(SampleFindings.Behaviour, width: 80).Split('\n').Concat(Page(SampleFindings.Connection, width: 80).Split('\n')), line => Assert.True(line.Length <= 80, line));

    [Fact]
    public void Every_guide_is_found_by_the_name_of_its_type()
    {
        Assert.StartsWith("# Recon:EC2/Portscan\n", Guides.Of(new FindingType("Recon:EC2/Portscan"), "ja")!.Value.Text, StringComparison.Ordinal);
        Assert.NotNull(Guides.Of(new FindingType("Backdoor:EC2/C&CActivity.B!DNS"), "en"));
        Assert.Null(Guides.Of(new FindingType("No:Such/Type"), "en"));
    }

    // What a scan counts: the table gives all of its width to a number of 19 digits.
    private static Finding Countable(Finding finding) => finding with { Service = finding.Service with { Count = finding.Service.Count % 1_000_000_000 } };

    private static string Page(Finding finding, Language language = Language.En, int width = 80)
    {
        const string Guide = "# The type\n\nWhat it means.\n\n## What to do now\n\n1. Ask the owner.\n";
        return Written(width, console => new ExplanationPage(console, Words.Of(language)).Write(finding, Guide, isTranslated: language == Language.En));
    }

    internal static string Written(int width, Action<IAnsiConsole> write)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        write(console);
        return string.Join('\n', text.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd(' ')));
    }
}
