using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Yagura.Aws;
using Yagura.Cli.Output;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine;
using Yagura.Engine.Ingestion;
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

/// <summary>What a scan reads, and what it knows and asks while it reads: the options that every command has that scans logs.</summary>
internal sealed class ScanInputs
{
    private readonly Option<string?> _intel = new("--intel") { Description = "Folder of threat lists, trusted lists and location databases.", HelpName = "DIR" };
    private readonly Option<string[]> _trusted = new("--trusted") { Description = "List of addresses and names that are never reported (repeatable).", HelpName = "FILE" };
    private readonly Option<string?> _suppress = new("--suppress") { Description = "Finding criteria of what is known to be harmless.", HelpName = "FILE" };
    private readonly Option<string?> _inventory = new("--inventory") { Description = "Output of `aws ec2 describe-instances`.", HelpName = "FILE" };
    private readonly Option<string?> _accounts = new("--accounts") { Description = "Account ids and names, or the output of `aws organizations list-accounts`.", HelpName = "FILE" };
    private readonly Option<DateTimeOffset?> _since = Time("--since", "Leave out records before this time (2026-11-23 or 2026-11-23T04:05:06Z).");
    private readonly Option<DateTimeOffset?> _until = Time("--until", "Leave out records at or after this time.");
    private readonly Option<string?> _flowFormat = new("--flow-format") { Description = "Format of flow logs without a header line, as they were created with.", HelpName = "FIELDS" };
    private readonly Option<string[]> _withoutBenign = new("--without-benign") { Description = "Do not take this actor of AWS's own for benign (`yagura intel benign` lists them; repeatable).", HelpName = "ID" };
    private readonly Option<string[]> _rules = new("--rules")
    {
        Description = $"Also ask Sigma rules: a folder, a file, or {ShippedRules.Word} for those that come with Yagura (repeatable; docs/rules.md).", HelpName = "DIR", AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string[]> _sequences = new("--sequences")
    {
        Description = "Also look for sequences of your own: a folder or a file (repeatable; docs/sequences.md).", HelpName = "DIR", AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "Begin with what is usual by this file (`yagura baseline export` writes it).", HelpName = "FILE" };
    private readonly Option<string[]> _placeholders = RulesCommand.Placeholders();

    public Argument<string[]> Paths { get; } = new("PATH")
    {
        Description = "Files, folders (read recursively), s3://bucket/prefix, or - for the standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "No progress bar and no summary." };

    /// <summary>All options but <see cref="Quiet"/>.</summary>
    public IEnumerable<Option> Options => [_intel, _trusted, _suppress, _inventory, _accounts, _since, _until, _flowFormat, _withoutBenign, _rules, _sequences, _baseline, _placeholders];

    public bool HasRules(ParseResult parsed) => parsed.GetValue(_rules) is { Length: > 0 };

    public bool HasBaseline(ParseResult parsed) => parsed.GetValue(_baseline) is not null;

    /// <exception cref="UserError">Something that was named cannot be read or used.</exception>
    public static IReadOnlyList<ILogObjects> Places(string[] paths)
    {
        if (paths.Count(path => path == LocalObjects.StandardInput) > 1) throw new UserError("the standard input (-) can be read once");
        return [.. paths.Select(path => path.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) ? OpenBucket(path) : new LocalObjects([path]))];
    }

    /// <summary>Reads everything that the options name.</summary>
    /// <exception cref="UserError">Something cannot be read or used.</exception>
    public async Task<LoadedInputs> Load(ParseResult parsed, TimeProvider time, CancellationToken cancel)
    {
        var request = new Request(
            parsed.GetValue(_intel), parsed.GetValue(_trusted) ?? [], parsed.GetValue(_suppress), parsed.GetValue(_inventory), parsed.GetValue(_accounts),
            parsed.GetValue(_since), parsed.GetValue(_until), parsed.GetValue(_flowFormat), parsed.GetValue(_withoutBenign) ?? [],
            parsed.GetValue(_rules) ?? [], parsed.GetValue(_sequences) ?? [], parsed.GetValue(_baseline), RulesCommand.Options(parsed.GetValue(_placeholders)), parsed.GetValue(Quiet));
        if (request.Since >= request.Until) throw new UserError("--since must lie before --until");
        // Rules and lists take their time to read, and neither needs the other.
        var loading = Task.Run(() => LoadRules(request.Rules, request.RuleOptions), cancel);
        var sequences = LoadSequences(request.Sequences);
        var accounts = request.Accounts is null ? AccountNames.None : AccountNames.Load(request.Accounts);
        var intel = LoadIntel(request.Intel, request.Trusted, request.Quiet, time);
        var inventory = request.Inventory is null ? Inventory.Empty : LoadInventory(request.Inventory);
        var suppressions = request.Suppress is null ? null : LoadSuppressions(request.Suppress);
        var (rules, ruleDetectors) = await loading;
        var options = new ScanOptions(
            new Knowledge(intel, inventory, accounts.Ids) { Benign = LoadBenign(request.WithoutBenign) },
            new ReadingOptions(request.Since, request.Until, CheckFlowFormat(request.FlowFormat)),
            suppressions is null ? _ => false : finding => suppressions.RuleFor(finding, time.GetUtcNow()) is not null,
            ConfigurationHash(request, rules, sequences), StateFolder: null, Math.Max(1, Environment.ProcessorCount))
        {
            Detectors = DetectorSet.With(ruleDetectors, sequences),
            Rules = rules,
            Sequences = sequences,
            Baselines = request.Baseline is null ? null : BaselineCommand.Load(request.Baseline),
        };
        return new(options, accounts, ruleDetectors);
    }

    /// <summary>The same, with rules and sequences beside those that the options name.</summary>
    /// <exception cref="UserError">They cannot be read, or have mistakes.</exception>
    public Func<ScanOptions, ScanOptions> LoadMore(ParseResult parsed, string[] rules, string[] sequences)
    {
        var (ruleSet, ruleDetectors) = LoadRules(Together(_rules, rules), RulesCommand.Options(parsed.GetValue(_placeholders)));
        var sequenceSet = LoadSequences(Together(_sequences, sequences));
        return options => options with { Detectors = DetectorSet.With(ruleDetectors, sequenceSet), Rules = ruleSet, Sequences = sequenceSet };

        string[] Together(Option<string[]> option, string[] more) => [.. (parsed.GetValue(option) ?? []).Except(more, StringComparer.Ordinal), .. more];
    }

    /// <summary>Runs a scan with a progress bar.</summary>
    /// <exception cref="UserError">The state folder cannot be used.</exception>
    public static async Task<ScanReport> Run(string[] paths, ScanOptions options, bool quiet, TimeProvider time, CancellationToken cancel)
    {
        using var progress = ProgressBar.Start(quiet, time);
        try
        {
            return await Scan.Run(Places(paths), options, progress, time, cancel);
        }
        catch (StateException e)
        {
            throw new UserError($"the state in {options.StateFolder} cannot be used: {e.Message}", ExitCodes.Failed);
        }
    }

    private sealed record Request(
        string? Intel, string[] Trusted, string? Suppress, string? Inventory, string? Accounts, DateTimeOffset? Since, DateTimeOffset? Until,
        string? FlowFormat, string[] WithoutBenign, string[] Rules, string[] Sequences, string? Baseline, SigmaOptions RuleOptions, bool Quiet);

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

    private static IntelSnapshot LoadIntel(string? folder, string[] trusted, bool quiet, TimeProvider time)
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

    private static Inventory LoadInventory(string path)
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

    private static SequenceSet LoadSequences(string[] paths)
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

    private static (SigmaRuleSet Rules, RuleDetectors Detectors) LoadRules(string[] places, SigmaOptions options)
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

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
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

/// <summary>What the options named, read.</summary>
/// <param name="RuleDetectors">Of the rules in <see cref="ScanOptions.Rules"/>.</param>
internal sealed record LoadedInputs(ScanOptions Options, AccountNames Accounts, RuleDetectors RuleDetectors);
