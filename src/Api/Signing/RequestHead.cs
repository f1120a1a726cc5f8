namespace Yagura.Api.Signing;

/// <summary>A request without its body, as it stood on the wire.</summary>
/// <param name="Path">Percent-encoded, from the first slash to the question mark.</param>
/// <param name="Query">Percent-encoded, without the question mark; empty where there is none.</param>
/// <param name="Headers">In the order of the wire; names in any case, a name as often as it was sent.</param>
/// <param name="IsPrivate">True where nobody between client and server can read or change the request: TLS, or one machine.</param>
public sealed record RequestHead(string Method, string Path, string Query, IReadOnlyList<KeyValuePair<string, string>> Headers, bool IsPrivate)
{
    /// <summary>All values of a header, joined by commas; null where it was not sent.</summary>
    public string? Header(string name) => Values(name) is { Count: > 0 } values ? string.Join(',', values) : null;

    public IReadOnlyList<string> Values(string name) => [.. Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];

    /// <summary>Names and values of the query, decoded, in the order of the wire.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => Parse(Query);

    private static List<KeyValuePair<string, string>> Parse(string query)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = part.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(equal < 0 ? new(UriText.Decode(part), "") : new(UriText.Decode(part[..equal]), UriText.Decode(part[(equal + 1)..])));
        }
        return parameters;
    }

    /// <summary>The only value of a query parameter; null where it stands there never or more than once.</summary>
    public string? Parameter(string name)
    {
        string? found = null;
        foreach (var (key, value) in Parameters)
        {
            if (key != name) continue;
            if (found is not null) return null;
            found = value;
        }
        return found;
    }
}
