using System.CommandLine;
using Yagura.Simulation;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura simulate</c>: realistic logs with planted attacks, and what must be found in them.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var defaults = new SimulationOptions();
        var scenario = new Option<string>("--scenario") { Description = "What is planted: all, none, or finding types, comma-separated.", DefaultValueFactory = _ => defaults.Scenario };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => defaults.Seed };
        var profile = new Option<string>("--profile") { Description = $"Size and mix: {string.Join(", ", Profile.All.Select(p => p.Name))}.", DefaultValueFactory = _ => defaults.Profile };
        var bytes = new Option<long?>("--target-bytes") { Description = "Decompressed bytes to write, about; the profile's own size by default.", HelpName = "BYTES" };
        var output = new Option<string>("--out") { Description = "Folder to write to; must be new or empty.", HelpName = "DIR", Required = true };
        var command = new Command("simulate", "Write realistic logs with planted attacks, their harmless twins, and what a scan must find.") { scenario, seed, profile, bytes, output };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            new SimulationOptions
            {
                Scenario = parsed.GetRequiredValue(scenario), Seed = parsed.GetValue(seed), Profile = parsed.GetRequiredValue(profile), TargetBytes = parsed.GetValue(bytes),
            },
            parsed.GetRequiredValue(output), cancel)));
        return command;
    }

    private static int Run(SimulationOptions options, string folder, CancellationToken cancel)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new UserError(string.Join('\n', mistakes));
        try
        {
            var result = Simulator.Write(options, folder, progress: null, cancel);
            Console.Error.WriteLine($"{result.Files:N0} objects, {result.Records:N0} records, {result.Bytes:N0} bytes; {result.Planted:N0} scenarios planted");
            Console.Error.WriteLine($"Scan them: yagura scan {folder}/AWSLogs --intel {folder}/{Simulator.IntelFolder} --inventory {folder}/{Simulator.InventoryFile}");
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError(e.Message, ExitCodes.Failed);
        }
    }
}
