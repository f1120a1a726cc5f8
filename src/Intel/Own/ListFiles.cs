using System.Net;
using System.Net.Sockets;
using Yagura.Core;
using Yagura.Core.Ports;

namespace Yagura.Intel;

/// <summary>Fetches lists from files, over HTTPS, and from S3 by way of another.</summary>
/// <remarks>Whoever may name a location must not reach by it what only this machine reaches: files are read below one folder, and names that lead to loopback,
/// link-local or private addresses are refused when the connection is made, so a name that changes its address meanwhile does not help.</remarks>
/// <param name="s3">Fetches from buckets; null where no bucket can be reached.</param>
/// <param name="folder">The folder that files may lie in, at any depth; null for none.</param>
/// <param name="allowPrivate">Whether addresses inside may be asked as well.</param>
public sealed class ListFiles(IListFiles? s3, string? folder, bool allowPrivate = false) : IListFiles, IDisposable
{
    /// <summary>From the first byte asked for to the last one read.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // a redirect could lead anywhere, and lists that are configured have a place
        ConnectCallback = (context, cancel) => Connect(context.DnsEndPoint, allowPrivate, cancel),
        UseProxy = false,
    })
    { Timeout = Patience };

    /// <inheritdoc/>
    public async Task<byte[]> Read(string location, string? bucketOwner, int most, CancellationToken cancel = default)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var url)) throw new IOException($"{location} is no URL");
        if (S3Url.TryParse(url, out var bucket, out var key))
            return await (s3 ?? throw new IOException("buckets cannot be reached from here")).Read($"s3://{bucket}/{key}", bucketOwner, most, cancel);
        return url.Scheme switch
        {
            "file" => await ReadFile(url, most, cancel),
            "https" => await Download(url, most, cancel),
            _ => throw new IOException($"lists are fetched over https, from S3 and from files, not over {url.Scheme}"),
        };
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> ReadFile(Uri url, int most, CancellationToken cancel)
    {
        var path = Path.GetFullPath(url.LocalPath);
        if (folder is null || url.IsUnc || !path.StartsWith(Path.GetFullPath(folder).TrimEnd('/') + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new IOException(folder is null ? "lists in files are not allowed here" : $"lists in files must lie below {folder}");
        try
        {
            // A link would lead out of the folder again.
            if (File.ResolveLinkTarget(path, returnFinalTarget: true) is not null) throw new IOException($"{path} is a link");
            await using var file = File.OpenRead(path);
            return await Bounded(file, most, cancel);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException($"{path} may not be read", denied);
        }
    }

    private async Task<byte[]> Download(Uri url, int most, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.StatusCode != HttpStatusCode.OK) throw new IOException($"{url.Host} answered {(int)response.StatusCode}");
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Patience); // the client's own timeout ends with the headers
            return await Bounded(body, most, patience.Token);
        }
        catch (HttpRequestException failed)
        {
            throw new IOException($"{url.Host} cannot be reached: {(failed.InnerException as IOException)?.Message ?? failed.HttpRequestError.ToString()}", failed);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"{url.Host} did not send the list within {Patience.TotalSeconds} s", late);
        }
    }

    internal static async Task<byte[]> Bounded(Stream stream, int most, CancellationToken cancel)
    {
        using var content = new MemoryStream();
        var buffer = new byte[65_536];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (content.Length + read > most) throw new IOException($"the list is larger than {most} bytes");
            content.Write(buffer, 0, read);
        }
        return content.ToArray();
    }

    private static async ValueTask<Stream> Connect(DnsEndPoint endpoint, bool allowPrivate, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancel);
        var allowed = addresses.Where(address => allowPrivate || IsPublic(address)).ToArray();
        if (allowed.Length == 0) throw new IOException("its address is not a public one");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsPublic(IPAddress address) => IpAddress.TryParse(address.ToString(), out var ours) && ours.IsPublic;
}
