using System.Text;

namespace Yagura.Matching.Sigma;

/// <summary>Other forms that the bytes of a text may take in a log.</summary>
internal static class Encodings
{
    /// <summary>What can stand for a dash before an option: Windows programs take them all. Source: Sigma specification 2.1, modifier <c>windash</c>.</summary>
    private const string Dashes = "-/–—―";

    /// <summary>Dashes in one text that are varied; five forms each.</summary>
    public const int MostDashes = 4;

    /// <returns>The texts with each dash before an option in each of its forms; null where there are more than <see cref="MostDashes"/>.</returns>
    public static IReadOnlyList<string>? WithAnyDash(string text)
    {
        var places = Enumerable.Range(0, text.Length).Where(at => Dashes.Contains(text[at], StringComparison.Ordinal) && StartsOption(text, at)).ToList();
        if (places.Count > MostDashes) return null;
        IEnumerable<string> texts = [text];
        foreach (var at in places) texts = texts.SelectMany(one => Dashes.Select(dash => one[..at] + dash + one[(at + 1)..])).ToList();
        return [.. texts];
    }

    private static bool StartsOption(string text, int at) =>
        (at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] == '_')) && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]);

    public static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    /// <summary>What of the bytes' Base64 is the same wherever they stand within other bytes, for each of the three ways they can fall on groups of three.</summary>
    /// <param name="bytes">At least three, or nothing would be left that is the same.</param>
    public static IReadOnlyList<string> Base64AtEachOffset(byte[] bytes) => [.. Enumerable.Range(0, 3).Select(offset => Stable(bytes, offset))];

    private static string Stable(byte[] bytes, int offset)
    {
        var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
        // The first character after the offset, and the last before the end, hold bits of the neighbours.
        int start = offset switch { 0 => 0, 1 => 2, _ => 3 }, cut = ((bytes.Length + offset) % 3) switch { 0 => 0, 1 => 3, _ => 2 };
        return encoded[start..^cut];
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Utf16(string text, bool bigEndian, bool mark)
    {
        var encoding = new UnicodeEncoding(bigEndian, mark);
        return [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
    }
}
