using System.Text.Json;
using Yagura.Core.Json;
using Yagura.Core.Ports;

namespace Yagura.Core.Collection;

/// <summary>The public keys of CloudTrail, as its API answers and as <c>aws cloudtrail list-public-keys</c> prints.</summary>
/// <remarks><code>{"PublicKeyList":[{"Value":"MIIBCgKCAQEA…","ValidityStartTime":1600000000,"ValidityEndTime":1700000000,"Fingerprint":"31e8b5433410dfb61a9dc45cc65b22ff"}]}</code></remarks>
public static class TrailKeyList
{
    /// <param name="next">The token that the next page is asked for with; null where there is none.</param>
    /// <returns>Null where it is no list of keys.</returns>
    public static IReadOnlyList<TrailKey>? Parse(ReadOnlySpan<byte> json, out string? next)
    {
        next = null;
        if (!JsonText.TryParse(json, out var document)) return null;
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("PublicKeyList", out var list) || list.ValueKind != JsonValueKind.Array) return null;
            next = document.RootElement.TryGetProperty("NextToken", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
            var keys = new List<TrailKey>();
            foreach (var key in list.EnumerateArray())
            {
                if (key.ValueKind != JsonValueKind.Object || !key.TryGetProperty("Fingerprint", out var fingerprint) || fingerprint.ValueKind != JsonValueKind.String
                    || !key.TryGetProperty("Value", out var value) || value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out var bytes)) return null;
                keys.Add(new(fingerprint.GetString()!, bytes));
            }
            return keys;
        }
    }
}
