using System.Runtime.Intrinsics;
using System.Text;
using static Yagura.Matching.Conditions.Test;

namespace Yagura.Matching.Automaton;

/// <summary>Upper and lower case: in bytes as long as only ASCII letters have two forms, in a regular expression where others do.</summary>
internal static class Folding
{
    /// <summary>How many bytes behind a text are read, and behind its lower form are written, whatever they are.</summary>
    public const int Slack = 32;

    /// <summary>Writes the text with its ASCII letters in lower case; all other bytes stay.</summary>
    /// <param name="text">The first of its bytes; <see cref="Slack"/> bytes behind them can be read.</param>
    /// <param name="lower">Where to; <see cref="Slack"/> bytes behind them can be written.</param>
    public static void Lower(ref byte text, int length, ref byte lower)
    {
        for (var at = 0; at < length; at += Vector256<byte>.Count)
        {
            var bytes = Vector256.LoadUnsafe(ref text, (nuint)at);
            var letters = Vector256.GreaterThan(bytes.AsSByte(), Vector256.Create((sbyte)('A' - 1))) & Vector256.LessThan(bytes.AsSByte(), Vector256.Create((sbyte)('Z' + 1)));
            (bytes | (letters.AsByte() & Vector256.Create((byte)0x20))).StoreUnsafe(ref lower, (nuint)at);
        }
    }

    /// <summary>The text with its ASCII letters in lower case.</summary>
    public static byte[] Lower(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] is >= (byte)'A' and <= (byte)'Z') bytes[at] |= 0x20;
        }
        return bytes;
    }

    /// <summary>True where no character but ASCII letters has another form, so that comparing lowered bytes says it all.</summary>
    public static bool IsByBytes(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii && Forms(rune).Count > 1) return false;
        }
        return true;
    }

    /// <summary>The texts that a character stands for where case is ignored: itself, its lower and its upper form.</summary>
    public static List<string> Forms(Rune rune)
    {
        var forms = new List<string> { rune.ToString() };
        foreach (var form in (string[])[Rune.ToLowerInvariant(rune).ToString(), Rune.ToUpperInvariant(rune).ToString(), .. SpecialCasing.Of(rune)])
        {
            if (!forms.Contains(form, StringComparer.Ordinal)) forms.Add(form);
        }
        return forms;
    }

    /// <summary>The regular expression that fits a text whatever its case.</summary>
    public static string Expression(string text)
    {
        var expression = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (Wildcard.MarkIn(text.AsSpan(at)) == 0)
            {
                expression.Append(@"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S])").Append(text[at] == Wildcard.OptionalCharacter ? "?" : "");
                continue;
            }
            if (!Rune.TryGetRuneAt(text, at, out var rune)) rune = Rune.ReplacementChar; // half a pair is no text of JSON in UTF-8
            else at += rune.Utf16SequenceLength - 1;
            var forms = Forms(rune);
            if (forms.Exists(form => form.Length > 1)) expression.Append("(?:").AppendJoin('|', forms.Select(Escape)).Append(')');
            else expression.Append(forms.Count == 1 ? Escape(forms[0]) : $"[{string.Concat(forms.Select(Escape))}]");
        }
        return expression.ToString();
    }

    private static string Escape(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\u{(int)c:X4}"));
}
