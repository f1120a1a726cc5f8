using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Yagura.Core.Json;

/// <summary>JSON texts of unknown origin: read without exceptions and within bounds.</summary>
public static class JsonText
{
    /// <summary>Deepest nesting that <see cref="TryParse"/> follows.</summary>
    public const int Depth = 128;

    /// <summary>Parses one whole JSON value; for the rare paths that need more of a record than its fields.</summary>
    /// <returns>False for anything that is not exactly one value in valid UTF-8, and for nesting deeper than <see cref="Depth"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> json, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        if (json.IsEmpty || !Utf8.IsValid(json)) return false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
        try
        {
            document = JsonDocument.ParseValue(ref reader);
            if (!reader.Read()) return true;
        }
        catch (JsonException)
        {
            // The library tells bad input by an exception only; here it is an answer like any other.
        }
        document?.Dispose();
        document = null;
        return false;
    }

    /// <summary>Writes the text that a JSON string means.</summary>
    /// <param name="escaped">What stands between the quotes.</param>
    /// <param name="text">At least as long as <paramref name="escaped"/>: escapes only ever shrink.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False at an escape that JSON does not have. Half of a surrogate pair, which has no UTF-8 form, becomes U+FFFD.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> text, out int length)
    {
        length = 0;
        while (true)
        {
            int plain = escaped.IndexOf((byte)'\\');
            if (plain < 0) plain = escaped.Length;
            escaped[..plain].CopyTo(text[length..]);
            length += plain;
            escaped = escaped[plain..];
            if (escaped.IsEmpty) return true;
            if (escaped.Length < 2) return false;
            int one = escaped[1] switch
            {
                (byte)'"' => '"',
                (byte)'\\' => '\\',
                (byte)'/' => '/',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                _ => -1,
            };
            if (one >= 0)
            {
                text[length++] = (byte)one;
                escaped = escaped[2..];
                continue;
            }
            if (!TryReadUnit(escaped, out var unit)) return false;
            escaped = escaped[6..];
            var rune = Rune.ReplacementChar;
            if (!char.IsSurrogate(unit)) rune = new Rune(unit);
            else if (char.IsHighSurrogate(unit) && TryReadUnit(escaped, out var low) && char.IsLowSurrogate(low))
            {
                rune = new Rune(unit, low);
                escaped = escaped[6..];
            }
            length += rune.EncodeToUtf8(text[length..]);
        }
    }

    /// <summary>Reads <c>\u0041</c>.</summary>
    private static bool TryReadUnit(ReadOnlySpan<byte> escaped, out char unit)
    {
        unit = '\0';
        if (escaped.Length < 6 || escaped[0] != '\\' || escaped[1] != 'u') return false;
        if (!Utf8Parser.TryParse(escaped.Slice(2, 4), out ushort value, out int read, 'x') || read != 4) return false;
        unit = (char)value;
        return true;
    }
}
