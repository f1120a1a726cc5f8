using System.Net;
using System.Net.Sockets;

namespace Yagura.Aws.Tests;

/// <summary>A server on loopback that treats every connection as it is told: a network that misbehaves.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _treat;
    private readonly Task _accepting;
    private int _connections;

    public Loopback(Func<NetworkStream, CancellationToken, Task> treat)
    {
        _treat = treat;
        _listener.Start();
        Endpoint = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = Accept();
    }

    public Uri Endpoint { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Passes everything on to <paramref name="server"/>, and cuts the connection once it has answered that many bytes.</summary>
    public static Loopback CuttingAfter(int bytes, Uri server) => new((client, cancel) => Pass(client, bytes, server, cancel));

    /// <summary>Passes everything on to <paramref name="server"/>, and falls silent once it has answered that many bytes.</summary>
    public static Loopback StallingAfter(int bytes, Uri server) => new(async (client, cancel) =>
    {
        await Pass(client, bytes, server, cancel);
        await Task.Delay(Timeout.Infinite, cancel);
    });

    /// <summary>Gives every request the same answer.</summary>
    public static Loopback Answering(string response) => new(async (client, cancel) =>
    {
        await client.ReadAtLeastAsync(new byte[65536], 1, cancellationToken: cancel);
        await client.WriteAsync(System.Text.Encoding.ASCII.GetBytes(response.ReplaceLineEndings("\r\n")), cancel);
    });

    /// <summary>Accepts, and says nothing.</summary>
    public static Loopback Silent() => new((_, cancel) => Task.Delay(Timeout.Infinite, cancel));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task Accept()
    {
        var treated = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                treated.Add(Treat(connection));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException || (error is InvalidOperationException && _stop.IsCancellationRequested))
        {
            await Task.WhenAll(treated);
        }
    }

    private async Task Treat(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                await _treat(connection.GetStream(), _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
            {
                // The other side went away, or the test is over: both end a connection.
            }
        }
    }

    /// <summary>Answers one request with an error and no body.</summary>
    public static async Task Refuse(NetworkStream client, string status, CancellationToken cancel)
    {
        await client.ReadAtLeastAsync(new byte[65536], 1, cancellationToken: cancel);
        await client.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancel);
    }

    /// <summary>Passes everything on to <paramref name="server"/>, until it has answered that many bytes.</summary>
    public static async Task Pass(NetworkStream client, int bytes, Uri server, CancellationToken cancel)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(server.Host, server.Port, cancel);
        var back = upstream.GetStream();
        _ = client.CopyToAsync(back, cancel); // ends with the connection
        var buffer = new byte[8192];
        for (var left = bytes; left > 0;)
        {
            var read = await back.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), cancel);
            if (read == 0) return;
            await client.WriteAsync(buffer.AsMemory(0, read), cancel);
            left -= read;
        }
    }
}
