using System.Diagnostics;
using Yagura.Tests;

namespace Yagura.Conformance.Tests;

/// <summary>Runs a client of the real service against a server of ours.</summary>
internal static class Script
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "scripts", name);

    /// <summary>Runs <c>python3 script</c>; skips the test where Python or a module that the script needs is missing.</summary>
    public static async Task<string> Python(Server server, string script, params string[] modules)
    {
        var python = Counterpart.Require("python3");
        foreach (var module in modules)
        {
            var (status, _) = await Run(server, null, python, "-c", $"import {module}");
            if (status != 0 && System.Environment.GetEnvironmentVariable("YAGURA_REQUIRE_COUNTERPARTS") == "1") Assert.Fail($"Python's module {module} is missing, and this run must not do without it");
            Assert.SkipWhen(status != 0, $"Python's module {module} is missing");
        }
        return await Succeed(server, null, python, PathOf(script));
    }

    /// <summary>What the program said on both streams; it must end with status 0.</summary>
    public static async Task<string> Succeed(Server server, string? folder, string program, params string[] arguments)
    {
        var (status, said) = await Run(server, folder, program, arguments);
        Assert.True(status == 0, $"{Path.GetFileName(program)} {arguments.FirstOrDefault()} ended with {status}:\n{said}");
        return said;
    }

    public static async Task<(int Status, string Said)> Run(Server server, string? folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? AppContext.BaseDirectory };
        foreach (var (name, value) in server.Environment()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"did not end in {Patience.TotalMinutes} minutes");
        }
    }
}
