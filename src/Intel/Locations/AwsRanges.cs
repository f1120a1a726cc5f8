using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Yagura.Core;

namespace Yagura.Intel;

/// <summary>The addresses that AWS publishes as its own, of all services and regions together.</summary>
/// <remarks>Source: <c>ip-ranges.json</c> (AWS General Reference, "AWS IP address ranges").
/// <code>{"prefixes":[{"ip_prefix":"192.0.2.0/24","region":"us-east-1","service":"EC2"}],"ipv6_prefixes":[{"ipv6_prefix":"2001:db8::/32"}]}</code></remarks>
public sealed class AwsRanges
{
    private readonly Segments _ranges;

    private AwsRanges(List<AddressRange> ranges, string sha256)
    {
        _ranges = Segments.Overlay([ranges], new ListSets());
        Count = ranges.Count;
        Sha256 = sha256;
    }

    /// <summary>Number of published prefixes.</summary>
    public int Count { get; }

    /// <summary>Of the file's bytes, lower-case hex.</summary>
    public string Sha256 { get; }

    public bool Holds(IpAddress address) => _ranges.Find(address) != 0;

    /// <returns>The ranges, or null and why the content is not such a file.</returns>
    public static AwsRanges? TryParse(ReadOnlyMemory<byte> content, out string reason)
    {
        var ranges = new List<AddressRange>();
        try
        {
            using var json = JsonDocument.Parse(content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                Add(json.RootElement, "prefixes", "ip_prefix", ranges);
                Add(json.RootElement, "ipv6_prefixes", "ipv6_prefix", ranges);
            }
        }
        catch (JsonException broken)
        {
            reason = $"not JSON at line {broken.LineNumber + 1}";
            return null;
        }
        catch (InvalidOperationException)
        {
            reason = "holds text that is no Unicode";
            return null;
        }
        reason = ranges.Count > 0 ? "" : "no prefixes; expected AWS's ip-ranges.json";
        return ranges.Count > 0 ? new(ranges, Convert.ToHexStringLower(SHA256.HashData(content.Span))) : null;
    }

    private static void Add(JsonElement root, string list, string field, List<AddressRange> ranges)
    {
        if (!root.TryGetProperty(list, out var prefixes) || prefixes.ValueKind != JsonValueKind.Array) return;
        foreach (var prefix in prefixes.EnumerateArray())
        {
            if (prefix.ValueKind == JsonValueKind.Object && prefix.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String
                && AddressRange.TryParse(Encoding.UTF8.GetBytes(text.GetString()!), out var range)) ranges.Add(range);
        }
    }
}
