namespace Yagura.Bench.Match;

/// <summary>Chance that repeats: SplitMix64.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public double Unit() => (Next() >> 11) / 9007199254740992.0;

    /// <summary>Small numbers often, large ones seldom: about as names are used in logs.</summary>
    public int Skewed(int limit) => (int)(limit * Math.Pow(Unit(), 3));

    public T Of<T>(IReadOnlyList<T> values) => values[Below(values.Count)];
}
