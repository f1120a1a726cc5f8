using System.Buffers.Text;
using Yagura.Matching.Automaton;
using Yagura.Matching.Conditions;

namespace Yagura.Matching;

/// <summary>Values as whole numbers: see <see cref="WholeOf"/>.</summary>
internal static class WholeNumber
{
    /// <param name="text">The number as it is spelled, or the text without its quotes.</param>
    /// <returns>False for a value that counts as none.</returns>
    public static bool TryRead(WholeOf of, ValueKind kind, ReadOnlySpan<byte> text, out long whole)
    {
        whole = 0;
        switch (kind)
        {
            case ValueKind.Number:
                whole = of == WholeOf.Time ? OfSeconds(text) : OfJson(text);
                return true;
            case ValueKind.Text when of == WholeOf.Time: return EpochTime.TryRead(text, out whole);
            case ValueKind.Text when of == WholeOf.NumberOrText: return TryDigits(text, out whole);
            default: return false;
        }
    }

    /// <summary>A JSON number without its fraction.</summary>
    public static long OfJson(ReadOnlySpan<byte> json) =>
        Utf8Parser.TryParse(json, out long whole, out var length) && length == json.Length ? whole : (long)Math.Truncate(Double(json)); // the cast stops at the ends

    private static long OfSeconds(ReadOnlySpan<byte> json) => (long)Math.Round(Double(json) * 1000, MidpointRounding.AwayFromZero);

    private static double Double(ReadOnlySpan<byte> json) => Utf8Parser.TryParse(json, out double number, out _) ? number : 0;

    private static bool TryDigits(ReadOnlySpan<byte> text, out long whole)
    {
        whole = 0;
        var digits = text is [(byte)'-', ..] ? text[1..] : text;
        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) return false;
        if (!Utf8Parser.TryParse(text, out whole, out _)) whole = digits.Length < text.Length ? long.MinValue : long.MaxValue;
        return true;
    }
}
