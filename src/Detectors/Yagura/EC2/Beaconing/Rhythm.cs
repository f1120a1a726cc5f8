namespace Yagura.Detectors.Yagura.EC2;

/// <summary>How regular connections are: a share of 1 for each way to be regular, 1 for a clock.</summary>
/// <remarks>
/// The parts are those of the RITA tool (activecm/rita, "analysis/beacons.go"): Bowley's skewness, (Q1 + Q3 - 2 median) / (Q3 - Q1), and the median absolute deviation from the median, in
/// shares of the median, of the intervals between connections and of their sizes; and how many of the hours have connections. The dispersion of intervals weighs most, for it tells jitter
/// from chance already where few intervals are known.
/// </remarks>
/// <param name="Intervals">Seconds between connections, ascending.</param>
/// <param name="Sizes">Bytes that the client sent, ascending.</param>
/// <param name="HoursSeen">Hours with connections.</param>
/// <param name="HoursSpanned">Hours from the first one with connections to the last.</param>
public sealed record Rhythm(IReadOnlyList<double> Intervals, IReadOnlyList<double> Sizes, int HoursSeen, int HoursSpanned)
{
    private const double IntervalDispersionWeight = 0.4, IntervalSymmetryWeight = 0.1, SizeDispersionWeight = 0.2, SizeSymmetryWeight = 0.05, HoursWeight = 0.25;

    /// <summary>Quartiles closer than this share of the median say nothing about symmetry: they show how exactly times are recorded.</summary>
    private const double FlatSpread = 0.1;

    public double IntervalDispersion => IntervalDispersionWeight * Closeness(Intervals);
    public double IntervalSymmetry => IntervalSymmetryWeight * Symmetry(Intervals);
    public double SizeDispersion => SizeDispersionWeight * Closeness(Sizes);
    public double SizeSymmetry => SizeSymmetryWeight * Symmetry(Sizes);
    public double Hours => HoursWeight * HoursSeen / Math.Max(1, HoursSpanned);

    /// <summary>How many connections there were in the day where more than those known were seen: one interval after the other in each of the hours.</summary>
    public long Estimate => Math.Max(Sizes.Count, (long)Math.Round(HoursSeen * 3_600 / Math.Max(1, Intervals.Average())));

    /// <summary>The sum of the parts, 0 to 1.</summary>
    public double Score => IntervalDispersion + IntervalSymmetry + SizeDispersion + SizeSymmetry + Hours;

    /// <summary>1 without any deviation, 0 where half of the values lie further from the median than zero does.</summary>
    private static double Closeness(IReadOnlyList<double> ascending)
    {
        var median = Quantile(ascending, 0.5);
        return median <= 0 ? 0 : Math.Max(0, 1 - Deviation(ascending) / median);
    }

    private static double Symmetry(IReadOnlyList<double> ascending)
    {
        var (low, median, high) = (Quantile(ascending, 0.25), Quantile(ascending, 0.5), Quantile(ascending, 0.75));
        if (median <= 0) return 0;
        // Where a quartile is the median, values are too coarse to tell.
        return high - low <= FlatSpread * median || low >= median || high <= median ? 1 : 1 - Math.Abs(low + high - 2 * median) / (high - low);
    }

    /// <summary>The median absolute deviation from the median.</summary>
    public static double Deviation(IReadOnlyList<double> ascending)
    {
        var median = Quantile(ascending, 0.5);
        return Quantile([.. ascending.Select(value => Math.Abs(value - median)).Order()], 0.5);
    }

    /// <summary>Between the two closest values where it falls between them; zero of nothing.</summary>
    public static double Quantile(IReadOnlyList<double> ascending, double share)
    {
        if (ascending.Count == 0) return 0;
        var at = share * (ascending.Count - 1);
        var below = (int)at;
        return below + 1 == ascending.Count ? ascending[below] : ascending[below] + (at - below) * (ascending[below + 1] - ascending[below]);
    }

    /// <summary>The rhythm of a pair, by the connections that are kept of it.</summary>
    public static Rhythm Of(in BeaconPair pair)
    {
        var connections = Connections(pair);
        var whole = WholeHours(pair);
        var intervals = new List<double>(connections.Count);
        for (var i = 1; i < connections.Count; i++)
        {
            if (IsKnownBetween(connections[i - 1], connections[i], whole)) intervals.Add(connections[i].Second - connections[i - 1].Second);
        }
        intervals.Sort();
        return new(intervals, [.. connections.Select(start => start.Bytes).Order()], pair.HoursSeen, pair.HoursSpanned);
    }

    // By time. A connection that lasts is recorded again each minute or ten, from the same client port.
    private static List<BeaconStart> Connections(in BeaconPair pair)
    {
        const int LongestInterval = 600, Slack = 20;
        var starts = new List<BeaconStart>(pair.Kept);
        foreach (var value in pair.Connections) starts.Add(new(value));
        starts.Sort((a, b) => a.Second != b.Second ? a.Second.CompareTo(b.Second) : a.Value.CompareTo(b.Value));
        var connections = new List<BeaconStart>(starts.Count);
        foreach (var (i, start) in starts.Index())
        {
            if (!starts[..i].Exists(earlier => earlier.ClientPort == start.ClientPort && start.Second - earlier.Second <= LongestInterval + Slack)) connections.Add(start);
        }
        return connections;
    }

    /// <summary>Hours all of whose connections are kept, a bit each.</summary>
    private static uint WholeHours(in BeaconPair pair)
    {
        if (!pair.IsThinned) return uint.MaxValue;
        var whole = 0u;
        for (var place = 0; place < new BeaconStart(pair.Connections[^1]).Place; place++) whole |= 1u << BeaconStart.PlaceOf(place);
        return whole;
    }

    // Of the last hour that is kept, the beginning is known.
    private static bool IsKnownBetween(BeaconStart earlier, BeaconStart later, uint whole)
    {
        if (earlier.Hour == later.Hour) return true;
        for (var hour = earlier.Hour; hour < later.Hour; hour++)
            if ((whole >> hour & 1) == 0) return false;
        return true;
    }
}
