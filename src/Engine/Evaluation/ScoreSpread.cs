namespace Yagura.Engine.Evaluation;

/// <summary>How scores lie: of what is known to be malicious, and of everything else.</summary>
/// <param name="Of">Which scores, such as <c>findings, bits</c>.</param>
/// <param name="Separation">The chance that a malicious one is higher than a benign one (the area under the curve); null where there is none of either.</param>
public sealed record ScoreSpread(string Of, Spread? Malicious, Spread? Benign, double? Separation)
{
    public static ScoreSpread Between(string of, IReadOnlyList<double> malicious, IReadOnlyList<double> benign) =>
        new(of, Spread.Of(malicious), Spread.Of(benign), malicious.Count > 0 && benign.Count > 0 ? Area(malicious, benign) : null);

    // Mann and Whitney: equal ones count half.
    private static double Area(IReadOnlyList<double> malicious, IReadOnlyList<double> benign)
    {
        double[] sorted = [.. benign.Order()];
        var lower = 0.0;
        foreach (var score in malicious) lower += (Below(sorted, score, orEqual: false) + Below(sorted, score, orEqual: true)) / 2.0;
        return lower / ((double)malicious.Count * benign.Count);
    }

    private static int Below(double[] sorted, double score, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < score || (orEqual && sorted[middle] == score)) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

/// <summary>Quantiles of scores.</summary>
public sealed record Spread(int Count, double Least, double P10, double Median, double P90, double P99, double Most)
{
    public static Spread? Of(IReadOnlyList<double> scores)
    {
        if (scores.Count == 0) return null;
        double[] sorted = [.. scores.Order()];
        double At(double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
        return new(sorted.Length, sorted[0], At(0.1), At(0.5), At(0.9), At(0.99), sorted[^1]);
    }
}
