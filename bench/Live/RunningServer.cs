using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Ledger;

namespace Yagura.Bench.Live;

/// <summary>A server process that watches a folder, and what can be asked of it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public const string Account = "111122223333", Region = "eu-west-1";

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly (string Id, string Secret) _key;
    private readonly Database _database;
    private readonly ObjectLedger _ledger;

    private RunningServer(Process process, HttpClient http, (string, string) key, string work)
    {
        (_process, _http, _key, Inbox) = (process, http, key, Path.Combine(work, "in"));
        _database = Database.Open(Path.Combine(work, "data"));
        _ledger = new(_database);
    }

    /// <summary>The watched folder.</summary>
    public string Inbox { get; }

    public string DetectorId { get; private set; } = "";

    public static async Task<RunningServer> Start(string program, string work)
    {
        Directory.CreateDirectory(Path.Combine(work, "in"));
        var data = Path.Combine(work, "data");
        using var made = Run(program, ["keys", "create", "--data", data, "--account", Account, "--format", "json"]);
        using var key = JsonDocument.Parse(await made.StandardOutput.ReadToEndAsync());
        await made.WaitForExitAsync();
        var port = FreePort();
        var process = Run(program, ["serve", "--data", data, "--source", Path.Combine(work, "in"), "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")]);
        _ = process.StandardOutput.ReadToEndAsync();
        var ready = false;
        while (!ready && await process.StandardError.ReadLineAsync() is { } line) ready = line.StartsWith("Yagura listens", StringComparison.Ordinal);
        _ = process.StandardError.ReadToEndAsync();
        var server = new RunningServer(
            process, new() { BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) },
            (key.RootElement.GetProperty("accessKeyId").GetString()!, key.RootElement.GetProperty("secretAccessKey").GetString()!), work);
        using var detector = await server.Ask(HttpMethod.Post, "/detector", """{"enable":true}""");
        server.DetectorId = detector.RootElement.GetProperty("detectorId").GetString()!;
        return server;
    }

    /// <summary>Resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time so far, of all threads.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Objects that the ledger has as settled.</summary>
    public async Task<long> Settled() =>
        (await _ledger.Hours(new(), 1_000_000)).Sum(hour => Enum.GetValues<LedgerState>().Where(state => state.IsSettled()).Sum(state => hour.Objects[(int)state]));

    /// <summary>Asks the API, signed as AWS's clients do.</summary>
    public async Task<JsonDocument> Ask(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        Sign(request, body);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new InvalidOperationException($"{path}: {answer.StatusCode} {text}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await stop.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }
        await _database.DisposeAsync();
        _http.Dispose();
        _process.Dispose();
    }

    private static Process Run(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Sign(HttpRequestMessage request, string body)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (day, time) = (now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var (scope, host) = ($"{day}/{Region}/guardduty/aws4_request", $"{_http.BaseAddress!.Host}:{_http.BaseAddress.Port}");
        var canonical = $"{request.Method}\n{request.RequestUri}\n\nhost:{host}\nx-amz-date:{time}\n\nhost;x-amz-date\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + _key.Secret);
        foreach (var part in (string[])[day, Region, "guardduty", "aws4_request"]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}")));
        request.Headers.TryAddWithoutValidation("x-amz-date", time);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={_key.Id}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
