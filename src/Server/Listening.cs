using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Yagura.Server;

/// <summary>An address that the server listens on.</summary>
/// <param name="Address">Null for all.</param>
internal sealed record Listening(IPAddress? Address, int Port, bool IsTls)
{
    /// <exception cref="FormatException">They cannot be used as they are; the message is for people.</exception>
    public static IReadOnlyList<Listening> Check(ServerOptions options)
    {
        var all = options.Urls.Select(Parse).ToList();
        if (all.Exists(one => one.IsTls) && options.Tls is null) throw new FormatException("https needs a certificate and its key (--tls-certificate, --tls-key)");
        return all.Find(one => !one.IsTls && (one.Address is null || !IPAddress.IsLoopback(one.Address))) is { } open && !options.AllowPlainHttp
            ? throw new FormatException(
                $"http on {open.Address?.ToString() ?? "every address"} would let the network read secrets and findings: use https, listen on 127.0.0.1 behind a proxy that speaks it, or allow it with --allow-plain-http")
            : all;
    }

    public static void Configure(KestrelServerOptions kestrel, IReadOnlyList<Listening> endpoints, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 << 10;
        kestrel.Limits.MaxConcurrentConnections = 1_000;
        foreach (var one in endpoints)
        {
            if (one.Address is null) kestrel.ListenAnyIP(one.Port, Secure);
            else kestrel.Listen(one.Address, one.Port, Secure);
            void Secure(ListenOptions listen)
            {
                if (!one.IsTls) return;
                var (certificate, key) = options.Tls!.Value;
                var chain = new X509Certificate2Collection();
                try
                {
                    chain.ImportFromPemFile(certificate);
                    listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = X509Certificate2.CreateFromPemFile(certificate, key), ServerCertificateChain = chain });
                }
                catch (CryptographicException e)
                {
                    throw new FormatException($"the certificate {certificate} and the key {key} cannot be used: {e.Message}", e);
                }
            }
        }
    }

    private static Listening Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/" || url.Query.Length > 0)
            throw new FormatException($"{text} is no address such as {ServerOptions.DefaultUrl}");
        return url.Host switch
        {
            "localhost" => new(IPAddress.Loopback, url.Port, url.Scheme == "https"),
            "*" or "+" => new(null, url.Port, url.Scheme == "https"),
            var host when IPAddress.TryParse(host.Trim('[', ']'), out var address) => new(address, url.Port, url.Scheme == "https"),
            _ => throw new FormatException($"{text}: write an IP address of this machine, localhost, or 0.0.0.0 for all"),
        };
    }
}
