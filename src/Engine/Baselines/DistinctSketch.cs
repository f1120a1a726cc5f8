using System.Numerics;

namespace Yagura.Engine.Baselines;

/// <summary>An estimate of how many distinct things were seen: 64 bytes, an error of an eighth, and never less after more was added.</summary>
/// <remarks>Merging is commutative, associative and idempotent. Source: Flajolet et al., "HyperLogLog" (2007), with linear counting for small numbers.</remarks>
public sealed class DistinctSketch
{
    private const int Count64 = 64, IndexBits = 6;
    private const double Bias = 0.709 * Count64 * Count64;

    private readonly byte[] _registers;

    public DistinctSketch() => _registers = new byte[Count64];

    private DistinctSketch(byte[] registers) => _registers = registers;

    /// <param name="hash">64 even bits that are the same for the same thing.</param>
    public void Add(ulong hash)
    {
        ref var register = ref _registers[hash >> 64 - IndexBits];
        register = Math.Max(register, (byte)(1 + BitOperations.LeadingZeroCount(hash << IndexBits | 1UL << IndexBits - 1)));
    }

    public void Merge(DistinctSketch other)
    {
        for (var i = 0; i < Count64; i++) _registers[i] = Math.Max(_registers[i], other._registers[i]);
    }

    /// <summary>Of two estimates that both only grow, that of the empty registers as long as it is the better one, then the greater.</summary>
    public double Estimate()
    {
        var (empty, sum) = (0, 0.0);
        foreach (var register in _registers)
        {
            if (register == 0) empty++;
            sum += Math.ScaleB(1, -register);
        }
        var byEmpty = Count64 * Math.Log(Count64 / (double)Math.Max(empty, 1));
        if (empty == Count64) return 0;
        var bySum = Bias / sum;
        return bySum > 2.5 * Count64 ? Math.Max(byEmpty, bySum) : byEmpty;
    }

    public override string ToString() => Convert.ToBase64String(_registers);

    /// <exception cref="FormatException">It is no such text.</exception>
    public static DistinctSketch Parse(string text) => Convert.FromBase64String(text) is { Length: Count64 } registers ? new(registers) : throw new FormatException("a sketch has another length");
}
