using System.Text;

namespace Yagura.Detectors;

/// <summary>Text out of a record's bytes, for what is kept beyond the record.</summary>
public static class Utf8
{
    /// <summary>Longest text kept from a record, bytes; what is longer is cut with an ellipsis.</summary>
    public const int Longest = 2048;

    public static string Text(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= Longest ? Encoding.UTF8.GetString(bytes) : Encoding.UTF8.GetString(bytes[..Longest]) + "…";

    public static string? TextOrNull(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : Text(bytes);
}
