using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Yagura.Aws;
using Yagura.Cli.Output;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;
using Yagura.Engine.Sequences;
using Yagura.Engine.State;
using Yagura.Intel;
using Yagura.Logs;
using Yagura.Logs.Json;
using Yagura.Matching.Criteria;
using Yagura.Matching.Sequences;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura scan</c>: logs in, findings out; no server.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Files, folders (read recursively), s3://bucket/prefix, or - for the standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var intel = new Option<string?>("--intel") { Description = "Folder of threat lists, trusted lists and location databases.", HelpName = "DIR" };
        var trusted = new Option<string[]>("--trusted") { Description = "List of addresses and names that are never reported (repeatable).", HelpName = "FILE" };
        var suppress = new Option<string?>("--suppress") { Description = "Finding criteria of what is known to be harmless.", HelpName = "FILE" };
        var inventory = new Option<string?>("--inventory") { Description = "Output of `aws ec2 describe-instances`.", HelpName = "FILE" };
        var accounts = new Option<string?>("--accounts") { Description = "Account ids and names, or the output of `aws organizations list-accounts`.", HelpName = "FILE" };
        var since = Time("--since", "Leave out records before this time (2026-11-23 or 2026-11-23T04:05:06Z).");
        var until = Time("--until", "Leave out records at or after this time.");
        var format = Choice.OrFirst<FindingFormat>("--format", "How findings are written.");
        var failOn = Choice.Of<Severity>("--fail-on", "End with status 3 if a finding is at least this severe, else with 1 if a place could not be listed to its end.");
        var flowFormat = new Option<string?>("--flow-format") { Description = "Format of flow logs without a header line, as they were created with.", HelpName = "FIELDS" };
        var quarantine = new Option<string?>("--quarantine") { Description = $"Write the records that could not be used to this file, as JSON lines: of each object the first {ObjectReader.MostQuarantined:N0}.", HelpName = "FILE" };
        var state = new Option<string?>("--state") { Description = "Keep what was read and seen in this folder, and go on from it next time.", HelpName = "DIR" };
        var baseline = new Option<string?>("--baseline") { Description = "Begin with what is usual by this file (`yagura baseline export` writes it).", HelpName = "FILE" };
        var suspectAws = new Option<string[]>("--without-benign") { Description = "Do not take this actor of AWS's own for benign (`yagura intel benign` lists them; repeatable).", HelpName = "ID" };
        var rules = new Option<string[]>("--rules")
        {
            Description = $"Also ask Sigma rules: a folder, a file, or {ShippedRules.Word} for those that come with Yagura (repeatable; docs/rules.md).", HelpName = "DIR", AllowMultipleArgumentsPerToken = false,
        };
        var sequences = new Option<string[]>("--sequences")
        {
            Description = "Also look for sequences of your own: a folder or a file (repeatable; docs/sequences.md).", HelpName = "DIR", AllowMultipleArgumentsPerToken = false,
        };
        var staged = new Option<string?>("--staged") { Description = "Write what rules on trial found, and was held back, to this file, as JSON lines.", HelpName = "FILE" };
        var placeholders = RulesCommand.Placeholders();
        var quiet = new Option<bool>("--quiet") { Description = "No progress bar and no summary." };

        var command = new Command("scan", "Read logs and report what is found in them.")
        {
            paths, intel, trusted, suppress, inventory, accounts, since, until, format, failOn, flowFormat, quarantine, state, baseline, suspectAws, rules, sequences, staged, placeholders, quiet,
        };
        command.SetAction((parsed, cancel) => Run(
            new Request(
                parsed.GetRequiredValue(paths), parsed.GetValue(intel), parsed.GetValue(trusted) ?? [], parsed.GetValue(suppress), parsed.GetValue(inventory),
                parsed.GetValue(accounts), parsed.GetValue(since), parsed.GetValue(until), parsed.GetValue(format), parsed.GetValue(failOn),
                parsed.GetValue(flowFormat), parsed.GetValue(quarantine), parsed.GetValue(state), parsed.GetValue(baseline), parsed.GetValue(suspectAws) ?? [],
                parsed.GetValue(rules) ?? [], parsed.GetValue(sequences) ?? [], parsed.GetValue(staged), RulesCommand.Options(parsed.GetValue(placeholders)), parsed.GetValue(quiet)),
            cancel));
        return command;
    }

    private sealed record Request(
        string[] Paths, string? Intel, string[] Trusted, string? Suppress, string? Inventory, string? Accounts, DateTimeOffset? Since, DateTimeOffset? Until,
        FindingFormat Format, Severity? FailOn, string? FlowFormat, string? Quarantine, string? State, string? Baseline, string[] WithoutBenign,
        string[] Rules, string[] Sequences, string? Staged, SigmaOptions RuleOptions, bool Quiet);

    private static async Task<int> Run(Request request, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        if (request.Since >= request.Until) throw new UserError("--since must lie before --until");
        if (request.Staged is not null && request.Rules.Length == 0) throw new UserError("--staged needs --rules: nothing is on trial without rules");
        // Rules and lists take their time to read, and neither needs the other.
        var loading = Task.Run(() => LoadRules(request.Rules, request.RuleOptions), cancel);
        var sequences = LoadSequences(request.Sequences);
        var accounts = request.Accounts is null ? AccountNames.None : AccountNames.Load(request.Accounts);
        var intel = LoadIntel(request.Intel, request.Trusted, request.Quiet, time);
        var inventory = request.Inventory is null ? Inventory.Empty : LoadInventory(request.Inventory);
        var suppressions = request.Suppress is null ? null : LoadSuppressions(request.Suppress);
        using var staged = request.Staged is null ? null : Files.Create(request.Staged);
        using var quarantine = request.Quarantine is null ? null : QuarantineFile.Create(request.Quarantine);
        var (rules, ruleDetectors) = await loading;
        var options = new ScanOptions(
            new Knowledge(intel, inventory, accounts.Ids) { Benign = LoadBenign(request.WithoutBenign) },
            new ReadingOptions(request.Since, request.Until, CheckFlowFormat(request.FlowFormat)),
            suppressions is null ? _ => false : finding => suppressions.RuleFor(finding, time.GetUtcNow()) is not null,
            ConfigurationHash(request, rules, sequences), request.State, Math.Max(1, Environment.ProcessorCount))
        {
            Detectors = DetectorSet.With(ruleDetectors, sequences),
            Rules = rules,
            Baselines = request.Baseline is null ? null : BaselineCommand.Load(request.Baseline),
            Sequences = sequences,
            Quarantine = quarantine is null ? _ => { } : quarantine.Write,
        };

        ScanReport report;
        using (var progress = ProgressBar.Start(request.Quiet, time))
        {
            report = await RunScan(Places(request.Paths), options, progress, time, cancel);
        }
        FindingFormats.Write(request.Format, report.Findings, accounts);
        if (staged is not null) FindingFormats.WriteLines(staged, report.Staged.Where(rule => !rule.Trial.Promoted).SelectMany(rule => rule.Findings));
        if (request.Quiet) ScanSummary.WriteFailures(Terminal.Error, report);
        else ScanSummary.Write(Terminal.Error, report, TypeStatus.All(options.Detectors, options.Knowledge), request.Quarantine, rules, ruleDetectors.Unasked);
        return ExitCode(report, request);
    }

    internal static async Task<ScanReport> RunScan(
        IReadOnlyList<ILogObjects> places, ScanOptions options, IProgress<ScanProgress> progress, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return await Scan.Run(places, options, progress, time, cancel);
        }
        catch (StateException e)
        {
            throw new UserError($"the state in {options.StateFolder} cannot be used: {e.Message}", ExitCodes.Failed);
        }
    }

    private static int ExitCode(ScanReport report, Request request)
    {
        var current = report.Findings.Where(finding => !finding.Service.Archived);
        if (request.FailOn is { } floor && current.Any(finding => SeverityExtensions.ToLevel(finding.Severity) >= floor)) return ExitCodes.Findings;
        // Nobody may take for clean what was not looked at.
        if (request.FailOn is not null && report.Failures.Any(failure => failure.Name.Length == 0)) return ExitCodes.Failed;
        if (report.Objects.GetValueOrDefault(ObjectState.Duplicate) > 0 || report.Records.Any(r => r.Analysed > 0 || r.Skipped.Count > 0)) return ExitCodes.Done;
        if (report.Failures.Count > 0 || report.Records.Any(r => r.Quarantined > 0)) return ExitCodes.Failed;
        // A log without records is one all the same; a folder without logs, or an empty file, is a mistake somewhere.
        if (report.Bytes > 0) return ExitCodes.Done;
        Terminal.Complain($"nothing to read in {string.Join(", ", request.Paths)}");
        return ExitCodes.Failed;
    }

    internal static IReadOnlyList<ILogObjects> Places(string[] paths)
    {
        if (paths.Count(path => path == LocalObjects.StandardInput) > 1) throw new UserError("the standard input (-) can be read once");
        return [.. paths.Select(path => path.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) ? OpenBucket(path) : new LocalObjects([path]))];
    }

    private static ILogObjects OpenBucket(string path)
    {
        try
        {
            return new S3Objects(S3Location.Parse(path));
        }
        catch (FormatException e)
        {
            throw new UserError(e.Message);
        }
    }

    internal static IntelSnapshot LoadIntel(string? folder, string[] trusted, bool quiet, TimeProvider time)
    {
        if (folder is null && trusted.Length == 0) return IntelSnapshot.Empty;
        try
        {
            var load = IntelFolder.Load(folder, trusted, time);
            if (!quiet) IntelReport.WriteProblems(Terminal.Error, load);
            return load.Snapshot;
        }
        catch (IntelException e)
        {
            throw new UserError(e.Message);
        }
    }

    private static KnownBenign LoadBenign(string[] without)
    {
        try
        {
            return KnownBenign.Shipped.Without(without);
        }
        catch (IntelException e)
        {
            throw new UserError(e.Message);
        }
    }

    internal static Inventory LoadInventory(string path)
    {
        try
        {
            return Inventory.Parse(Files.Read(path));
        }
        catch (FormatException e)
        {
            throw new UserError($"{path}: {e.Message}");
        }
    }

    internal static SuppressionFile LoadSuppressions(string path) =>
        SuppressionFile.TryParse(Files.Read(path), out var file, out var mistakes)
            ? file
            : throw new UserError(string.Join('\n', mistakes.Select(mistake => $"{path}: {mistake}")));

    private static string? CheckFlowFormat(string? format)
    {
        try
        {
            _ = new LogObject(new LogOptions(format, Projection.Known));
            return format;
        }
        catch (ArgumentException e)
        {
            throw new UserError($"--flow-format: {e.Message}");
        }
    }

    internal static SequenceSet LoadSequences(string[] paths)
    {
        try
        {
            var set = SequenceFolder.Load(paths);
            if (set.HasErrors) throw new UserError(string.Join('\n', set.Problems.Where(problem => problem.Problem.IsError).Select(problem => problem.ToString())));
            return paths.Length > 0 && set.Rules.Count == 0 ? throw new UserError($"there are no sequences (.yml, .yaml) in {string.Join(", ", paths)}") : set;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the sequences cannot be read: {e.Message}");
        }
    }

    internal static (SigmaRuleSet Rules, RuleDetectors Detectors) LoadRules(string[] places, SigmaOptions options)
    {
        try
        {
            var set = ShippedRules.Load(places, options);
            if (places.Length > 0 && set.IsEmpty) throw new UserError(RulesCommand.NoRules(string.Join(", ", places)));
            if (set.HasErrors) throw new UserError(string.Join('\n', set.Problems.Where(problem => problem.Problem.IsError).Select(problem => problem.ToString())));
            return (set, RuleDetectors.Of(set));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the rules cannot be read: {e.Message}");
        }
    }

    // What was asked for, so that two findings can be told to come from the same settings; files count by their content.
    private static string ConfigurationHash(Request request, SigmaRuleSet rules, SequenceSet sequences)
    {
        var settings = new ScanSettings(
            request.Since, request.Until, request.FlowFormat, request.WithoutBenign, HashOf(request.Suppress), HashOf(request.Inventory), HashOf(request.Accounts),
            rules.Hash.Length == 0 ? null : rules.Hash, HashOf(request.Baseline), sequences.Hash.Length == 0 ? null : sequences.Hash);
        var text = JsonSerializer.SerializeToUtf8Bytes(settings, CliJson.Default.ScanSettings);
        return Convert.ToHexStringLower(SHA256.HashData(text));
    }

    private static string? HashOf(string? path) => path is null ? null : Convert.ToHexStringLower(SHA256.HashData(Files.Read(path)));

    internal static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = ParseTime,
    };

    private static readonly string[] TimeShapes = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK"];

    private static DateTimeOffset? ParseTime(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (DateTimeOffset.TryParseExact(text, TimeShapes, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        argument.AddError($"'{text}' is no time; write 2026-11-23 or 2026-11-23T04:05:06Z");
        return null;
    }
}
