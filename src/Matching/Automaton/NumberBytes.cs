using System.Buffers.Binary;
using Yagura.Core;

namespace Yagura.Matching.Automaton;

/// <summary>Numbers and addresses as the sixteen bytes that a table of entries knows them by.</summary>
internal static class NumberBytes
{
    public const int Length = 16, NetworkLength = 17;

    private const int V6 = 33;

    public static void Write(JsonNumber number, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number.Digits);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], (long)number.Power * 2 + (number.Negative ? 1 : 0));
    }

    /// <summary>Writes the network of an address.</summary>
    /// <param name="bits">As <see cref="BitsOf"/> tells them.</param>
    public static void WriteNetwork(IpAddress address, byte bits, Span<byte> bytes)
    {
        var isFixed = IsV4(bits) ? bits + 96 : bits - V6;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address.High & HighMask(isFixed));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], address.Low & LowMask(isFixed));
        bytes[Length] = bits;
    }

    /// <summary>How many bits of a network are fixed, as one byte that tells the family too: 0 to 32 for IPv4, 33 to 161 for IPv6.</summary>
    public static byte BitsOf(bool isV4, int bits) => (byte)(isV4 ? bits : bits + V6);

    public static bool IsV4(byte bits) => bits < V6;

    /// <summary>The first so many of 128 bits.</summary>
    public static ulong HighMask(int bits) => bits == 0 ? 0 : ulong.MaxValue << Math.Max(0, 64 - bits);

    /// <inheritdoc cref="HighMask"/>
    public static ulong LowMask(int bits) => bits <= 64 ? 0 : ulong.MaxValue << (128 - bits);

    public static byte[] OfNetwork(IpAddress address, byte bits)
    {
        var bytes = new byte[NetworkLength];
        WriteNetwork(address, bits, bytes);
        return bytes;
    }

    public static byte[] Of(JsonNumber number)
    {
        var bytes = new byte[Length];
        Write(number, bytes);
        return bytes;
    }
}
