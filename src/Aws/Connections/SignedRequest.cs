using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Yagura.Aws.Connections;

/// <summary>A request to a service of which the SDK's package is not used, signed with Signature Version 4.</summary>
/// <param name="Service">As in the signature, such as <c>cloudtrail</c>.</param>
/// <param name="Endpoint">Scheme, host and port.</param>
internal sealed record SignedRequest(HttpMethod Method, string Service, string Region, Uri Endpoint)
{
    /// <summary>Segments of the path, not escaped.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>Names and values of the query, not escaped.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Body { get; init; } = "";

    public string ContentType { get; init; } = "application/json";

    /// <summary>The header <c>x-amz-target</c>; null for services without one.</summary>
    public string? Target { get; init; }

    public HttpRequestMessage Sign(ImmutableCredentials keys, DateTimeOffset at)
    {
        var escaped = Path.Select(Uri.EscapeDataString).ToList();
        var query = string.Join('&', Query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}").Order(StringComparer.Ordinal));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = Endpoint.IsDefaultPort ? Endpoint.Host : Endpoint.Authority, ["x-amz-date"] = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
        };
        if (Body.Length > 0) headers["content-type"] = ContentType;
        if (Target is not null) headers["x-amz-target"] = Target;
        if (keys.UseToken) headers["x-amz-security-token"] = keys.Token;
        var names = string.Join(';', headers.Keys);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)));
        // The path is escaped twice in what is signed, as every service but S3 expects.
        var canonical = $"{Method}\n/{string.Join('/', escaped.Select(Uri.EscapeDataString))}\n{query}\n{string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"))}\n{names}\n{hash}";
        var signature = AWS4Signer.ComputeSignature(keys, Region, at.UtcDateTime, Service, names, canonical);

        var request = new HttpRequestMessage(Method, new Uri(Endpoint, $"/{string.Join('/', escaped)}{(query.Length > 0 ? $"?{query}" : "")}"));
        if (Body.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }
        foreach (var (name, value) in headers)
            if (name.StartsWith("x-", StringComparison.Ordinal)) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
        return request;
    }
}
