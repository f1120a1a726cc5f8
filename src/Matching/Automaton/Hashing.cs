using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Yagura.Matching.Automaton;

/// <summary>A fast hash of bytes for tables whose keys the operator chose: rules, not events, so it need not resist collisions made on purpose.</summary>
internal static class Hashing
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ReadOnlySpan<byte> bytes, EntryKind kind)
    {
        ref var at = ref MemoryMarshal.GetReference(bytes);
        var length = bytes.Length;
        var hash = ((ulong)kind << 56) + (ulong)length * 0xC2B2_AE3D_27D4_EB4F;
        if (length > 16)
        {
            // No loop up to 32 bytes: texts of different lengths in turn would mispredict it.
            hash = Mix(Mix(hash, Word(ref at, 0)), Word(ref at, 8));
            for (var i = 16; i < length - 16; i += 8) hash = Mix(hash, Word(ref at, i));
            hash = Mix(Mix(hash, Word(ref at, length - 16)), Word(ref at, length - 8));
        }
        else if (length >= 8)
        {
            hash = Mix(Mix(hash, Word(ref at, 0)), Word(ref at, length - 8));
        }
        else if (length >= 4)
        {
            hash = Mix(hash, (ulong)Unsafe.ReadUnaligned<uint>(ref at) << 32 | Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, length - 4)));
        }
        else if (length > 0)
        {
            hash = Mix(hash, (ulong)at << 16 | (ulong)Unsafe.Add(ref at, length >> 1) << 8 | Unsafe.Add(ref at, length - 1));
        }
        return hash ^ hash >> 32;
    }

    private static ulong Word(ref byte at, int offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, offset));

    private static ulong Mix(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * Multiplier, 29);
}
