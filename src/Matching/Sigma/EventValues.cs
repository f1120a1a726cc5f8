using System.Text.Json;

namespace Yagura.Matching.Sigma;

/// <summary>The values that an event has at a path, as <see cref="Conditions.Field"/> means it: through lists, and with dots in keys.</summary>
public static class EventValues
{
    /// <summary>Values of one field that are looked at, where all would be too many to show or to count.</summary>
    public const int Most = 64;

    /// <summary>The values at a path, of whatever kind, in the order of the event; objects and lists only where <paramref name="whole"/> asks for them.</summary>
    public static IReadOnlyList<JsonElement> At(JsonElement json, string path, bool whole = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        var values = new List<JsonElement>();
        Collect(json, path, whole, values);
        return values;
    }

    /// <summary>The text of a value that is no object and no list: a string without its quotes, anything else as written.</summary>
    public static string TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which is no text; there is no other way to ask. It stands as it was written.
            return value.GetRawText();
        }
    }

    /// <summary>Null for half a surrogate pair, which no path names; there is no other way to ask.</summary>
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void Collect(JsonElement json, ReadOnlySpan<char> path, bool whole, List<JsonElement> values)
    {
        if (values.Count >= Most) return;
        switch (json.ValueKind)
        {
            case JsonValueKind.Array when !(path.IsEmpty && whole):
                foreach (var item in json.EnumerateArray()) Collect(item, path, whole, values);
                break;
            case JsonValueKind.Object when !path.IsEmpty:
                foreach (var member in json.EnumerateObject())
                {
                    if (NameOf(member) is not { } name) continue;
                    if (path.SequenceEqual(name)) Collect(member.Value, [], whole, values);
                    else if (path.Length > name.Length && path[name.Length] == '.' && path.StartsWith(name, StringComparison.Ordinal))
                        Collect(member.Value, path[(name.Length + 1)..], whole, values);
                }
                break;
            case JsonValueKind.Object when !whole:
                break;
            default:
                if (path.IsEmpty) values.Add(json);
                break;
        }
    }
}
