using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Yagura.Api.Signing;

namespace Yagura.Api.Tests;

/// <summary>A request that a client signs, and that somebody may change before it arrives.</summary>
internal sealed record SignedRequest(string KeyId, string Secret, DateTimeOffset Time)
{
    public string Method { get; init; } = "POST";

    public string Path { get; init; } = "/detector/12abc/findings";

    public string Query { get; init; } = "";

    public byte[] Body { get; init; } = "{\"maxResults\":5}"u8.ToArray();

    public string Region { get; init; } = "eu-west-1";

    public string Service { get; init; } = "guardduty";

    /// <summary>What stands for the body's hash in the signature; null for the hash.</summary>
    public string? PayloadHash { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public IReadOnlyList<string>? SignedHeaders { get; init; }

    public bool IsPrivate { get; init; } = true;

    public string Timestamp => Time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public CredentialScope Scope => new(Timestamp[..8], Region, Service);

    public byte[] SigningKey => Scope.SigningKey(Secret);

    /// <summary>The request with its signature in a header.</summary>
    public RequestHead Sign()
    {
        List<KeyValuePair<string, string>> headers = [new("Host", "127.0.0.1:8080"), new("X-Amz-Date", Timestamp), .. Headers];
        if (PayloadHash is not null) headers.Add(new("X-Amz-Content-Sha256", PayloadHash));
        var signed = SignedHeaders ?? [.. headers.Select(header => header.Key.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];
        var head = new RequestHead(Method, Path, Query, headers, IsPrivate);
        var signature = Signature(head, signed, PayloadHash ?? Hash(Body));
        headers.Add(new("Authorization", $"AWS4-HMAC-SHA256 Credential={KeyId}/{Scope}, SignedHeaders={string.Join(';', signed)}, Signature={signature}"));
        return head with { Headers = headers };
    }

    /// <summary>The request with its signature in the query.</summary>
    public RequestHead Presign(string expires = "60")
    {
        var query = $"{Query}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{KeyId}/{Scope}")}&X-Amz-Date={Timestamp}&X-Amz-Expires={expires}&X-Amz-SignedHeaders=host".TrimStart('&');
        var head = new RequestHead(Method, Path, query, [new("Host", "127.0.0.1:8080"), .. Headers], IsPrivate);
        return head with { Query = $"{query}&X-Amz-Signature={Signature(head, ["host"], Hash(Body))}" };
    }

    /// <summary>A body of signed chunks for <see cref="ChunkedBody"/>.</summary>
    public byte[] Chunks(string seed, params ReadOnlySpan<string> chunks)
    {
        using var body = new MemoryStream();
        var previous = seed;
        foreach (var chunk in (string[])[.. chunks, ""])
        {
            var bytes = Encoding.UTF8.GetBytes(chunk);
            previous = Hmac($"AWS4-HMAC-SHA256-PAYLOAD\n{Timestamp}\n{Scope}\n{previous}\n{Hash([])}\n{Hash(bytes)}");
            body.Write(Encoding.ASCII.GetBytes($"{bytes.Length:x};chunk-signature={previous}\r\n"));
            body.Write(bytes);
            body.Write("\r\n"u8);
        }
        return body.ToArray();
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private string Signature(RequestHead head, IReadOnlyList<string> signed, string hash) =>
        Hmac(CanonicalRequest.StringToSign(Timestamp, Scope, CanonicalRequest.Write(head, signed.Where(name => head.Header(name) is not null), hash)));

    private string Hmac(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(SigningKey, Encoding.UTF8.GetBytes(text)));
}
