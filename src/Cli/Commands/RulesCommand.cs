using System.CommandLine;
using Yagura.Cli.Output;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Testing;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura rules</c>: tests, lists and checks a folder of Sigma rules.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Your own Sigma rules: test them, list them, check them.") { RulesTestCommand.Create(), CreateList(), CreateLint() };

    internal static Argument<string> Folder() => new("DIR")
    {
        Description = $"Folder of Sigma rules (.yml, .yaml, searched to the bottom), one file, or {ShippedRules.Word} for those that come with Yagura.",
    };

    internal static Option<string[]> Placeholders() => new("--placeholder")
    {
        Description = "What %NAME% stands for in values with the modifier expand; once for each value.", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = false,
    };

    private static Command CreateList()
    {
        var folder = Folder();
        var placeholders = Placeholders();
        var format = Choice.OrFirst<RuleListFormat>("--format", "How the rules are written.");
        var command = new Command("list", "List the rules of a folder.") { folder, format, placeholders };
        command.SetAction(parsed =>
        {
            var set = Load(parsed.GetRequiredValue(folder), Options(parsed.GetValue(placeholders)));
            RuleProblems.Write(Terminal.Error, set.Problems.Where(problem => problem.Problem.IsError));
            List<RuleRow> rows = [.. set.Rules.Select(RuleRow.Of), .. set.Correlations.Select(RuleRow.Of)];
            RuleList.Write(parsed.GetValue(format), rows);
            foreach (var reason in rows.Where(row => row.NotAsked is not null).GroupBy(row => row.NotAsked, StringComparer.Ordinal))
                Terminal.Complain($"{Count.Of(reason.Count(), "rule")} can be tested but no scan asks: {reason.Key}");
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
            var set = Load(parsed.GetRequiredValue(folder), Options(parsed.GetValue(placeholders)));
            var problems = set.Problems
                .Concat(set.Rules.SelectMany(rule => RuleLint.Of(rule).Select(problem => new FileProblem(rule.File, problem))))
                .Concat(set.Correlations.SelectMany(one => RuleLint.Of(one.Correlation.Definition).Select(problem => new FileProblem(one.File, problem))))
                .OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Problem.Line).ThenBy(problem => problem.Problem.Column).ToList();
            RuleProblems.Write(Terminal.Out, problems);
            var errors = problems.Count(problem => problem.Problem.IsError);
            Terminal.Complain($"{Count.Of(set.Rules.Count, "rule")}, {Count.Of(set.Correlations.Count, "correlation")}: {Count.Of(errors, "error")}, {Count.Of(problems.Count - errors, "warning")}");
            return errors > 0 || (parsed.GetValue(strict) && problems.Count > 0) ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The rules of a folder; that there are none is a mistake somewhere, most likely in the name of the folder.</summary>
    internal static SigmaRuleSet Load(string folder, SigmaOptions options)
    {
        try
        {
            var set = ShippedRules.Load([folder], options);
            return set.IsEmpty ? throw new UserError(NoRules(folder), ExitCodes.Failed) : set;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the rules cannot be read: {e.Message}");
        }
    }

    internal static string NoRules(string folder) => $"there are no rules (.yml, .yaml) in {folder}";

    /// <param name="placeholders">As given, NAME=VALUE each; of one name the values in their order.</param>
    internal static SigmaOptions Options(IEnumerable<string>? placeholders) => new()
    {
        Placeholders = (placeholders ?? []).Select(text => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (Name: text[..at].Trim('%'), Value: text[(at + 1)..]) : throw new UserError($"--placeholder {text}: expected NAME=VALUE"))
            .GroupBy(pair => pair.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(pair => pair.Value)], StringComparer.Ordinal),
    };
}
