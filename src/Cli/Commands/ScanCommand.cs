using System.CommandLine;
using Yagura.Cli.Output;
using Yagura.Core.Findings;
using Yagura.Engine;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura scan</c>: logs in, findings out; no server.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var inputs = new ScanInputs();
        var format = Choice.OrFirst<FindingFormat>("--format", "How findings are written.");
        var failOn = Choice.Of<Severity>("--fail-on", "End with status 3 if a finding is at least this severe, else with 1 if a place could not be listed to its end.");
        var quarantine = new Option<string?>("--quarantine") { Description = $"Write the records that could not be used to this file, as JSON lines: of each object the first {ObjectReader.MostQuarantined:N0}.", HelpName = "FILE" };
        var state = new Option<string?>("--state") { Description = "Keep what was read and seen in this folder, and go on from it next time.", HelpName = "DIR" };
        var staged = new Option<string?>("--staged") { Description = "Write what rules on trial found, and was held back, to this file, as JSON lines.", HelpName = "FILE" };
        var command = new Command("scan", "Read logs and report what is found in them.") { inputs.Paths };
        foreach (var option in inputs.Options) command.Add(option);
        foreach (var option in new Option[] { format, failOn, quarantine, state, staged, inputs.Quiet }) command.Add(option);
        command.SetAction((parsed, cancel) => Run(
            parsed, inputs,
            new Request(
                parsed.GetRequiredValue(inputs.Paths), parsed.GetValue(format), parsed.GetValue(failOn), parsed.GetValue(quarantine), parsed.GetValue(state),
                parsed.GetValue(staged), parsed.GetValue(inputs.Quiet)),
            cancel));
        return command;
    }

    private sealed record Request(string[] Paths, FindingFormat Format, Severity? FailOn, string? Quarantine, string? State, string? Staged, bool Quiet);

    private static async Task<int> Run(ParseResult parsed, ScanInputs inputs, Request request, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        if (request.State is not null && inputs.HasBaseline(parsed))
            throw new UserError("--baseline is for a scan without --state, which would forget it by the next one; `yagura baseline import FILE --state DIR` adds the file to the folder for good");
        if (request.Staged is not null && !inputs.HasRules(parsed)) throw new UserError("--staged needs --rules: nothing is on trial without rules");
        var loaded = await inputs.Load(parsed, time, cancel);
        using var staged = request.Staged is null ? null : Files.Create(request.Staged);
        using var quarantine = request.Quarantine is null ? null : QuarantineFile.Create(request.Quarantine);
        var options = loaded.Options with { StateFolder = request.State, Quarantine = quarantine is null ? _ => { } : quarantine.Write };

        var report = await ScanInputs.Run(request.Paths, options, request.Quiet, time, cancel);
        FindingFormats.Write(request.Format, report.Findings, loaded.Accounts);
        if (staged is not null) FindingFormats.WriteLines(staged, report.Staged.Where(rule => !rule.Trial.Promoted).SelectMany(rule => rule.Findings));
        if (request.Quiet) ScanSummary.WriteFailures(Terminal.Error, report);
        else ScanSummary.Write(Terminal.Error, report, TypeStatus.All(options.Detectors, options.Knowledge), request.Quarantine, options.Rules, loaded.RuleDetectors.Unasked);
        return ExitCode(report, request);
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
}
