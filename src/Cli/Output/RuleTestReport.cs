using Spectre.Console;
using Yagura.Matching.Sigma.Testing;

namespace Yagura.Cli.Output;

/// <summary>The results of one rule's tests.</summary>
/// <param name="Condition">As written; empty for a correlation.</param>
internal sealed record RuleSuite(string File, string Title, string Condition, IReadOnlyList<RuleTestResult> Results)
{
    /// <summary>The rule only feeds correlations, whose tests are its own.</summary>
    public bool IsPart { get; init; }
}

/// <summary>Shows the tests that failed, each with what decided: which selection held, and which value was seen.</summary>
internal static class RuleTestReport
{
    private const int LongestValue = 60;

    public static void Write(RuleSuite suite)
    {
        foreach (var result in suite.Results.Where(result => !result.Passed))
        {
            Terminal.WriteLine(Terminal.Out, $"[red]FAIL[/]  {Terminal.Markup($"{result.Test.File ?? suite.File}:{result.Test.Line}")}  [bold]{Terminal.Markup(suite.Title)}[/]: {Terminal.Markup(result.Test.Name)}");
            foreach (var line in Explain(suite, result)) Terminal.WriteLine(Terminal.Out, "      " + line);
        }
    }

    /// <summary>The same in plain words, for a file.</summary>
    public static string Plain(RuleSuite suite, RuleTestResult result) => string.Join('\n', Explain(suite, result).Select(Markup.Remove));

    private static IEnumerable<string> Explain(RuleSuite suite, RuleTestResult result)
    {
        if (result.Fault is not null)
        {
            yield return Terminal.Markup(result.Fault);
            yield break;
        }
        yield return result.Test.Match ? "expected a match, and there was none" : "expected no match, and there was one";
        if (result.Seen is not null) yield return Terminal.Markup(result.Seen);
        if (suite.Condition.Length > 0) yield return $"condition: {Terminal.Markup(Terminal.Cut(suite.Condition, 2 * LongestValue))}";
        foreach (var selection in result.Selections)
        {
            yield return $"  {Sign(selection.Held)} {Terminal.Markup(selection.Name)}";
            foreach (var (items, at) in selection.AnyOf.Select((items, at) => (items, at)))
            {
                if (at > 0) yield return "      or";
                foreach (var item in items)
                {
                    var key = item.Item.Key.Length == 0 ? "keywords" : item.Item.Key;
                    var wanted = Terminal.Cut(string.Join(" | ", item.Item.Values), LongestValue);
                    var seen = item.Seen switch
                    {
                        null => "",
                        [] => "  [dim]seen nothing[/]",
                        var values => $"  [dim]seen[/] {Terminal.Markup(Terminal.Cut(string.Join(", ", values), LongestValue))}",
                    };
                    yield return $"      {Sign(item.Held)} {Terminal.Markup(key)}: {Terminal.Markup(wanted)}{seen}";
                }
            }
        }
    }

    private static string Sign(bool held) => held ? "[green]+[/]" : "[red]-[/]";
}
