using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Yagura.Matching.EventBridge;

/// <summary>The tokens of a pattern, and the first mistake with its place.</summary>
internal ref struct PatternTokens
{
    private Utf8JsonReader _json;
    private string? _reason;
    private long _at;           // where the mistake is
    private int _line, _column; // the same, where the library says it

    public PatternTokens(ReadOnlySpan<byte> json)
    {
        Length = json.Length;
        // Room for the lists and match objects at the innermost level; the reader of patterns counts the levels itself.
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 2 * PatternLimits.Levels + 10 });
    }

    public int Length { get; }

    public readonly JsonTokenType Type => _json.TokenType;

    /// <returns>False at a mistake, which is then kept; the end of the text is one.</returns>
    public bool Next()
    {
        if (_reason is not null) return false;
        try
        {
            if (_json.Read()) return true;
            return Fail("The pattern ends too early");
        }
        catch (JsonException bad)
        {
            // The library tells bad input by an exception only; here it is an answer like any other.
            return Fail("The pattern is not JSON", bad);
        }
    }

    /// <summary>True where nothing but white space follows.</summary>
    public bool End()
    {
        try
        {
            return !_json.Read() || Fail("Something follows the pattern");
        }
        catch (JsonException bad)
        {
            return Fail("Something follows the pattern", bad);
        }
    }

    /// <summary>The text of a key or a string.</summary>
    public bool Text([NotNullWhen(true)] out string? text)
    {
        try
        {
            text = _json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // The only way to learn that a JSON string is no text: half a surrogate pair, or bytes that are not UTF-8.
            text = null;
            return Fail("A text holds an escape or bytes that are no character");
        }
    }

    /// <summary>The token as it is written.</summary>
    public readonly string Raw() => Encoding.UTF8.GetString(_json.ValueSpan);

    /// <summary>Keeps the first mistake, at the present token.</summary>
    /// <returns>False.</returns>
    public bool Fail(string reason)
    {
        if (_reason is not null) return false;
        _reason = reason;
        _at = _json.TokenStartIndex;
        return false;
    }

    private bool Fail(string reason, JsonException bad)
    {
        (_reason, _line, _column) = (reason, (int)(bad.LineNumber ?? 0) + 1, (int)(bad.BytePositionInLine ?? 0) + 1);
        return false;
    }

    public readonly PatternError Error(ReadOnlySpan<byte> json)
    {
        if (_line > 0) return new(_reason!, _line, _column);
        var before = json[..(int)Math.Clamp(_at, 0, json.Length)];
        return new(_reason ?? "The pattern is not JSON", before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }
}
