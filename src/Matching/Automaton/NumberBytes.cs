using System.Buffers.Binary;
using Yagura.Core;

namespace Yagura.Matching.Automaton;

/// <summary>Numbers and addresses as the sixteen bytes that a table of entries knows them by.</summary>
internal static class NumberBytes
{
    public const int Length = 16;

    public static void Write(JsonNumber number, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number.Digits);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], (long)number.Power * 2 + (number.Negative ? 1 : 0));
    }

    public static void Write(IpAddress address, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], address.Low);
    }

    public static byte[] Of(JsonNumber number)
    {
        var bytes = new byte[Length];
        Write(number, bytes);
        return bytes;
    }

    public static byte[] Of(IpAddress address)
    {
        var bytes = new byte[Length];
        Write(address, bytes);
        return bytes;
    }
}
