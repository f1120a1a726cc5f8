using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Yagura.Api.Wire;

/// <summary>Pages of lists that are ordered by an id: a token names the last id of its page, so new entries do not shift the pages.</summary>
internal static class Paging
{
    public const int MostResults = 50;

    /// <summary>Writes the page that the call asks for (<c>maxResults</c> and <c>nextToken</c>, in query or body), and <c>nextToken</c> where there is more.</summary>
    /// <param name="name">Of the list in the answer.</param>
    /// <param name="all">In ordinal order of their ids.</param>
    public static void WritePage<T>(this Call call, Utf8JsonWriter json, string name, IEnumerable<T> all, Func<T, string> id, Action<Utf8JsonWriter, T> write)
    {
        var size = MaxResults(call) ?? MostResults;
        var after = Token(call) is { } token ? LastOf(call, token) : null;
        var page = all.Where(item => after is null || string.CompareOrdinal(id(item), after) > 0).Take(size + 1).ToList();
        json.WriteStartArray(name);
        foreach (var item in page.Take(size)) write(json, item);
        json.WriteEndArray();
        if (page.Count > size) json.WriteString("nextToken", Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{call.Operation.Name}\n{id(page[size - 1])}")));
    }

    public static int? MaxResults(Call call) => call.QueryNumber("maxResults", 1, MostResults) ?? call.Body.NumberOrNull("maxResults", 1, MostResults);

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
