using System.Text;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>What of a name may be data: the labels below the registered domain that nobody would have chosen.</summary>
internal static class EncodedPart
{
    /// <summary>Bits by which a label must rather be made than chosen.</summary>
    public const double LeastMade = 4;

    private const int LabelsOfAddress = 4, DigitsOfAddress = 3, NibblesOfAddress = 16;

    /// <summary>Writes the labels that look encoded, in lower case and without dots; all labels together where none does alone.</summary>
    /// <param name="below">The labels below the registered domain.</param>
    /// <param name="encoded">At least as long as <paramref name="below"/>.</param>
    /// <returns>Bytes written; 0 for a name that carries nothing.</returns>
    public static int Of(ReadOnlySpan<byte> below, Span<byte> encoded)
    {
        if (IsAddress(below)) return 0;
        var length = 0;
        foreach (var range in below.Split((byte)'.'))
        {
            if (LabelModel.Made(below[range]) >= LeastMade) length += Utf8.Lower(below[range], encoded[length..]);
        }
        if (length > 0 || LabelModel.Made(below) < LeastMade) return length;
        foreach (var range in below.Split((byte)'.')) length += Utf8.Lower(below[range], encoded[length..]);
        return length;
    }

    /// <summary>Whether a name was asked for below a domain of the search list: a whole name of another domain stands before it.</summary>
    public static bool IsWholeName(ReadOnlySpan<byte> below)
    {
        var first = true;
        foreach (var range in below.Split((byte)'.'))
        {
            var label = below[range];
            if (!first && (Ascii.EqualsIgnoreCase(label, "com"u8) || Ascii.EqualsIgnoreCase(label, "net"u8) || Ascii.EqualsIgnoreCase(label, "org"u8))) return true;
            first = false;
        }
        return false;
    }

    // 7.100.51.198 of a block list's question, or the nibbles of an IPv6 address.
    private static bool IsAddress(ReadOnlySpan<byte> below)
    {
        int numbers = 0, nibbles = 0;
        foreach (var range in below.Split((byte)'.'))
        {
            var label = below[range];
            numbers = label.Length is > 0 and <= DigitsOfAddress && !label.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? numbers + 1 : 0;
            nibbles = label.Length == 1 && char.IsAsciiHexDigit((char)label[0]) ? nibbles + 1 : 0;
            if (numbers == LabelsOfAddress || nibbles == NibblesOfAddress) return true;
        }
        return false;
    }
}
