using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Yagura.Api.Wire;

/// <summary>Pages of lists that are ordered by an id: a token names the last id of its page, so new entries do not shift the pages.</summary>
internal static class Paging
{
    public const int MostResults = 50;

    /// <summary>Takes the page that the call asks for (<c>maxResults</c> and <c>nextToken</c>, in query or body) and writes <c>nextToken</c> where there is more.</summary>
    /// <param name="all">In ordinal order of their ids.</param>
    public static IReadOnlyList<T> Page<T>(this Call call, Utf8JsonWriter json, IEnumerable<T> all, Func<T, string> id, int most = MostResults)
    {
        var size = MaxResults(call, most) ?? most;
        var after = Token(call) is { } token ? LastOf(call, token) : null;
        var page = all.Where(item => after is null || string.CompareOrdinal(id(item), after) > 0).Take(size + 1).ToList();
        if (page.Count <= size) return page;
        page.RemoveAt(size);
        json.WriteString("nextToken", Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{call.Operation.Name}\n{id(page[^1])}")));
        return page;
    }

    public static int? MaxResults(Call call, int most = MostResults) => call.QueryNumber("maxResults", 1, most) ?? call.Body.NumberOrNull("maxResults", 1, most);

    /// <summary>Null for the first page; some clients ask for it with an empty token.</summary>
    public static string? Token(Call call) => (call.Query("nextToken") ?? call.Body.TextOrNull("nextToken", 0, 4096)) is { Length: > 0 } token ? token : null;

    private static string LastOf(Call call, string token)
    {
        var bytes = new byte[token.Length];
        var prefix = $"{call.Operation.Name}\n";
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes.AsSpan(0, length)) is var text && text.StartsWith(prefix, StringComparison.Ordinal)
                ? text[prefix.Length..] : throw Refuse.Invalid("nextToken", "it is not one that this operation gave out");
    }
}
