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
        var sigma = new Option<string?>("--sigma") { Description = "A file of Sigma rules; an event matches that one of them matches.", HelpName = "RULE" };
        var criteria = new Option<string?>("--criteria") { Description = "GuardDuty finding criteria: their JSON, or a file.", HelpName = "CRITERIA" };
        var files = new Argument<string[]>("file") { Description = "Files of one JSON event a line, or CloudTrail files, plain or .gz; stdin when none is given.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrMore };
        var count = new Option<bool>("--count") { Description = "Print how many events match, not the events." };
        var placeholders = new Option<string[]>("--placeholder") { Description = "What %NAME% stands for in Sigma values with the modifier expand.", HelpName = "NAME=VALUE" };
        var command = new Command("match", "Print the JSON events that a pattern, rule or criteria matches.") { eventBridge, sigma, criteria, files, count, placeholders };
        command.SetAction((parsed, cancel) =>
        {
            var given = new[] { parsed.GetValue(eventBridge), parsed.GetValue(sigma), parsed.GetValue(criteria) };
            if (given.Count(one => one is not null) != 1) throw new UserError("give exactly one of --eventbridge, --sigma and --criteria");
            var options = new SigmaOptions { Placeholders = RulesCommand.Parse(parsed.GetValue(placeholders) ?? []) };
            var pattern = given[0] is { } bridge ? EventFilters.EventBridge(TextOf(bridge)) : given[1] is { } rule ? EventFilters.Sigma(rule, TextOf(rule), options) : EventFilters.Criteria(TextOf(given[2]!));
            return Task.FromResult(Run(pattern, parsed.GetValue(files) ?? [], parsed.GetValue(count), cancel));
        });
        return command;
    }

    /// <summary>What is written on the command line, or in the file that it names.</summary>
    private static byte[] TextOf(string given)
    {
        if (File.Exists(given)) return Files.Read(given);
        if (given.TrimStart() is ['{' or '[', ..] || given.Contains('\n', StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(given);
        throw new UserError($"{given} is no JSON and no file");
    }

    private static int Run(EventFilter filter, string[] files, bool countOnly, CancellationToken cancel)
    {
        using var output = Console.OpenStandardOutput();
        using var buffered = new BufferedStream(output, 1 << 16);
        var grep = new EventGrep(filter, countOnly ? Stream.Null : buffered, isTerminal: !Console.IsOutputRedirected);
        if (files.Length == 0) files = ["-"];
        foreach (var file in files)
        {
            try
            {
                using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
                grep.Read(input, cancel);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                buffered.Flush();
                throw new UserError($"{(file == "-" ? "the standard input" : file)} cannot be read: {e.Message}", ExitCodes.Failed);
            }
        }
        if (countOnly) buffered.Write(Encoding.UTF8.GetBytes($"{grep.Matched}\n"));
        buffered.Flush();
        if (grep.Misfits > 0) Terminal.Complain($"{grep.Misfits} lines are no JSON events and were passed over; the first: line {grep.FirstMisfit}");
        if (grep.Undecided > 0) Terminal.Complain($"{grep.Undecided} events were not matched to the end, which would have taken too long");
        return ExitCodes.Done;
    }
}
