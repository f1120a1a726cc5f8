using System.Security.Cryptography;
using System.Text;

namespace Yagura.Api.Signing;

/// <summary>What both sides hash: the request with everything that may differ on the way written in one way.</summary>
/// <remarks>Source: IAM user guide, "Create a signed AWS API request", step 1. All services but S3 encode the path twice.</remarks>
internal static class CanonicalRequest
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public static string Write(RequestHead head, IEnumerable<string> signedHeaders, string payloadHash)
    {
        var text = new StringBuilder(512)
            .Append(head.Method).Append('\n')
            .Append(UriText.Encode(UriText.Normalise(head.Path), keepSlash: true)).Append('\n')
            .Append(Query(head)).Append('\n');
        foreach (var name in signedHeaders) text.Append(name).Append(':').AppendJoin(',', head.Values(name).Select(Fold)).Append('\n');
        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash).ToString();
    }

    public static string StringToSign(string timestamp, CredentialScope scope, string canonicalRequest) =>
        $"{Algorithm}\n{timestamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)))}";

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    // Sorted by encoded name, then by encoded value; the signature itself is the one parameter that cannot be signed.
    private static string Query(RequestHead head)
    {
        var pairs = head.Parameters.Where(pair => pair.Key != "X-Amz-Signature")
            .Select(pair => (Name: UriText.Encode(pair.Key), Value: UriText.Encode(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', pairs.Select(pair => $"{pair.Name}={pair.Value}"));
    }

    // Without the spaces around a value, and with one space for several.
    private static string Fold(string value)
    {
        var folded = new StringBuilder(value.Length);
        foreach (var c in value.AsSpan().Trim(" \t"))
        {
            if (c != ' ' || folded[^1] != ' ') folded.Append(c);
        }
        return folded.ToString();
    }
}
