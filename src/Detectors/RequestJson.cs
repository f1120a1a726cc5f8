using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Yagura.Core.Json;

namespace Yagura.Detectors;

/// <summary>Reads the free-form parts of a call (request, answer), which only a few detectors look into and only for the calls they are about.</summary>
public static class RequestJson
{
    /// <summary>Parses a raw slot of a record; false for an empty, null or malformed one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        return raw is [(byte)'{' or (byte)'[', ..] && JsonText.TryParse(raw, out document);
    }

    /// <summary>The text of the first member of a name, wherever it stands, without reading the whole: for names of AWS's, in which nothing is escaped. Empty where there is none.</summary>
    /// <param name="quotedName">In quotation marks.</param>
    public static ReadOnlySpan<byte> FirstText(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> quotedName)
    {
        while (raw.IndexOf(quotedName) is >= 0 and var at)
        {
            raw = raw[(at + quotedName.Length)..];
            // What is not followed by a colon is a value that looks like the name.
            if (raw.TrimStart((byte)' ') is not [(byte)':', .. var rest] || rest.TrimStart((byte)' ') is not [(byte)'"', .. var text]) continue;
            var end = text.IndexOf((byte)'"');
            return end < 0 ? default : text[..end];
        }
        return default;
    }

    /// <summary>A text, number or boolean property as text; null where it is absent or something else.</summary>
    public static string? Text(this JsonElement element, string name) => element.Child(name).Text();

    /// <summary>A text, number or boolean as text; null for anything else.</summary>
    public static string? Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Readable(element, static e => e.GetString()),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    /// <summary>A property, or an undefined element where there is none.</summary>
    public static JsonElement Child(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) return default;
        try
        {
            return element.TryGetProperty(name, out var child) ? child : default;
        }
        catch (InvalidOperationException)
        {
            return default; // a name that is no text, see Readable
        }
    }

    /// <summary>The properties of an object, in its order; nothing for anything else.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Members(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) yield break;
        foreach (var property in element.EnumerateObject())
        {
            if (Readable(property, static p => p.Name) is { } name) yield return (name, property.Value);
        }
    }

    // Well-formed JSON may hold half a surrogate pair or bytes that are no UTF-8: the reader tells only when the text is asked for, by throwing.
    private static string? Readable<T>(T source, Func<T, string?> read)
    {
        try
        {
            return read(source);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True or false as a boolean or as text; null where it is neither.</summary>
    public static bool? Flag(this JsonElement element, string name) => element.Text(name)?.ToLowerInvariant() switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };

    /// <summary>The items of an array; a single value counts as an array of one, as AWS policies write it.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray(),
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        _ => [element],
    };
}
