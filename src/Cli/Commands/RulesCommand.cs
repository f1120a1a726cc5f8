using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Spectre.Console;
using Yagura.Cli.Output;
using Yagura.Detectors.Rules;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Testing;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura rules</c>: tests, lists and checks a folder of Sigma rules.</summary>
internal static class RulesCommand
{
    private enum ListFormat { Table, Json, Jsonl, Csv }

    public static Command Create() => new("rules", "Your own Sigma rules: test them, list them, check them.") { CreateTest(), CreateList(), CreateLint() };

    private static Argument<string> Folder() => new("dir") { Description = $"Folder of Sigma rules (.yml, .yaml), one file, or {ShippedRules.Word} for those that come with Yagura.", HelpName = "DIR" };

    private static Option<string[]> Placeholders() => new("--placeholder")
    {
        Description = "What %NAME% stands for in values with the modifier expand; once for each value.", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = false,
    };

    private static Command CreateTest()
    {
        var folder = Folder();
        var placeholders = Placeholders();
        var junit = new Option<string?>("--junit") { Description = "Also write the results as JUnit XML.", HelpName = "FILE" };
        var command = new Command("test", "Run the tests that the rules bring. Ends with 1 where one fails or a rule cannot be loaded.") { folder, junit, placeholders };
        command.SetAction(parsed => Test(Load(parsed.GetRequiredValue(folder), parsed.GetValue(placeholders)), parsed.GetValue(junit)));
        return command;
    }

    private static Command CreateList()
    {
        var folder = Folder();
        var placeholders = Placeholders();
        var format = Choice.Of("--format", "How the rules are written.", ListFormat.Table);
        var command = new Command("list", "List the rules of a folder.") { folder, format, placeholders };
        command.SetAction(parsed =>
        {
            var set = Load(parsed.GetRequiredValue(folder), parsed.GetValue(placeholders));
            foreach (var problem in set.Problems.Where(problem => problem.Problem.IsError)) Terminal.Complain(problem.ToString());
            List<RuleRow> rows = [.. set.Rules.Select(RuleRow.Of), .. set.Correlations.Select(RuleRow.Of)];
            Write(parsed.GetValue(format), rows);
            foreach (var reason in rows.Where(row => row.NotAsked is not null).GroupBy(row => row.NotAsked, StringComparer.Ordinal))
                Terminal.Complain($"{reason.Count()} of these rules can be tested but no scan asks them: {reason.Key}");
            return set.HasErrors ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateLint()
    {
        var folder = Folder();
        var placeholders = Placeholders();
        var strict = new Option<bool>("--strict") { Description = "End with 1 for warnings too." };
        var command = new Command("lint", "Name every mistake in the rules, and what they lack. Ends with 1 where there is an error.") { folder, strict, placeholders };
        command.SetAction(parsed =>
        {
            var set = Load(parsed.GetRequiredValue(folder), parsed.GetValue(placeholders));
            var problems = set.Problems
                .Concat(set.Rules.SelectMany(rule => RuleLint.Of(rule.Rule).Select(problem => new FileProblem(rule.File, problem))))
                .Concat(set.Correlations.SelectMany(one => RuleLint.Of(one.Correlation.Definition).Select(problem => new FileProblem(one.File, problem))))
                .OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Problem.Line).ThenBy(problem => problem.Problem.Column).ToList();
            foreach (var problem in problems) Console.Out.WriteLine(Terminal.Safe(problem.ToString()));
            var errors = problems.Count(problem => problem.Problem.IsError);
            Terminal.Complain($"{set.Rules.Count} rules, {set.Correlations.Count} correlations, {errors} errors, {problems.Count - errors} warnings");
            return errors > 0 || (parsed.GetValue(strict) && problems.Count > 0) ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static SigmaRuleSet Load(string folder, string[]? placeholders)
    {
        try
        {
            return ShippedRules.Load([folder], new SigmaOptions { Placeholders = Parse(placeholders ?? []) });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the rules cannot be read: {e.Message}");
        }
    }

    /// <summary>The texts of each name, in their order.</summary>
    internal static Dictionary<string, IReadOnlyList<string>> Parse(IEnumerable<string> placeholders) =>
        placeholders.Select(text => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (Name: text[..at].Trim('%'), Value: text[(at + 1)..]) : throw new UserError($"--placeholder {text}: expected NAME=VALUE"))
            .GroupBy(pair => pair.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(pair => pair.Value)], StringComparer.Ordinal);

    private static int Test(SigmaRuleSet set, string? junit)
    {
        foreach (var problem in set.Problems.Where(problem => problem.Problem.IsError)) Terminal.Complain(problem.ToString());
        var started = Stopwatch.GetTimestamp();
        var suites = set.Rules.Select(rule => new RuleSuite(rule.File, rule.Rule.Header.Title, rule.Rule.Detection.Written, RuleTester.Run(rule.Rule, rule.Rule.Tests)))
            .Concat(set.Correlations.Select(one => new RuleSuite(one.File, one.Correlation.Definition.Header.Title, "", RuleTester.Run(one.Correlation, one.Correlation.Definition.Tests)))).ToList();
        var took = Stopwatch.GetElapsedTime(started);
        foreach (var suite in suites) RuleTestReport.Write(suite);
        if (junit is not null) JunitFile.Write(junit, suites, set.Problems, took);
        var results = suites.SelectMany(suite => suite.Results).ToList();
        var failed = results.Count(result => !result.Passed);
        var without = suites.Count(suite => suite.Results.Count == 0);
        var errors = set.Problems.Where(problem => problem.Problem.IsError).Select(problem => problem.File).Distinct(StringComparer.Ordinal).Count();
        var summary = $"{suites.Count} rules, {results.Count} tests: {results.Count - failed} passed, {failed} failed, in {took.TotalSeconds:0.00} s";
        if (without > 0) summary += $"; {without} rules have no tests";
        if (errors > 0) summary += $"; {errors} files have errors";
        Terminal.Complain(summary);
        return failed > 0 || errors > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static void Write(ListFormat format, List<RuleRow> rows)
    {
        switch (format)
        {
            case ListFormat.Json: Console.Out.WriteLine(JsonSerializer.Serialize(rows, CliJson.Indented.IEnumerableRuleRow)); break;
            case ListFormat.Jsonl:
                foreach (var row in rows) Console.Out.WriteLine(JsonSerializer.Serialize(row, CliJson.Default.RuleRow));
                break;
            case ListFormat.Csv:
                Console.Out.WriteLine("file,title,kind,source,level,type,techniques,budget,tests,notAsked");
                foreach (var row in rows)
                    Console.Out.WriteLine(string.Join(',', new[] { row.File, row.Title, row.Kind, row.Source, row.Level, row.Type, string.Join(' ', row.Techniques), row.Budget ?? "", row.Tests.ToString(), row.NotAsked ?? "" }.Select(FindingFormats.Cell)));
                break;
            default:
                var table = new Table { Border = TableBorder.Simple };
                table.AddColumns("Title", "Source", "Level", "Type", "ATT&CK", "Budget", "Tests");
                foreach (var row in rows)
                    table.AddRow(Terminal.Markup(row.Title), Terminal.Markup(row.Source) + (row.NotAsked is null ? "" : " [dim](not asked)[/]"), row.Level, Terminal.Markup(row.Type), Terminal.Markup(string.Join(' ', row.Techniques)), row.Budget ?? "[dim]none[/]", row.Tests == 0 ? "[yellow]0[/]" : row.Tests.ToString());
                Terminal.Out.Write(table);
                break;
        }
    }
}

/// <summary>A rule or correlation as it is listed.</summary>
/// <param name="NotAsked">Why no scan asks it; null where scans do.</param>
internal sealed record RuleRow(string File, string Title, string? Id, string Kind, string Source, string Level, string Status, string Type, IReadOnlyList<string> Techniques, string? Budget, int Tests, string? NotAsked)
{
    public static RuleRow Of(LoadedRule loaded) => new(
        loaded.File, loaded.Rule.Header.Title, loaded.Rule.Header.Id, loaded.StandsAlone ? "rule" : "part", loaded.Rule.Source.ToString(), Word(loaded.Rule.Header.Level), Word(loaded.Rule.Header.Status),
        loaded.Rule.FindingType.Name, loaded.Rule.Header.Techniques, loaded.Rule.Header.Yagura.Budget?.ToString(), loaded.Rule.Tests.Count, RuleDetectors.WhyUnasked(loaded.Rule));

    public static RuleRow Of(LoadedCorrelation loaded)
    {
        var (header, rules) = (loaded.Correlation.Definition.Header, loaded.Correlation.Rules);
        return new(loaded.File, header.Title, header.Id, "correlation", string.Join(' ', rules.Select(rule => rule.Source.ToString()).Distinct(StringComparer.Ordinal)), Word(header.Level), Word(header.Status),
            loaded.Correlation.FindingType.Name, header.Techniques, header.Yagura.Budget?.ToString(), loaded.Correlation.Definition.Tests.Count, RuleDetectors.WhyUnasked(loaded.Correlation));
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
