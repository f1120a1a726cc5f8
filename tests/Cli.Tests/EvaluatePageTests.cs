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
        Assert.Equal(string.Join('\n', shown.Skip(1)), string.Join('\n', output.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n'));
    }

    private static string Block(string page, string language)
    {
        var start = page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return page[start..page.IndexOf("\n```", start, StringComparison.Ordinal)];
    }
}
