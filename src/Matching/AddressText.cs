using System.Text;
using Yagura.Core;

namespace Yagura.Matching;

/// <summary>Addresses as event patterns read them: IPv4 with leading zeros (<c>010.0.0.1</c> is 10.0.0.1), IPv6 in hexadecimal groups alone (no dotted tail, no zone).</summary>
internal static class AddressText
{
    private const int LongestV4 = 15, LongestV6 = 64;

    public static bool TryParse(string text, out IpAddress address)
    {
        address = default;
        return text.Length <= LongestV6 && TryParse(Encoding.UTF8.GetBytes(text), out address);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length is < 2 or > LongestV6) return false;
        if (text.Contains((byte)':')) return !text.Contains((byte)'.') && IpAddress.TryParse(text, out address);
        if (text.Length > LongestV4) return false;
        uint bits = 0;
        int octet = -1, dots = 0;
        foreach (var c in text)
        {
            var digit = c - '0';
            if ((uint)digit <= 9)
            {
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
        address = IpAddress.FromV4(bits << 8 | (uint)octet);
        return true;
    }

    /// <summary>The network that holds an address and no other.</summary>
    public static string NetworkOf(IpAddress address) => $"{Written(address)}/{(address.IsV4 ? 32 : 128)}";

    /// <summary>The text of an address, which this class reads back: of IPv6 all groups, since the usual spelling gives some addresses a dotted tail.</summary>
    public static string Written(IpAddress address) => address.IsV4 ? address.ToString() : $"{Groups(address.High)}:{Groups(address.Low)}";

    private static string Groups(ulong half) => $"{half >> 48:x}:{half >> 32 & 0xFFFF:x}:{half >> 16 & 0xFFFF:x}:{half & 0xFFFF:x}";
}
