using System.CommandLine;
using Yagura.Cli;
using Yagura.Cli.Commands;
using Yagura.Cli.Output;

var root = new RootCommand("Watches AWS accounts: reads the logs you have and finds threats in them, in Amazon GuardDuty's format.")
{
    ScanCommand.Create(),
    ServeCommand.Create(),
    KeysCommand.Create(),
    SuppressionsCommand.Create(),
    AuditCommand.Create(),
    ExplainCommand.Create(),
    EvaluateCommand.Create(),
    TypesCommand.Create(),
    BaselineCommand.Create(),
    IntelCommand.Create(),
    SimulateCommand.Create(),
    SourcesCommand.Create(),
    ImportCommand.Create(),
    RulesCommand.Create(),
    BacktestCommand.Create(),
    MatchCommand.Create(),
    DocsCommand.Create(),
};

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true; // once: stop in good order; the second time the system ends the process
    if (cancellation.IsCancellationRequested) pressed.Cancel = false;
    cancellation.Cancel();
};

var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
var mistakes = Misspelt.In(parsed) is { } misspelt ? [misspelt] : parsed.Errors.Select(error => error.Message).ToList();
if (mistakes.Count > 0)
{
    foreach (var mistake in mistakes) Terminal.Complain(mistake);
    Console.Error.WriteLine($"Try `yagura {string.Join(' ', parsed.CommandResult.Path())} --help`.".Replace("  ", " ", StringComparison.Ordinal));
    return ExitCodes.Usage;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, cancellation.Token);
}
catch (UserError e)
{
    Terminal.Complain(e.Message);
    return e.ExitCode;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("stopped");
    return ExitCodes.Failed;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // A full disk under the output, most of all. A reader that left (`yagura … | head`) is no error: the rest is written to nobody.
    Terminal.Complain($"stopped: {e.Message}");
    return ExitCodes.Failed;
}
