using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Yagura.Logs.Text;

/// <summary>Reads two IPv4 addresses at once, with as many steps whatever the lengths of their octets.</summary>
/// <remarks>Octet by octet every length is a branch, and in real logs no processor can guess it: that was half the time of reading a flow record.
/// Here the lengths of the four octets choose a shuffle that puts each into its own 32 bits, right-aligned, so that two multiplications make all
/// eight octets of both addresses. The same as <see cref="Digits.TryReadV4"/>, which is the way where there is no AVX2.</remarks>
internal static class V4Pair
{
    /// <summary>Of one combination of lengths: where the digits of each octet stand, and the least value that needs so many (no leading zeros).</summary>
    private struct Layout
    {
        public Vector128<byte> Shuffle;
        public Vector128<int> Least;
    }

    // By four lengths less one, two bits each. Lengths of four, for which there is room, are layouts that nothing fits.
    private static readonly Layout[] Layouts = [.. Enumerable.Range(0, 256).Select(LayoutOf)];

    public static bool IsSupported => Avx2.IsSupported;

    /// <param name="buffer">16 bytes from the beginning of either address must be readable.</param>
    /// <returns>False where one of the two is no IPv4 address; the other's bits may still be its own.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ref byte buffer, int first, int firstLength, int second, int secondLength, out uint firstBits, out uint secondBits)
    {
        var text = Vector256.Create(
            Vector128.LoadUnsafe(ref buffer, (nuint)first),
            Vector128.LoadUnsafe(ref buffer, (nuint)second));
        var dots = Vector256.Equals(text, Vector256.Create((byte)'.')).ExtractMostSignificantBits();
        ref readonly var one = ref Choose(dots & 0xFFFF, firstLength, out var firstFits);
        ref readonly var other = ref Choose(dots >> 16, secondLength, out var secondFits);

        // What is no digit is more than nine; what the shuffle leaves out is zero.
        var digits = Avx2.Shuffle(text - Vector256.Create((byte)'0'), Vector256.Create(one.Shuffle, other.Shuffle));
        var weights = Vector256.Create(0x010A_6400).AsSByte(); // 0, 100, 10, 1
        var octets = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(digits, weights), Vector256<short>.One);
        var misfits = Vector256.GreaterThan(digits, Vector256.Create((byte)9)).AsInt32()
            | Vector256.LessThan(octets, Vector256.Create(one.Least, other.Least))
            | Vector256.GreaterThan(octets, Vector256.Create(255));

        // The lowest byte of each 32 bits, the first octet on top.
        var packed = Avx2.Shuffle(octets.AsByte(), Vector256.Create(Vector128.Create(0x0004_080C).AsByte(), Vector128.Create(0x0004_080C).AsByte()));
        firstBits = packed.AsUInt32().ToScalar();
        secondBits = packed.AsUInt32().GetElement(4);
        return firstFits & secondFits & misfits == Vector256<int>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly Layout Choose(uint dots, int length, out bool fits)
    {
        // A missing dot is found at 32, which no length below allows for; one too many stands where a digit must be.
        var a = BitOperations.TrailingZeroCount(dots);
        dots &= dots - 1;
        var b = BitOperations.TrailingZeroCount(dots);
        dots &= dots - 1;
        var c = BitOperations.TrailingZeroCount(dots);
        var (l0, l1, l2, l3) = (a - 1, b - a - 2, c - b - 2, length - c - 2);
        fits = ((l0 | l1 | l2 | l3) & ~3) == 0;
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Layouts), (l0 | l1 << 2 | l2 << 4 | l3 << 6) & 0xFF);
    }

    private static Layout LayoutOf(int lengths)
    {
        var shuffle = new byte[16];
        var least = new int[4];
        Array.Fill(shuffle, byte.MaxValue);
        var at = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            var length = (lengths >> (2 * octet) & 3) + 1;
            for (var digit = 0; digit < Math.Min(length, 3); digit++) shuffle[octet * 4 + 4 - Math.Min(length, 3) + digit] = (byte)(at + digit);
            least[octet] = length switch { 1 => 0, 2 => 10, 3 => 100, _ => int.MaxValue };
            at += length + 1;
        }
        return new() { Shuffle = Vector128.Create(shuffle), Least = Vector128.Create(least) };
    }
}
