using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>Tags of resources.</summary>
internal static class Tags
{
    /// <summary>Most tags of one resource. Source: AWS general reference, "Tagging your AWS resources".</summary>
    public const int Most = 50;

    /// <exception cref="AwsException">Too many of them, or a key or value that may not be.</exception>
    public static IReadOnlyDictionary<string, string> Read(Fields body)
    {
        var tags = body.Map("tags");
        foreach (var (key, value) in tags)
        {
            if (!IsKey(key)) throw body.Invalid("tags", "a key has 1 to 128 letters, digits and +-=._:/, and does not start with aws:");
            if (value.Length > 256) throw body.Invalid("tags", "a value has at most 256 characters");
        }
        return tags.Count <= Most ? tags : throw body.Invalid("tags", $"at most {Most} are allowed");
    }

    /// <summary>Writes the object <c>tags</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, string> tags)
    {
        json.WriteStartObject("tags");
        foreach (var (key, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    // The model's pattern is [a-zA-Z+-=._:/]+, in which "+-=" is a range from '+' to '='; spaces and '@' are taken by the service's other half, the tag editor.
    public static bool IsKey(string key) =>
        key.Length is >= 1 and <= 128 && !key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
        && key.All(c => char.IsAsciiLetter(c) || c is >= '+' and <= '=' or '_' or ' ' or '@');
}
