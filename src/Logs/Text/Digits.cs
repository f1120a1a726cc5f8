using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Yagura.Logs.Text;

/// <summary>Reads decimal numbers and IPv4 addresses several digits at a time.</summary>
/// <remarks>The fields lie in a buffer with <see cref="LineBlocks.Padding"/> readable bytes behind the last, so that a load of eight bytes needs no test;
/// what is read past a field is shifted out. Eight digits at a time: the multiplications add neighbours (tens, hundreds, ten thousands) in one register.</remarks>
internal static class Digits
{
    private const ulong Zeros = 0x3030_3030_3030_3030;

    /// <summary>1 to 19 digits and nothing else, at most <see cref="long.MaxValue"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(byte[] buffer, int start, int length, out long value)
    {
        if ((uint)(length - 1) < 8) return TryReadUpTo8(buffer, start, length, out value);
        return TryReadLong(buffer, start, length, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadUpTo8(byte[] buffer, int start, int length, out long value)
    {
        // The digits go to the top of the register; zero bytes take the place of leading zeros.
        var digits = (Load8(buffer, start) ^ Zeros) << (64 - 8 * length);
        value = Combine(digits);
        return AllDigits(digits);
    }

    /// <summary>Four numbers of 1 to 8 digits at once, without a branch; needs AVX2.</summary>
    /// <param name="text">The eight bytes from the beginning of each number.</param>
    /// <param name="lengthsLessOne">0 to 7 each; of another length the value means nothing.</param>
    /// <param name="misfits">Not zero afterwards when something there is no digit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ReadFour(Vector256<ulong> text, Vector128<int> lengthsLessOne, ref Vector256<byte> misfits)
    {
        // As below: the digits go to the top of their 64 bits, zero bytes take the place of leading zeros, and neighbours are added.
        var shifts = Avx2.ConvertToVector256Int64(Vector128.Create(56) - (lengthsLessOne << 3)).AsUInt64();
        var digits = Avx2.ShiftLeftLogicalVariable((text.AsByte() - Vector256.Create((byte)'0')).AsUInt64(), shifts).AsByte();
        misfits |= Avx2.SubtractSaturate(digits, Vector256.Create((byte)9));
        var hundreds = Avx2.MultiplyAddAdjacent(digits, Vector256.Create((short)0x010A).AsSByte());
        var tenThousands = Avx2.MultiplyAddAdjacent(hundreds, Vector256.Create(0x0001_0064).AsInt16());
        return Avx2.Multiply(tenThousands, Vector256.Create(10_000)) + (tenThousands.AsInt64() >>> 32);
    }

    private static bool TryReadLong(byte[] buffer, int start, int length, out long value)
    {
        if (length is >= 9 and <= 16)
        {
            var low = Load8(buffer, start + length - 8) ^ Zeros;
            var high = (Load8(buffer, start) ^ Zeros) << (128 - 8 * length);
            value = Combine(high) * 100_000_000 + Combine(low);
            return AllDigits(high) && AllDigits(low);
        }
        return TryReadPlain(buffer.AsSpan(start, length), out value);
    }

    /// <summary>The same, digit by digit.</summary>
    internal static bool TryReadPlain(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        if (digits.Length is 0 or > 19) return false;
        ulong sum = 0;
        foreach (var c in digits)
        {
            if (c is < (byte)'0' or > (byte)'9') return false;
            sum = sum * 10 + (uint)(c - '0');
        }
        value = (long)sum;
        return sum <= long.MaxValue; // nineteen nines fit into 64 bits
    }

    /// <summary>Four decimal octets without leading zeros; false sends the caller to the general reader.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadV4(byte[] buffer, int start, int length, out uint bits)
    {
        bits = 0;
        if ((uint)(length - 7) > 8) return false;
        var end = start + length;
        return TryReadOctet(buffer, ref start, ref bits) && TryReadOctet(buffer, ref start, ref bits) && TryReadOctet(buffer, ref start, ref bits)
            && TryReadOctet(buffer, ref start, ref bits, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadOctet(byte[] buffer, ref int start, ref uint bits)
    {
        ref var at = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), start);
        var length = Unsafe.Add(ref at, 1) == '.' ? 1 : Unsafe.Add(ref at, 2) == '.' ? 2 : 3;
        start += length + 1;
        return Unsafe.Add(ref at, length) == '.' & Append(ref at, length, ref bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadOctet(byte[] buffer, ref int start, ref uint bits, int end) =>
        (uint)(end - start - 1) < 3 && Append(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), start), end - start, ref bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Append(ref byte at, int length, ref uint bits)
    {
        var digits = (Little(Unsafe.ReadUnaligned<uint>(ref at)) ^ 0x3030_3030u) << (32 - 8 * length);
        var octet = (digits >> 8 & 0xFF) * 100 + (digits >> 16 & 0xFF) * 10 + (digits >> 24);
        bits = bits << 8 | octet;
        var noDigit = ((digits + 0x7676_7676u) | digits) & 0x8080_8080u;
        var leadingZero = length > 1 & at == '0';
        return noDigit == 0 & octet <= 255 & !leadingZero;
    }

    private static uint Little(uint loaded) => BitConverter.IsLittleEndian ? loaded : BinaryPrimitives.ReverseEndianness(loaded);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load8(byte[] buffer, int start)
    {
        var loaded = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), start));
        return BitConverter.IsLittleEndian ? loaded : BinaryPrimitives.ReverseEndianness(loaded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AllDigits(ulong digits) => (((digits + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Combine(ulong digits)
    {
        digits = digits * 10 + (digits >> 8);
        return (long)(((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064 + (digits >> 16 & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001) >> 32);
    }
}
