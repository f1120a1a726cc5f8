using System.Text.Encodings.Web;
using System.Text.Json;

namespace Yagura.Logs.Text;

/// <summary>Fields of text logs as members of a JSON object.</summary>
internal static class TextFields
{
    private const int LongestNumber = 18;

    /// <summary>Nothing is escaped that need not be: the text is read by programs, at once.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes one field; one that was not recorded (empty, <c>-</c>) is left out.</summary>
    /// <param name="isNumber">The field holds whole numbers: written as one, unless it does not look like one.</param>
    public static void Write(Utf8JsonWriter json, string name, ReadOnlySpan<byte> value, bool isNumber)
    {
        if (value is [] or [(byte)'-']) return;
        json.WritePropertyName(name);
        if (isNumber && value.Length <= LongestNumber && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (value.Length == 1 || value[0] != '0')) json.WriteRawValue(value, skipInputValidation: true);
        else json.WriteStringValue(value);
    }
}
