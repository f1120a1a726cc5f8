using Yagura.Detectors.Yagura.EC2;

namespace Yagura.Detectors.Tests;

/// <summary>The score of the few connections that are kept, beside that of all of them as the RITA tool computes it in one go.</summary>
public sealed class RhythmTests
{
    /// <summary>All connections of a day: the batch algorithm, on exact times and sizes.</summary>
    private static double Batch(IReadOnlyList<(double Second, long Bytes)> connections)
    {
        var times = connections.Select(c => c.Second).Order().ToList();
        var hours = times.Select(second => (int)second / 3_600).Distinct().Order().ToList();
        return 0.4 * Closeness(times.Zip(times.Skip(1), (a, b) => b - a)) + 0.1 * Symmetry(times.Zip(times.Skip(1), (a, b) => b - a))
            + 0.2 * Closeness(connections.Select(c => (double)c.Bytes)) + 0.05 * Symmetry(connections.Select(c => (double)c.Bytes))
            + 0.25 * hours.Count / (hours[^1] - hours[0] + 1);
    }

    private static double Closeness(IEnumerable<double> values)
    {
        var median = Median(values);
        return Math.Max(0, 1 - Median(values.Select(value => Math.Abs(value - median))) / median);
    }

    private static double Symmetry(IEnumerable<double> values)
    {
        var (low, mid, high) = (At(values, 0.25), Median(values), At(values, 0.75));
        return high - low <= 0.1 * mid || low >= mid || high <= mid ? 1 : 1 - Math.Abs((low + high - 2 * mid) / (high - low));
    }

    private static double Median(IEnumerable<double> values) => At(values, 0.5);

    private static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        return sorted[(int)at] + (at - (int)at) * (sorted[(int)Math.Ceiling(at)] - sorted[(int)at]);
    }

    private static double Streamed(IEnumerable<(double Second, long Bytes)> connections)
    {
        var pair = new BeaconPair();
        ushort port = 40_000;
        foreach (var (second, bytes) in connections) pair.Add(BeaconStart.Of((int)second, port++, BeaconStart.WeightOf((long)bytes)));
        return Rhythm.Of(pair).Score;
    }

    private delegate double Draw(Numbers random);

    private static readonly Dictionary<string, Draw> Families = new(StringComparer.Ordinal)
    {
        ["a clock"] = _ => 1,
        ["uniform, a third either way"] = random => 0.67 + 0.66 * random.Next(),
        ["uniform, down to the half"] = random => 0.5 + 0.5 * random.Next(),
        ["uniform from nothing"] = random => 2 * random.Next(),
        ["at random"] = random => -Math.Log(1 - random.Next()),
    };

    public static TheoryData<string> Names => [.. Families.Keys];

    private static List<(double, long)> Day(Draw draw, Numbers random, double period, double jitterOfSize)
    {
        var connections = new List<(double, long)>();
        for (var at = period * random.Next(); at < 86_399; at += Math.Max(4, period * draw(random))) connections.Add((at, (long)(800 * (1 + jitterOfSize * random.Next()))));
        return connections;
    }

    [Theory, MemberData(nameof(Names))]
    public void Of_few_connections_the_score_is_that_of_the_batch_algorithm(string family)
    {
        var random = new Numbers(3);
        for (var day = 0; day < 300; day++)
        {
            var connections = Day(Families[family], random, 6_000, 0.5).Take(BeaconPair.MostStarts).ToList();
            Assert.InRange(Streamed(connections) - Batch(connections), -0.05, 0.05);
        }
    }

    /// <summary>Twenty of many: the mean is right, and the spread is that of a sample of this size: for regular pairs all of 500 days, for irregular ones 95 of 100.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Of_many_connections_the_score_is_close_to_that_of_the_batch_algorithm(string family)
    {
        var random = new Numbers(5);
        var differences = new List<double>();
        foreach (var period in (double[])[30, 120, 268, 600, 1_500])
        {
            for (var day = 0; day < 100; day++)
            {
                var connections = Day(Families[family], random, period, 0.5);
                differences.Add(Streamed(connections) - Batch(connections));
            }
        }
        var sorted = differences.Order().ToList();
        Assert.InRange(differences.Average(), -0.05, 0.05);
        var isRegular = family is not ("uniform from nothing" or "at random");
        var (least, most) = isRegular ? (sorted[0], sorted[^1]) : (sorted[12], sorted[487]);
        Assert.InRange(least, isRegular ? -0.12 : -0.2, 0);
        Assert.InRange(most, 0, isRegular ? 0.12 : 0.2);
    }
}
