using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Yagura.Cli.Tests;

/// <summary>What one run of the program said.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error);

/// <summary>The program, run as a process of its own: the one built beside the tests, or the one that <c>YAGURA_PROGRAM</c> names, as <c>./build</c> does
/// with the published one.</summary>
internal static class Program
{
    private static readonly string File = Environment.GetEnvironmentVariable("YAGURA_PROGRAM") is { Length: > 0 } path
        ? path : Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "yagura.exe" : "yagura");

    private static readonly Dictionary<string, string> Nothing = [];

    public static Task<Outcome> Run(params string[] arguments) => Run(Nothing, [], arguments);

    public static Task<Outcome> Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Run(environment, [], arguments);

    /// <summary>The program, left running.</summary>
    public static Running Start(params string[] arguments) => new(Process.Start(new ProcessStartInfo(File, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!);

    /// <param name="input">What stands on the standard input.</param>
    public static Task<Outcome> RunWith(byte[] input, params string[] arguments) => Run(Nothing, input, arguments);

    private static async Task<Outcome> Run(IReadOnlyDictionary<string, string> environment, byte[] input, string[] arguments)
    {
        var start = new ProcessStartInfo(File, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }
}

/// <summary>A run that goes on until it is interrupted; ended by force where the test ends first.</summary>
internal sealed class Running(Process process) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What stands on stderr up to a line that ends with a text.</summary>
    public async Task<string> Until(string end)
    {
        var seen = new StringBuilder();
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken) is { } line)
        {
            seen.AppendLine(line);
            if (line.EndsWith(end, StringComparison.Ordinal)) return seen.ToString();
        }
        throw new InvalidOperationException($"the program ended; it said: {seen}");
    }

    /// <summary>Sends Ctrl-C and returns the exit code.</summary>
    public async Task<int> Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
        process.Dispose();
    }
}

/// <summary>A folder for the time of one test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "yagura-cli-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));

    public Scratch() => Directory.CreateDirectory(Path);

    public string Add(string name, ReadOnlySpan<byte> content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Puts another content in the place of a file's at once: nobody sees it half written.</summary>
    public void Replace(string path, string content)
    {
        var next = path + ".next";
        System.IO.File.WriteAllText(next, content);
        File.Move(next, path, overwrite: true);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
