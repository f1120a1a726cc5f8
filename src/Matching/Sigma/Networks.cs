using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Yagura.Core;

namespace Yagura.Matching.Sigma;

/// <summary>Networks as rules write them: an address and the length of the prefix.</summary>
internal static class Networks
{
    private const int Longest = 64;

    /// <param name="network">With the bits behind the prefix cleared.</param>
    /// <param name="hostBits">True where they were not.</param>
    public static bool TryParse(string text, out string network, out bool hostBits)
    {
        (network, hostBits) = ("", false);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (text.Length > Longest || slash <= 0 || text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)) return false;
        // "10.8" is 10.0.0.8 to some parsers, "::ffff:10.0.0.0" an IPv4 address: both are refused, for they are likely mistakes.
        if (address.AddressFamily == AddressFamily.InterNetwork ? text.AsSpan(0, slash).Count('.') != 3 : address.IsIPv4MappedToIPv6) return false;
        var bytes = address.GetAddressBytes();
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > bytes.Length * 8) return false;
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            var mask = (byte)(128 >> (bit % 8));
            hostBits |= (bytes[bit / 8] & mask) != 0;
            bytes[bit / 8] &= (byte)~mask;
        }
        // In the spelling of the matcher: the framework writes some IPv6 addresses with a dotted tail.
        if (!IpAddress.TryParse(new IPAddress(bytes).ToString(), out var start)) return false;
        network = $"{AddressText.Written(start)}/{length}";
        return true;
    }
}
