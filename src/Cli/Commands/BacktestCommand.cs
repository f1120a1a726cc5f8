using System.CommandLine;
using Yagura.Cli.Output;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Sequences;
using Yagura.Matching.Criteria;
using Yagura.Matching.Sequences;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura backtest</c>: what a rule, a sequence or a suppression would have found or hidden in logs of the past.</summary>
/// <remarks>The logs are scanned twice, without what is tried and with it. Nothing is written and nothing is remembered.</remarks>
internal static class BacktestCommand
{
    private const int MostFailures = 10;

    public static Command Create()
    {
        var tried = new Argument<string[]>("RULE")
        {
            Description = $"What is tried: Sigma rules or sequences (.yml, .yaml, or a folder of them), {ShippedRules.Word} for the rules that come with Yagura, or suppressions (.json).", Arity = ArgumentArity.OneOrMore,
        };
        var over = new Option<string[]>("--over") { Description = "Logs: files, folders or s3://bucket/prefix; they are read twice.", HelpName = "PATH", Required = true, AllowMultipleArgumentsPerToken = true };
        var inputs = new ScanInputs();
        var format = Choice.OrFirst<BacktestFormat>("--format", "How the difference is written.");
        var command = new Command("backtest", "Show what a rule, a sequence or a suppression would have found or hidden in past logs: new, gone and changed findings, and sequences that were nearly seen.") { tried, over };
        foreach (var option in inputs.Options) command.Add(option);
        command.Add(format);
        command.SetAction(async (parsed, cancel) =>
        {
            var time = TimeProvider.System;
            var paths = parsed.GetRequiredValue(over);
            if (paths.Contains(LocalObjects.StandardInput, StringComparer.Ordinal)) throw new UserError("the standard input can be read once, and the logs are read twice");
            // Mistakes in what is tried are told before anything is read.
            var (rules, sequences, files) = Sorted(parsed.GetRequiredValue(tried));
            var more = inputs.LoadMore(parsed, rules, sequences);
            List<SuppressionFile> suppressions = [.. files.Select(ScanInputs.LoadSuppressions)];
            var without = (await inputs.Load(parsed, time, cancel)).Options;
            var now = time.GetUtcNow();
            var with = more(without) with { Suppress = finding => without.Suppress(finding) || suppressions.Exists(file => file.RuleFor(finding, now) is not null) };
            var before = await ScanInputs.Run(paths, without, quiet: false, time, cancel);
            var after = await ScanInputs.Run(paths, with, quiet: false, time, cancel);
            foreach (var (name, reason) in before.Failures.Union(after.Failures).Take(MostFailures)) Terminal.Complain(name.Length == 0 ? reason : $"{name}: {reason}");
            BacktestReport.Of(before, after, sequences.Length == 0 ? [] : [.. with.Sequences.Rules.Except(without.Sequences.Rules).Select(rule => rule.Name)]).Write(parsed.GetValue(format));
            if (after is { Bytes: 0, Failures.Count: 0 }) Terminal.Complain($"nothing to read in {string.Join(", ", paths)}");
            return after.Bytes == 0 ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What is tried, by what it is: a file's name and, of YAML, whether it has steps tell.</summary>
    private static (string[] Rules, string[] Sequences, string[] Suppressions) Sorted(string[] tried)
    {
        try
        {
            var files = tried.Where(path => path != ShippedRules.Word).SelectMany(SequenceFolder.Files).Distinct(StringComparer.Ordinal).ToLookup(
                file => Path.GetExtension(file) is ".json" ? 's' : SequenceFile.IsOne(SequenceFolder.Bytes(file)) ? 'q' : 'r');
            if (files.Count == 0 && !tried.Contains(ShippedRules.Word, StringComparer.Ordinal)) throw new UserError($"there is nothing to try (.yml, .yaml, .json) in {string.Join(", ", tried)}");
            return ([.. tried.Where(path => path == ShippedRules.Word), .. files['r']], [.. files['q']], [.. files['s']]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"what is to be tried cannot be read: {e.Message}");
        }
    }
}
