using System.CommandLine;
using System.Text.Json;
using Yagura.Cli.Explain;
using Yagura.Cli.Output;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Rules;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura explain</c>: one finding for people, with what it rests on and what to do.</summary>
internal static class ExplainCommand
{
    private enum PageFormat { Text, Json }

    public static Command Create()
    {
        var id = new Argument<string?>("FINDING") { Description = "The finding's id, its beginning, or its ARN; not needed where the file holds one finding.", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<string>("--from") { Description = "Findings as `yagura scan --format json` or `jsonl` writes them; - for the standard input.", HelpName = "FILE", Required = true };
        var format = Choice.OrFirst<PageFormat>("--format", "How the explanation is written.");
        var language = Choice.OrFirst<Language>("--lang", "Language of headings and of the guide, where it has been translated.");
        var command = new Command("explain", "Show one finding with its evidence, what was usual, how the score adds up, and what to do.") { id, from, format, language };
        command.SetAction(parsed =>
        {
            var finding = FindingFile.Read(parsed.GetRequiredValue(from)).Find(parsed.GetValue(id));
            var lang = parsed.GetValue(language);
            var guide = GuideOf(finding, lang.ToString().ToLowerInvariant());
            if (parsed.GetValue(format) == PageFormat.Json) WriteJson(finding, guide);
            else new ExplanationPage(Terminal.Out, Words.Of(lang)).Write(finding, guide?.Text, isTranslated: guide?.Language != "en");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The guide of the shipped rule that made the finding, else of its type.</summary>
    private static (string Text, string Language)? GuideOf(Finding finding, string language)
    {
        var rule = finding.Service.AdditionalInfo.FirstOrDefault(member => member.Key == "ruleName").Value;
        var ofRule = rule is null ? null : ShippedRules.Load([ShippedRules.Word]).Headers.FirstOrDefault(header => RuleFacts.NameOf(header) == rule)?.Yagura.Guide;
        return ofRule is null ? Guides.Of(finding.Type, language) : (ofRule, "en");
    }

    private static void WriteJson(Finding finding, (string Text, string Language)? guide)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WritePropertyName("finding");
            FindingJson.Write(json, finding);
            if (guide is { } page)
            {
                json.WriteStartObject("guide");
                json.WriteString("language", page.Language);
                json.WriteString("text", page.Text);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }
}
