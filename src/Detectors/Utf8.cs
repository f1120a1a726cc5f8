using System.Text;

namespace Yagura.Detectors;

/// <summary>Text out of a record's bytes, for what is kept beyond the record.</summary>
public static class Utf8
{
    /// <summary>Longest text kept from a record, bytes; what is longer is cut with an ellipsis.</summary>
    public const int Longest = 2048;

    public static string Text(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= Longest ? Encoding.UTF8.GetString(bytes) : Encoding.UTF8.GetString(bytes[..Longest]) + "…";

    /// <summary>Copies text with its ASCII letters in lower case, as names are compared.</summary>
    /// <returns>Bytes written, as many as there are.</returns>
    public static int Lower(ReadOnlySpan<byte> text, Span<byte> into)
    {
        for (var i = 0; i < text.Length; i++) into[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 32) : text[i];
        return text.Length;
    }

    public static string? TextOrNull(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : Text(bytes);
}
