using System.Runtime.CompilerServices;

namespace Yagura.Simulation;

/// <summary>A counter-based generator of 64-bit numbers: the same place in the corpus always draws the same numbers, whoever asks and whenever.</summary>
/// <remarks>Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.</remarks>
internal struct SplitMix64(ulong state)
{
    private ulong _state = state;

    /// <summary>The draws of one place: an account, a minute since 1970, an index within it, and what they are for.</summary>
    public static SplitMix64 At(ulong seed, int account, long minute, int index, int purpose)
    {
        var key = Mix(seed + Golden);
        key = Mix(key ^ ((ulong)(uint)account << 32 | (uint)purpose));
        key = Mix(key ^ (ulong)minute);
        return new(key ^ (uint)index);
    }

    private const ulong Golden = 0x9E3779B97F4A7C15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next() => Mix(_state += Golden);

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int limit) => (int)((Next() >> 32) * (uint)limit >> 32);

    /// <summary>0 to <paramref name="limit"/> - 1, low numbers more often: some of everything is busy and most is not.</summary>
    public int Skewed(int limit)
    {
        // Products only: powers and logarithms may differ in the last bit from one machine to another.
        var first = Next() >> 32;
        var second = Next() >> 32;
        return (int)(Math.Min(first, second) * (first | 1) / (uint.MaxValue + 1UL) * (uint)limit >> 32);
    }

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public bool Percent(int percent) => Below(100) < percent;

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
