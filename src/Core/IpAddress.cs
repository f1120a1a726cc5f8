using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Yagura.Core;

/// <summary>An IPv4 or IPv6 address as 128 bits; IPv4 is kept in its mapped form (<c>::ffff:a.b.c.d</c>), so both families share one order.</summary>
/// <remarks>The default value is <see cref="None"/>: no address. Sixteen bytes, no allocation.</remarks>
public readonly record struct IpAddress(ulong High, ulong Low) : IComparable<IpAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>No address; equal to the unspecified IPv6 address, which no log reports as a peer.</summary>
    public static IpAddress None => default;

    public bool IsNone => High == 0 && Low == 0;

    public bool IsV4 => High == 0 && Low >> 32 == 0xFFFF;

    /// <summary>The 32 bits of an IPv4 address in host order; meaningless unless <see cref="IsV4"/>.</summary>
    public uint V4 => (uint)Low;

    public static IpAddress FromV4(uint bits) => new(0, MappedPrefix | bits);

    /// <summary>True for an address that can be a peer on the internet: not private (RFC 1918, RFC 4193), shared (RFC 6598), loopback,
    /// link-local, multicast, unspecified or broadcast. Documentation ranges count as public, so that examples behave as real addresses do.</summary>
    public bool IsPublic => IsV4 ? IsPublicV4(V4) : IsPublicV6();

    private static bool IsPublicV4(uint a) =>
        (a >> 24) is not (0 or 10 or 127) && (a >> 28) != 0xE && a != uint.MaxValue
        && (a >> 20) != 0xAC1          // 172.16/12
        && (a >> 16) is not (0xC0A8 or 0xA9FE) // 192.168/16, 169.254/16
        && (a >> 22) != 0x191;         // 100.64/10

    private bool IsPublicV6() =>
        !(High == 0 && Low <= 1) && (High >> 57) != 0x7E /* fc00::/7 */ && (High >> 54) != 0x3FA /* fe80::/10 */ && (High >> 56) != 0xFF;

    /// <summary>Reads the textual form strictly: four decimal octets without leading zeros, or IPv6 by RFC 4291 without a zone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length is < 2 or > 45) return false;
        if (text.Length <= 15 && TryParseV4(text, out var v4))
        {
            address = FromV4(v4);
            return true;
        }
        return TryParseV6(text, out address);
    }

    public static bool TryParse(string text, out IpAddress address)
    {
        address = default;
        return text.Length <= 45 && TryParse(Encoding.UTF8.GetBytes(text), out address);
    }

    // By hand, for the framework's parser makes an object of each address.
    private static bool TryParseV6(ReadOnlySpan<byte> text, out IpAddress address)
    {
        const int Groups = 8;
        address = default;
        Span<ushort> groups = stackalloc ushort[Groups];
        int count = 0, gap = -1; // gap: how many groups stand before "::"
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
        }
        while (!text.IsEmpty)
        {
            var length = text.IndexOfAny((byte)':', (byte)'.');
            if (length >= 0 && text[length] == '.')
            {
                if (count > Groups - 2 || !TryParseV4(text, out var v4)) return false;
                groups[count++] = (ushort)(v4 >> 16);
                groups[count++] = (ushort)v4;
                break;
            }
            var group = length < 0 ? text : text[..length];
            if (count == Groups || group.Length is 0 or > 4 || !TryParseHex(group, out groups[count++])) return false;
            if (length < 0) break;
            text = text[(length + 1)..];
            if (text.IsEmpty) return false;
            if (text[0] != ':') continue;
            if (gap >= 0) return false;
            gap = count;
            text = text[1..];
        }
        if (gap < 0 ? count != Groups : count == Groups) return false;
        if (gap >= 0)
        {
            groups[gap..count].CopyTo(groups[(Groups - count + gap)..]);
            groups[gap..(Groups - count + gap)].Clear();
        }
        address = new(Join(groups[..4]), Join(groups[4..]));
        return true;

        static ulong Join(ReadOnlySpan<ushort> four) => (ulong)four[0] << 48 | (ulong)four[1] << 32 | (ulong)four[2] << 16 | four[3];
    }

    private static bool TryParseHex(ReadOnlySpan<byte> digits, out ushort value)
    {
        value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigit((char)c)) return false;
            value = (ushort)(value << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10));
        }
        return true;
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, out uint bits)
    {
        bits = 0;
        int octet = -1, dots = 0;
        foreach (var c in text)
        {
            var digit = c - '0';
            if ((uint)digit <= 9)
            {
                if (octet == 0) return false; // a leading zero: some readers take it for octal, so nobody may guess
                octet = octet < 0 ? digit : octet * 10 + digit;
                if (octet > 255) return false;
            }
            else if (c == '.' && octet >= 0 && dots < 3)
            {
                bits = bits << 8 | (uint)octet;
                octet = -1;
                dots++;
            }
            else return false;
        }
        if (dots != 3 || octet < 0) return false;
        bits = bits << 8 | (uint)octet;
        return true;
    }

    public int CompareTo(IpAddress other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    public override string ToString()
    {
        if (IsNone) return "";
        if (IsV4) return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{V4 >> 24}.{V4 >> 16 & 255}.{V4 >> 8 & 255}.{V4 & 255}");
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(bytes).ToString();
    }
}
