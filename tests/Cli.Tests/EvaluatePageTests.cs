using System.Text;
using Yagura.Tests;

namespace Yagura.Cli.Tests;

/// <summary>What <c>docs/evaluate.md</c> shows is so.</summary>
public sealed class EvaluatePageTests
{
    [Fact]
    public async Task The_example_on_the_page_is_what_the_program_says()
    {
        var page = (await File.ReadAllTextAsync(Repository.Path("docs/evaluate.md"), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        using var scratch = new Scratch();
        var truth = scratch.Add("truth.jsonl", Encoding.UTF8.GetBytes(Block(page, "json")));
        var shown = Block(page, "console").Split('\n');
        var arguments = shown[0].Split(' ').Skip(2).Select(word => word == "truth.jsonl" ? truth : word.StartsWith("samples/", StringComparison.Ordinal) ? Repository.Path(word) : word);
        var (exit, output, error) = await Program.Run([.. arguments]);
        Assert.Equal((0, ""), (exit, error));
        var lines = output.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).ToList();
        // Scores change with every baseline that is learnt otherwise; the page leaves them out.
        var (scores, missed) = (lines.FindIndex(line => line.StartsWith("  Scores", StringComparison.Ordinal)), lines.IndexOf("Missed"));
        if (scores >= 0) lines.RemoveRange(scores, missed - scores);
        Assert.Equal(string.Join('\n', shown.Skip(1)), string.Join('\n', lines).Trim('\n'));
    }

    private static string Block(string page, string language)
    {
        var start = page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return page[start..page.IndexOf("\n```", start, StringComparison.Ordinal)];
    }
}
