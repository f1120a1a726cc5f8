using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Yagura.Matching.Automaton;

/// <summary>Upper and lower case: in bytes as long as only ASCII letters have two forms, in a regular expression where others do.</summary>
internal static class Folding
{
    /// <summary>Writes the text with its ASCII letters in lower case; all other bytes stay.</summary>
    public static void Lower(ReadOnlySpan<byte> text, Span<byte> lower)
    {
        var at = 0;
        ref var from = ref MemoryMarshal.GetReference(text);
        ref var to = ref MemoryMarshal.GetReference(lower[..text.Length]);
        for (; at <= text.Length - 8; at += 8)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, at));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, at), Lower(word));
        }
        for (; at < text.Length; at++)
        {
            var b = Unsafe.Add(ref from, at);
            Unsafe.Add(ref to, at) = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
        }
    }

    /// <summary>Eight bytes at once: a byte from A to Z gets the bit that makes it small.</summary>
    private static ulong Lower(ulong word)
    {
        const ulong High = 0x8080_8080_8080_8080;
        var seven = word & ~High;
        var atLeastA = seven + 0x3F3F_3F3F_3F3F_3F3F;
        var beyondZ = seven + 0x2525_2525_2525_2525;
        return word | ((atLeastA & ~beyondZ & ~word & High) >> 2);
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
    public static string Expression(string text, bool ignoreCase)
    {
        var expression = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == Conditions.Test.Wildcard.AnyCharacter && (at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])))
            {
                expression.Append(@"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S])");
                continue;
            }
            if (!Rune.TryGetRuneAt(text, at, out var rune)) rune = Rune.ReplacementChar; // half a pair is no text of JSON in UTF-8
            else at += rune.Utf16SequenceLength - 1;
            if (!ignoreCase) expression.Append(Escape(rune.ToString()));
            else expression.Append("(?:").AppendJoin('|', Forms(rune).Select(Escape)).Append(')');
        }
        return expression.ToString();
    }

    private static string Escape(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\u{(int)c:X4}"));
}
