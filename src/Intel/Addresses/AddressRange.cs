using Yagura.Core;

namespace Yagura.Intel;

/// <summary>Addresses of one family from the first to the last, both included; a single address is a range of one.</summary>
public readonly record struct AddressRange(IpAddress First, IpAddress Last)
{
    /// <summary>Reads an address, a CIDR (host bits are cleared) or <c>low-high</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out AddressRange range)
    {
        range = default;
        if (text.IndexOf((byte)'/') is var slash and >= 0) return TryParsePrefix(text[..slash], text[(slash + 1)..], out range);
        return text.IndexOf((byte)'-') is var dash and >= 0
            ? TryBetween(text[..dash].Trim((byte)' '), text[(dash + 1)..].Trim((byte)' '), out range)
            : TryBetween(text, text, out range);
    }

    /// <summary>Reads two addresses of one family, the lower one first.</summary>
    public static bool TryBetween(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, out AddressRange range)
    {
        range = default;
        if (!IpAddress.TryParse(low, out var first) || !IpAddress.TryParse(high, out var last)) return false;
        if (first > last || first.IsV4 != last.IsV4) return false;
        range = new(first, last);
        return true;
    }

    public bool Holds(IpAddress address) => First <= address && address <= Last;

    /// <summary>The number of addresses less one, which always fits.</summary>
    internal UInt128 Width => Wide(Last) - Wide(First);

    private static bool TryParsePrefix(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lengthText, out AddressRange range)
    {
        range = default;
        if (lengthText.Length is 0 or > 3 || !IpAddress.TryParse(text, out var address)) return false;
        if (!int.TryParse(lengthText, System.Globalization.NumberStyles.None, null, out var length)) return false;
        var mapped = address.IsV4 && !text.Contains((byte)':');
        if (length > (mapped ? 32 : 128)) return false;
        var hostBits = (mapped ? 32 : 128) - length;
        var hosts = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        var first = Wide(address) & ~hosts;
        range = new(Narrow(first), Narrow(first | hosts));
        return true;
    }

    internal static UInt128 Wide(IpAddress address) => new(address.High, address.Low);

    internal static IpAddress Narrow(UInt128 bits) => new((ulong)(bits >> 64), (ulong)bits);
}
