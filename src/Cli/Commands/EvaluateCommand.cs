using System.CommandLine;
using Yagura.Cli.Output;
using Yagura.Engine.Evaluation;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura evaluate</c>: how well a scan finds what is known to be in logs.</summary>
internal static class EvaluateCommand
{
    private enum ReportFormat { Table, Json }

    public static Command Create()
    {
        var inputs = new ScanInputs();
        var truth = new Option<string>("--truth") { Description = "What is known to be in the logs, one JSON object a line (docs/evaluate.md), or expected.jsonl of `yagura simulate`.", HelpName = "FILE", Required = true };
        var format = Choice.OrFirst<ReportFormat>("--format", "How the result is written.");
        var command = new Command("evaluate", "Scan logs of which the truth is known, and say what was found, missed and made up.") { inputs.Paths, truth };
        foreach (var option in inputs.Options) command.Add(option);
        command.Add(format);
        command.Add(inputs.Quiet);
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(truth);
            var (lines, mistakes) = TruthFile.Read(Files.ReadText(path));
            if (mistakes.Count > 0) throw new UserError(string.Join('\n', mistakes.Select(mistake => $"{path}: {mistake}")));
            var loaded = await inputs.Load(parsed, TimeProvider.System, cancel);
            var paths = parsed.GetRequiredValue(inputs.Paths);
            EvaluationReport report;
            using (var progress = ProgressBar.Start(parsed.GetValue(inputs.Quiet), TimeProvider.System))
            {
                report = await Evaluator.Run(ScanInputs.Places(paths), loaded.Options, lines, progress, TimeProvider.System, cancel);
            }
            ScanSummary.WriteFailures(Terminal.Error, report.Scan);
            if (report.Records == 0) throw new UserError($"nothing to read in {string.Join(", ", paths)}", ExitCodes.Failed);
            if (parsed.GetValue(format) == ReportFormat.Json) EvaluationJson.Write(report);
            else EvaluationPage.Write(Terminal.Out, report);
            return ExitCodes.Done;
        });
        return command;
    }
}
