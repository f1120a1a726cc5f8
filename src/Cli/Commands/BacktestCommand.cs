using System.CommandLine;
using Yagura.Cli.Output;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Reading;
using Yagura.Engine.Sequences;
using Yagura.Matching.Criteria;
using Yagura.Matching.Sequences;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura backtest</c>: what a rule, a sequence or a suppression would have found or hidden in logs of the past.</summary>
/// <remarks>The logs are scanned twice, without what is tried and with it. Nothing is written and nothing is remembered.</remarks>
internal static class BacktestCommand
{
    public static Command Create()
    {
        var tried = new Argument<string[]>("RULE")
        {
            Description = $"What is tried: Sigma rules or sequences (.yml, .yaml, or a folder of them), {ShippedRules.Word} for the rules that come with Yagura, or suppressions (.json).", Arity = ArgumentArity.OneOrMore,
        };
        var over = new Option<string[]>("--over") { Description = "Logs: files, folders or s3://bucket/prefix; they are read twice.", HelpName = "PATH", Required = true, AllowMultipleArgumentsPerToken = true };
        var intel = new Option<string?>("--intel") { Description = "Folder of threat lists, trusted lists and location databases.", HelpName = "DIR" };
        var suppress = new Option<string?>("--suppress") { Description = "Suppressions that hold already.", HelpName = "FILE" };
        var inventory = new Option<string?>("--inventory") { Description = "Output of `aws ec2 describe-instances`.", HelpName = "FILE" };
        var rules = new Option<string[]>("--rules") { Description = "Sigma rules that are asked already (repeatable).", HelpName = "DIR", AllowMultipleArgumentsPerToken = false };
        var sequences = new Option<string[]>("--sequences") { Description = "Sequences that are looked for already (repeatable).", HelpName = "DIR", AllowMultipleArgumentsPerToken = false };
        var since = ScanInputs.Time("--since", "Leave out records before this time.");
        var until = ScanInputs.Time("--until", "Leave out records at or after this time.");
        var format = Choice.OrFirst<BacktestFormat>("--format", "How the difference is written.");
        var placeholders = RulesCommand.Placeholders();
        var command = new Command("backtest", "Show what a rule, a sequence or a suppression would have found or hidden in past logs: new, gone and changed findings, and sequences that were nearly seen.")
        {
            tried, over, intel, suppress, inventory, rules, sequences, since, until, format, placeholders,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var time = TimeProvider.System;
            var (newRules, newSequences, newSuppressions) = Sorted(parsed.GetRequiredValue(tried));
            var options = RulesCommand.Options(parsed.GetValue(placeholders));
            var knowledge = new Knowledge(
                ScanInputs.LoadIntel(parsed.GetValue(intel), [], quiet: false, time), parsed.GetValue(inventory) is { } file ? ScanInputs.LoadInventory(file) : Inventory.Empty, new HashSet<string>(StringComparer.Ordinal));
            var reading = new ReadingOptions(parsed.GetValue(since), parsed.GetValue(until), null);
            var paths = parsed.GetRequiredValue(over);
            if (paths.Contains("-", StringComparer.Ordinal)) throw new UserError("the standard input can be read once, and the logs are read twice");
            string[] oldSuppressions = parsed.GetValue(suppress) is { } suppressed ? [suppressed] : [];
            string[] oldRules = parsed.GetValue(rules) ?? [], oldSequences = parsed.GetValue(sequences) ?? [];
            // Mistakes in what is tried are told before anything is read.
            var with = Options(knowledge, reading, [.. oldRules.Except(newRules, StringComparer.Ordinal), .. newRules], options, [.. oldSequences.Except(newSequences, StringComparer.Ordinal), .. newSequences], [.. oldSuppressions, .. newSuppressions], time);
            var without = Options(knowledge, reading, oldRules, options, oldSequences, oldSuppressions, time);
            var before = await Scan(paths, without, time, cancel);
            var after = await Scan(paths, with, time, cancel);
            BacktestReport.Of(before, after, newSequences.Length == 0 ? [] : [.. with.Sequences.Rules.Except(without.Sequences.Rules).Select(rule => rule.Name)]).Write(parsed.GetValue(format));
            if (after.Bytes == 0) Terminal.Complain($"nothing to read in {string.Join(", ", paths)}");
            return after.Bytes == 0 ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<ScanReport> Scan(string[] paths, ScanOptions options, TimeProvider time, CancellationToken cancel)
    {
        var report = await ScanInputs.Run(paths, options, quiet: false, time, cancel);
        foreach (var (name, reason) in report.Failures.Take(10)) Terminal.Complain(name.Length == 0 ? reason : $"{name}: {reason}");
        return report;
    }

    private static ScanOptions Options(
        Knowledge knowledge, ReadingOptions reading, string[] rules, SigmaOptions ruleOptions, string[] sequences, string[] suppressions, TimeProvider time)
    {
        var (set, detectors) = ScanInputs.LoadRules(rules, ruleOptions);
        var sequenceSet = ScanInputs.LoadSequences(sequences);
        List<SuppressionFile> files = [.. suppressions.Select(ScanInputs.LoadSuppressions)];
        var now = time.GetUtcNow();
        return new(knowledge, reading, finding => files.Exists(file => file.RuleFor(finding, now) is not null), "backtest", StateFolder: null, Math.Max(1, Environment.ProcessorCount))
        {
            Detectors = DetectorSet.With(detectors, sequenceSet), Rules = set, Sequences = sequenceSet,
        };
    }

    /// <summary>What is tried, by what it is: a file's name and, of YAML, whether it has steps tell.</summary>
    private static (string[] Rules, string[] Sequences, string[] Suppressions) Sorted(string[] tried)
    {
        try
        {
            var files = tried.Where(path => path != ShippedRules.Word).SelectMany(SequenceFolder.Files).Distinct(StringComparer.Ordinal).ToLookup(
                file => Path.GetExtension(file) is ".json" ? 's' : SequenceFile.IsOne(SequenceFolder.Bytes(file)) ? 'q' : 'r');
            return ([.. tried.Where(path => path == ShippedRules.Word), .. files['r']], [.. files['q']], [.. files['s']]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"what is to be tried cannot be read: {e.Message}");
        }
    }
}
