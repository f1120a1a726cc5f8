using System.CommandLine;
using System.Text;
using Yagura.Cli.Grep;
using Yagura.Cli.Output;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura match</c>: prints the JSON events that a pattern, rule or criteria matches; a grep for events.</summary>
internal static class MatchCommand
{
    public static Command Create()
    {
        var eventBridge = new Option<string?>("--eventbridge") { Description = "An EventBridge event pattern: its JSON, or a file.", HelpName = "PATTERN" };
        var sigma = new Option<string?>("--sigma") { Description = $"Sigma rules: a file, a folder, or {ShippedRules.Word} for those that come with Yagura; an event matches that one of them matches.", HelpName = "RULE" };
        var criteria = new Option<string?>("--criteria") { Description = "GuardDuty finding criteria: their JSON, or a file.", HelpName = "CRITERIA" };
        var files = new Argument<string[]>("FILE") { Description = "Files of one JSON event a line, or CloudTrail files, plain, .gz or .zst; folders are searched to the bottom; stdin when none is given, or for -.", Arity = ArgumentArity.ZeroOrMore };
        var count = new Option<bool>("--count") { Description = "Print how many events match, not the events." };
        var placeholders = new Option<string[]>("--placeholder") { Description = "What %NAME% stands for in Sigma values with the modifier expand.", HelpName = "NAME=VALUE" };
        var command = new Command("match", "Print the JSON events that a pattern, rule or criteria matches, as they stand in the file. Ends with 0 whether or not there are any; docs/patterns.md has the languages.") { eventBridge, sigma, criteria, files, count, placeholders };
        command.SetAction((parsed, cancel) =>
        {
            var given = new[] { parsed.GetValue(eventBridge), parsed.GetValue(sigma), parsed.GetValue(criteria) };
            if (given.Count(one => one is not null) != 1) throw new UserError("give exactly one of --eventbridge, --sigma and --criteria");
            var filter = given[0] is { } bridge ? EventFilters.EventBridge(TextOf(bridge))
                : given[1] is { } rule ? EventFilters.Sigma(RulesOf(rule, RulesCommand.Options(parsed.GetValue(placeholders))))
                : EventFilters.Criteria(TextOf(given[2]!));
            return Task.FromResult(Run(filter, parsed.GetValue(files) ?? [], parsed.GetValue(count), cancel));
        });
        return command;
    }

    /// <summary>What is written on the command line, or in the file that it names.</summary>
    private static byte[] TextOf(string given)
    {
        if (File.Exists(given)) return Files.Read(given);
        if (given.TrimStart() is ['{' or '[', ..]) return Encoding.UTF8.GetBytes(given);
        throw new UserError(given.Trim().Length == 0 ? "the pattern is empty" : $"{given} is neither JSON nor a file");
    }

    /// <summary>The rules of a file or a folder, or one that is written on the command line.</summary>
    private static SigmaRuleSet RulesOf(string given, SigmaOptions options) => given.Contains('\n', StringComparison.Ordinal)
        ? SigmaRuleSet.Of([new("rule", SigmaFile.Read(Encoding.UTF8.GetBytes(given), options))])
        : RulesCommand.Load(given, options);

    private static int Run(EventFilter filter, string[] files, bool countOnly, CancellationToken cancel)
    {
        using var output = Console.OpenStandardOutput();
        using var buffered = new BufferedStream(output, 1 << 16);
        var grep = new EventGrep(filter, countOnly ? Stream.Null : buffered, isTerminal: !Console.IsOutputRedirected);
        var failed = false;
        string? firstMisfit = null;
        foreach (var file in files.Length == 0 ? ["-"] : files.SelectMany(path => FilesOf(path, e =>
        {
            Terminal.Complain($"{path} cannot be listed to its end: {e.Message}");
            failed = true;
        })))
        {
            try
            {
                using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
                grep.Read(input, cancel);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // As grep does: the others are read all the same.
                buffered.Flush();
                Terminal.Complain(File.Exists(file) || file == "-" ? $"{Name(file)} cannot be read: {e.Message}" : $"{file} does not exist");
                failed = true;
            }
            if (grep.Misfits > 0 && firstMisfit is null) firstMisfit = $"{Name(file)} line {grep.FirstMisfit}";
        }
        if (countOnly) buffered.Write(Encoding.UTF8.GetBytes($"{grep.Matched}\n"));
        buffered.Flush();
        if (firstMisfit is not null) Terminal.Complain($"{Count.Of(grep.Misfits, "line")} passed over, for no JSON event stands there; the first: {firstMisfit}");
        if (grep.Undecided > 0) Terminal.Complain($"{Count.Of(grep.Undecided, "event")} not matched to the end, which would have taken too long");
        return failed ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static List<string> FilesOf(string path, Action<Exception> failed)
    {
        if (!Directory.Exists(path)) return [path];
        var files = new List<string>();
        try
        {
            var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, IgnoreInaccessible = false };
            files.AddRange(Directory.EnumerateFiles(path, "*", all));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failed(e); // what was listed so far is read
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static string Name(string file) => file == "-" ? "the standard input" : file;
}
