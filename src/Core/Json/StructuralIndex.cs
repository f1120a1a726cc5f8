using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace Yagura.Core.Json;

/// <summary>Finds where a JSON text turns: every quote that opens or closes a string, and every <c>{ } [ ]</c> outside strings.</summary>
/// <remarks>
/// 64 bytes become four bit masks; runs of backslashes are resolved by a carry, strings by the prefix XOR of the quotes (one carry-less
/// multiplication). Commas and colons are left out: whoever walks the index looks at the bytes after a string or a bracket instead.
/// The method is that of G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28 (2019).
/// Any bytes are allowed: what is not JSON gets some index, never an exception, and nothing outside the span is read.
/// </remarks>
public static class StructuralIndex
{
    /// <summary>How many positions more than bytes the caller provides: the index is written in groups.</summary>
    public const int Slack = 16;

    /// <summary>Writes the positions in ascending order.</summary>
    /// <param name="json">Starts outside a string.</param>
    /// <param name="positions">At least <see cref="Slack"/> longer than <paramref name="json"/>; what lies behind the result is undefined.</param>
    /// <param name="offset">Added to each position.</param>
    /// <returns>How many positions were found. An odd number of quotes means that the text ends inside a string.</returns>
    public static int Build(ReadOnlySpan<byte> json, Span<int> positions, int offset = 0) =>
        Vector512.IsHardwareAccelerated ? Build<Block512>(json, positions, offset)
        : Vector256.IsHardwareAccelerated ? Build<Block256>(json, positions, offset)
        : Vector128.IsHardwareAccelerated ? Build<Block128>(json, positions, offset)
        : BuildByByte(json, positions, offset);

    /// <summary>The same, one byte after the other: the definition that the vectors are held to.</summary>
    internal static int BuildByByte(ReadOnlySpan<byte> json, Span<int> positions, int offset = 0)
    {
        int count = 0;
        bool inString = false, escaped = false;
        for (int i = 0; i < json.Length; i++)
        {
            var b = json[i];
            if (escaped)
            {
                escaped = false;
                if (b is (byte)'"' or (byte)'\\') continue;
            }
            else if (b == '\\')
            {
                escaped = true;
                continue;
            }
            if (b == '"') inString = !inString;
            else if (inString || b is not ((byte)'{' or (byte)'}' or (byte)'[' or (byte)']')) continue;
            positions[count++] = offset + i;
        }
        return count;
    }

    internal static int Build<TBlock>(ReadOnlySpan<byte> json, Span<int> positions, int offset) where TBlock : struct, IBlock
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions.Length, json.Length + Slack, nameof(positions));
        var state = new State();
        ref var bytes = ref MemoryMarshal.GetReference(json);
        ref var output = ref MemoryMarshal.GetReference(positions);
        int at = 0, count = 0;
        for (; at <= json.Length - 64; at += 64)
        {
            TBlock.Masks(ref Unsafe.Add(ref bytes, at), out var backslashes, out var quotes, out var brackets);
            count += Write(state.Next(backslashes, quotes, brackets), offset + at, ref Unsafe.Add(ref output, count));
        }
        if (at < json.Length)
        {
            Span<byte> last = stackalloc byte[64];
            last.Clear();
            json[at..].CopyTo(last);
            TBlock.Masks(ref MemoryMarshal.GetReference(last), out var backslashes, out var quotes, out var brackets);
            count += Write(state.Next(backslashes, quotes, brackets), offset + at, ref Unsafe.Add(ref output, count));
        }
        return count;
    }

    private ref struct State
    {
        private const ulong OddBits = 0xAAAA_AAAA_AAAA_AAAA;
        private ulong _escapedNext; // bit 0: the next block's first byte is escaped
        private ulong _inString;    // all ones inside a string

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Next(ulong backslashes, ulong quotes, ulong brackets)
        {
            ulong escaped;
            if (backslashes == 0)
            {
                escaped = _escapedNext;
                _escapedNext = 0;
            }
            else
            {
                // A run of backslashes escapes every second one and, if odd, what follows. Subtracting the run's start from the odd
                // bits carries through the run, so that its parity shows in the bit behind it, wherever the run begins.
                var starts = backslashes & ~_escapedNext;
                var pattern = ((starts << 1) | OddBits) - starts ^ OddBits;
                escaped = pattern ^ (backslashes | _escapedNext);
                _escapedNext = (pattern & backslashes) >> 63;
            }
            quotes &= ~escaped;
            var inString = PrefixXor(quotes) ^ _inString;
            _inString = (ulong)((long)inString >> 63);
            return quotes | (brackets & ~inString);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        if (ArmAes.IsSupported)
            return ArmAes.PolynomialMultiplyWideningLower(Vector64.CreateScalar(bits), Vector64<ulong>.AllBitsSet).ToScalar();
        for (int shift = 1; shift < 64; shift <<= 1) bits ^= bits << shift;
        return bits;
    }

    /// <summary>Writes a position for each bit, in groups of eight: what is written too much is overwritten next time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Write(ulong bits, int first, ref int output)
    {
        int count = BitOperations.PopCount(bits);
        for (int group = 0; group < count; group += 8)
        {
            // Written out: the compiler does not unroll it, and the counting costs as much as the work.
            ref var target = ref Unsafe.Add(ref output, group);
            target = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref target, 1) = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref target, 2) = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref target, 3) = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref target, 4) = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref target, 5) = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref target, 6) = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref target, 7) = first + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
        }
        return count;
    }

    /// <summary>Compares 64 bytes at once.</summary>
    internal interface IBlock
    {
        static abstract void Masks(ref byte bytes, out ulong backslashes, out ulong quotes, out ulong brackets);
    }

    // '[' and '{', ']' and '}' differ in bit 5 alone, so two comparisons find all four brackets.

    internal readonly struct Block512 : IBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Masks(ref byte bytes, out ulong backslashes, out ulong quotes, out ulong brackets)
        {
            var v = Vector512.LoadUnsafe(ref bytes);
            var folded = v | Vector512.Create((byte)0x20);
            backslashes = Vector512.Equals(v, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();
            quotes = Vector512.Equals(v, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            brackets = Vector512.Equals(folded, Vector512.Create((byte)'{')).ExtractMostSignificantBits()
                | Vector512.Equals(folded, Vector512.Create((byte)'}')).ExtractMostSignificantBits();
        }
    }

    internal readonly struct Block256 : IBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Masks(ref byte bytes, out ulong backslashes, out ulong quotes, out ulong brackets)
        {
            var low = Vector256.LoadUnsafe(ref bytes);
            var high = Vector256.LoadUnsafe(ref bytes, 32);
            backslashes = Join(low, high, (byte)'\\');
            quotes = Join(low, high, (byte)'"');
            var bit5 = Vector256.Create((byte)0x20);
            low |= bit5;
            high |= bit5;
            var opening = Vector256.Create((byte)'{');
            var closing = Vector256.Create((byte)'}');
            brackets = (Vector256.Equals(low, opening) | Vector256.Equals(low, closing)).ExtractMostSignificantBits()
                | (ulong)(Vector256.Equals(high, opening) | Vector256.Equals(high, closing)).ExtractMostSignificantBits() << 32;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Join(Vector256<byte> low, Vector256<byte> high, byte wanted) =>
            Vector256.Equals(low, Vector256.Create(wanted)).ExtractMostSignificantBits()
            | (ulong)Vector256.Equals(high, Vector256.Create(wanted)).ExtractMostSignificantBits() << 32;
    }

    internal readonly struct Block128 : IBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Masks(ref byte bytes, out ulong backslashes, out ulong quotes, out ulong brackets)
        {
            backslashes = quotes = brackets = 0;
            for (int part = 0; part < 64; part += 16)
            {
                var v = Vector128.LoadUnsafe(ref bytes, (nuint)part);
                var folded = v | Vector128.Create((byte)0x20);
                backslashes |= (ulong)Vector128.Equals(v, Vector128.Create((byte)'\\')).ExtractMostSignificantBits() << part;
                quotes |= (ulong)Vector128.Equals(v, Vector128.Create((byte)'"')).ExtractMostSignificantBits() << part;
                brackets |= (ulong)(Vector128.Equals(folded, Vector128.Create((byte)'{')) | Vector128.Equals(folded, Vector128.Create((byte)'}')))
                    .ExtractMostSignificantBits() << part;
            }
        }
    }
}
