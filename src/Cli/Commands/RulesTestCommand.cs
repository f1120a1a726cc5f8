using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Yagura.Cli.Output;
using Yagura.Engine.Rules;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Testing;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura rules test</c>: runs the tests that rules bring, once or at each change.</summary>
internal static class RulesTestCommand
{
    /// <summary>How often a watched folder is looked at.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.5);

    public static Command Create()
    {
        var folder = RulesCommand.Folder();
        var placeholders = RulesCommand.Placeholders();
        var junit = new Option<string?>("--junit") { Description = "Also write the results as JUnit XML.", HelpName = "FILE" };
        var watch = new Option<bool>("--watch") { Description = "Run them again at each change of the files, until Ctrl-C." };
        var command = new Command("test", "Run the tests that the rules bring. Ends with 1 where one fails or a rule cannot be loaded.") { folder, junit, watch, placeholders };
        command.SetAction(async (parsed, cancel) =>
        {
            var (path, options, report) = (parsed.GetRequiredValue(folder), RulesCommand.Options(parsed.GetValue(placeholders)), parsed.GetValue(junit));
            if (!parsed.GetValue(watch)) return Test(RulesCommand.Load(path, options), report).Exit;
            if (path == ShippedRules.Word) throw new UserError("--watch: the rules that come with Yagura do not change");
            return await Watch(path, options, report, TimeProvider.System, cancel);
        });
        return command;
    }

    private static (int Exit, string Summary) Test(SigmaRuleSet set, string? junit)
    {
        RuleProblems.Write(Terminal.Error, set.Problems.Where(problem => problem.Problem.IsError));
        var started = Stopwatch.GetTimestamp();
        var suites = set.Rules.Select(rule => new RuleSuite(rule.File, rule.Rule.Header.Title, rule.Rule.Detection.Written, RuleTester.Run(rule.Rule, rule.Rule.Tests)) { IsPart = !rule.StandsAlone })
            .Concat(set.Correlations.Select(one => new RuleSuite(one.File, one.Correlation.Definition.Header.Title, "", RuleTester.Run(one.Correlation, one.Correlation.Definition.Tests)))).ToList();
        var took = Stopwatch.GetElapsedTime(started);
        foreach (var suite in suites) RuleTestReport.Write(suite);
        if (junit is not null) JunitFile.Write(junit, suites, set.Problems, took);
        var results = suites.SelectMany(suite => suite.Results).ToList();
        var failed = results.Count(result => !result.Passed);
        var without = suites.Count(suite => suite is { Results.Count: 0, IsPart: false });
        var errors = set.Problems.Where(problem => problem.Problem.IsError).Select(problem => problem.File).Distinct(StringComparer.Ordinal).Count();
        var summary = string.Create(CultureInfo.InvariantCulture, $"{Count.Of(suites.Count, "rule")}, {Count.Of(results.Count, "test")}: {results.Count - failed} passed, {failed} failed, in {took.TotalSeconds:0.00} s");
        if (without > 0) summary += $"; {Count.Of(without, "rule")} without tests";
        if (errors > 0) summary += $"; {Count.Of(errors, "file")} with errors, not tested";
        Terminal.Error.MarkupLine($"[{(failed > 0 || errors > 0 ? "red" : "green")}]{Terminal.Markup(summary)}[/]");
        return (failed > 0 || errors > 0 ? ExitCodes.Failed : ExitCodes.Done, summary);
    }

    private static async Task<int> Watch(string path, SigmaOptions options, string? junit, TimeProvider time, CancellationToken cancel)
    {
        var lastGood = "there were no rules without errors so far";
        void Tell(Action what)
        {
            Terminal.Clear();
            try
            {
                what();
            }
            catch (Exception e) when (e is UserError or IOException)
            {
                Terminal.Complain(e.Message);
            }
            Terminal.Error.MarkupLine($"[dim]{time.GetLocalNow():HH:mm:ss}  watching {Terminal.Markup(path)}; Ctrl-C ends[/]");
        }
        void Changed(SigmaRuleSet set) => Tell(() =>
        {
            if (set.IsEmpty) Terminal.Complain(RulesCommand.NoRules(path));
            else lastGood = $"{Test(set, junit).Summary}, at {time.GetLocalNow():HH:mm:ss}";
        });
        void Refused(IReadOnlyList<FileProblem> problems) => Tell(() =>
        {
            RuleProblems.Write(Terminal.Error, problems);
            Terminal.Error.MarkupLine($"[dim]last without errors:[/] {Terminal.Markup(lastGood)}");
        });
        try
        {
            using var watch = new RuleWatch(path, options, Changed, Refused, time, Every);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the rules cannot be read: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how watching ends.
        }
        return ExitCodes.Done;
    }
}
