using Yagura.Intel;

namespace Yagura.Bench.Names;

/// <summary>Makes the trigram table of <see cref="LabelModel"/> from names that people registered.</summary>
/// <remarks>Witten and Bell's interpolation (Witten and Bell, "The zero-frequency problem", 1991): what a longer context has seen counts as much as it has seen of it,
/// the rest comes from the shorter one. The table holds the cost of each symbol after each two, in sixteenths of a bit, one byte each.</remarks>
internal static class LabelModelTrainer
{
    private const int Width = LabelModel.Width;

    /// <summary>One half of all domains trains the model that ships; the other half is kept for measuring it.</summary>
    /// <param name="domain">Registered, in lower case.</param>
    public static bool IsForTraining(string domain) => domain.Sum(character => character) % 2 == 0;

    /// <summary>The registered domains of a list of names, each once, in order.</summary>
    public static IReadOnlyList<string> Registered(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => line.Split('#')[0].Trim()).Where(name => name.Contains('.', StringComparison.Ordinal))
            .Select(PublicSuffixList.BuiltIn.RegistrableDomain).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The table that the half for training makes.</summary>
    public static byte[] Train(IEnumerable<string> domains)
    {
        var (one, two, three) = (new int[Width], new int[Width * Width], new int[Width * Width * Width]);
        foreach (var domain in domains.Where(IsForTraining))
        {
            int first = LabelModel.Edge, second = LabelModel.Edge;
            foreach (var symbol in domain[..domain.IndexOf('.', StringComparison.Ordinal)].Select(Symbol).Append(LabelModel.Edge))
            {
                one[symbol]++;
                two[second * Width + symbol]++;
                three[(first * Width + second) * Width + symbol]++;
                (first, second) = (second, symbol);
            }
        }
        var table = new byte[three.Length];
        var alone = Interpolated(one, [.. Enumerable.Repeat(1.0 / Width, Width)]);
        for (var second = 0; second < Width; second++)
        {
            var pair = Interpolated(two.AsSpan(second * Width, Width), alone);
            for (var first = 0; first < Width; first++)
            {
                var at = (first * Width + second) * Width;
                var triple = Interpolated(three.AsSpan(at, Width), pair);
                for (var symbol = 0; symbol < Width; symbol++)
                    table[at + symbol] = (byte)Math.Clamp(Math.Round(-Math.Log2(triple[symbol]) * LabelModel.Unit), 0, byte.MaxValue);
            }
        }
        return table;
    }

    private static double[] Interpolated(ReadOnlySpan<int> counts, double[] shorter)
    {
        int total = 0, kinds = 0;
        foreach (var count in counts) (total, kinds) = (total + count, kinds + (count > 0 ? 1 : 0));
        var result = (double[])shorter.Clone();
        if (total == 0) return result;
        for (var symbol = 0; symbol < counts.Length; symbol++) result[symbol] = (counts[symbol] + kinds * shorter[symbol]) / (total + kinds);
        return result;
    }

    private static int Symbol(char character) => character switch
    {
        >= 'a' and <= 'z' => character - 'a',
        >= '0' and <= '9' => character - '0' + 26,
        _ => LabelModel.Symbols - 1,
    };
}
