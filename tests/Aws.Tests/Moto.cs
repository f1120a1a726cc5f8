using System.Diagnostics;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;
using Yagura.Tests;

namespace Yagura.Aws.Tests;

/// <summary>A moto server of its own on loopback, for the time of one test class.</summary>
public sealed partial class Moto : IAsyncDisposable
{
    public static readonly BasicAWSCredentials AnyCredentials = new("AKIAIOSFODNN7EXAMPLE", "any");

    private readonly TaskCompletionSource<Uri> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _server;

    public Uri Endpoint { get; private set; } = null!;

    public AmazonS3Client Client { get; private set; } = null!;

    public static AmazonS3Config ConfigFor(Uri endpoint) => new() { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1" };

    /// <summary>Starts the server, once; skips the calling test where the program is missing. (Asked for by the test, since a fixture cannot skip.)</summary>
    public async ValueTask Start()
    {
        if (_server is not null) return;
        // Port 0: the system picks a free one, and the server says which.
        var start = new ProcessStartInfo(Counterpart.Require("moto_server"), ["-H", "127.0.0.1", "-p", "0"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _server = new Process { StartInfo = start };
        _server.ErrorDataReceived += (_, line) => Heard(line.Data);
        _server.OutputDataReceived += (_, line) => Heard(line.Data);
        _server.Start();
        _server.BeginErrorReadLine();
        _server.BeginOutputReadLine();
        Endpoint = await _running.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Client = new(AnyCredentials, ConfigFor(Endpoint));
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_server is null) return;
        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is not null && RunningOn().Match(line) is { Success: true } match) _running.TrySetResult(new Uri(match.Value));
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.CultureInvariant)]
    private static partial Regex RunningOn();
}
