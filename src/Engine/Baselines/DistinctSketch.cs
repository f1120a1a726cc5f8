using System.Numerics;
using System.Text.Json.Serialization;

namespace Yagura.Engine.Baselines;

/// <summary>An estimate of how many distinct things were seen: 64 bytes, an error of an eighth, and never less after more was added.</summary>
/// <remarks>Merging is commutative, associative and idempotent. Source: Flajolet et al., "HyperLogLog" (2007), with linear counting for small numbers.</remarks>
public sealed class DistinctSketch
{
    /// <summary>Bytes of a sketch.</summary>
    public const int Length = 64;

    private const int IndexBits = 6;
    private const byte Highest = 64 - IndexBits + 1; // what a register can hold
    private const double Bias = 0.709 * Length * Length;

    private readonly byte[] _registers;

    [JsonConstructor]
    public DistinctSketch(string text)
    {
        _registers = new byte[Length];
        if (!Convert.TryFromBase64String(text, _registers, out var length) || length != Length || !AreRegisters(_registers)) throw new ArgumentException("this is no sketch", nameof(text));
    }

    public DistinctSketch() => _registers = new byte[Length];

    private DistinctSketch(byte[] registers) => _registers = registers;

    /// <summary>For its owner: whether it was added to since somebody looked.</summary>
    internal bool IsChanged { get; set; }

    internal ReadOnlySpan<byte> Registers => _registers;

    /// <exception cref="InvalidDataException">They are none.</exception>
    internal static DistinctSketch Of(byte[] registers) => AreRegisters(registers) ? new(registers) : throw new InvalidDataException("this is no sketch");

    private static bool AreRegisters(ReadOnlySpan<byte> registers) => registers.Length == Length && !registers.ContainsAnyExceptInRange((byte)0, Highest);

    public void Add(UInt128 identity) => Add((ulong)identity);

    /// <param name="hash">64 even bits that are the same for the same thing.</param>
    public void Add(ulong hash)
    {
        ref var register = ref _registers[hash >> 64 - IndexBits];
        register = Math.Max(register, (byte)(1 + BitOperations.LeadingZeroCount(hash << IndexBits | 1UL << IndexBits - 1)));
    }

    public void Merge(DistinctSketch other)
    {
        for (var i = 0; i < Length; i++) _registers[i] = Math.Max(_registers[i], other._registers[i]);
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
        var byEmpty = Length * Math.Log(Length / (double)Math.Max(empty, 1));
        if (empty == Length) return 0;
        var bySum = Bias / sum;
        return bySum > 2.5 * Length ? Math.Max(byEmpty, bySum) : byEmpty;
    }

    /// <summary>The registers as they are stored in JSON.</summary>
    public string Text => Convert.ToBase64String(_registers);
}
