namespace Yagura.Engine.Baselines;

/// <summary>One record of an act.</summary>
/// <param name="EventId">The record's own identity where it is a UUID, as CloudTrail's are.</param>
/// <param name="Name">The identity where it is none; null otherwise.</param>
public readonly record struct CallRecord(DateTimeOffset Time, UInt128 Identity, string Object, long Record, Guid EventId, string? Name)
{
    internal static IComparer<CallRecord> ByTime { get; } =
        Comparer<CallRecord>.Create((one, other) => one.Time != other.Time ? one.Time.CompareTo(other.Time) : one.Identity.CompareTo(other.Identity));

    internal static IComparer<CallRecord> ByIdentity { get; } = Comparer<CallRecord>.Create((one, other) => one.Identity.CompareTo(other.Identity));

    /// <summary>Of one record delivered in two objects the one is shown whose name comes first, whichever was read first.</summary>
    internal bool IsNamedBefore(in CallRecord other) => (string.CompareOrdinal(Object, other.Object), Record.CompareTo(other.Record)).CompareTo((0, 0)) < 0;
}

/// <summary>The records of an act of more than one call, as many as are kept.</summary>
internal sealed class CallRecords
{
    /// <summary>The earliest records kept.</summary>
    public const int MostEarliest = 6;

    /// <summary>Further records kept: those with the smallest identities, so that what came later is shown as well.</summary>
    public const int MostSampled = 10;

    private CallRecord[] _earliest;
    private CallRecord[] _sampled = []; // empty as long as the earliest are all there are

    public CallRecords(in CallRecord first) => _earliest = [first];

    public CallRecords(IEnumerable<CallRecord> earliest, IEnumerable<CallRecord> sampled, DistinctSketch? sketch)
    {
        _earliest = [.. earliest];
        _sampled = [.. sampled];
        Sketch = sketch;
    }

    public CallRecord[] Earliest => _earliest;
    public CallRecord[] Sampled => _sampled;

    /// <summary>Counts the calls once there are more than <see cref="Earliest"/> holds.</summary>
    public DistinctSketch? Sketch { get; private set; }

    /// <summary>How many calls there were; an estimate beyond <see cref="MostEarliest"/>.</summary>
    public double Count => Sketch?.Estimate() ?? _earliest.Length;

    public void CountInto(DistinctSketch sketch)
    {
        if (Sketch is not null) sketch.Merge(Sketch);
        else foreach (ref readonly var record in _earliest.AsSpan()) sketch.Add(record.Identity);
    }

    /// <summary>Whether a record would be kept; if not it is to be counted only.</summary>
    public bool Wants(DateTimeOffset time, UInt128 identity) =>
        _earliest.Length < MostEarliest || time <= _earliest[^1].Time || _sampled.Length < MostSampled || identity <= _sampled[^1].Identity;

    /// <summary>Counts a record that is not kept.</summary>
    public void Add(UInt128 identity) => Counted().Add(identity);

    public void Keep(in CallRecord record)
    {
        if (Sketch is null && _earliest.Length == MostEarliest && !Holds(record.Identity)) Counted();
        if (Sketch is not null)
        {
            Sketch.Add(record.Identity);
            Keep(ref _sampled, record, CallRecord.ByIdentity, MostSampled);
        }
        Keep(ref _earliest, record, CallRecord.ByTime, MostEarliest);
    }

    public void Merge(CallRecords other)
    {
        if (other.Sketch is not null) Counted().Merge(other.Sketch);
        foreach (ref readonly var record in other._earliest.AsSpan()) Keep(record);
        foreach (ref readonly var record in other._sampled.AsSpan()) Keep(record);
    }

    private bool Holds(UInt128 identity)
    {
        foreach (ref readonly var record in _earliest.AsSpan())
            if (record.Identity == identity) return true;
        return false;
    }

    // Until now all were kept.
    private DistinctSketch Counted()
    {
        if (Sketch is { } sketch) return sketch;
        Sketch = sketch = new();
        foreach (ref readonly var record in _earliest.AsSpan())
        {
            sketch.Add(record.Identity);
            Keep(ref _sampled, record, CallRecord.ByIdentity, MostSampled);
        }
        return sketch;
    }

    /// <summary>Puts a record among those that are kept, in order, if it belongs there.</summary>
    private static void Keep(ref CallRecord[] kept, in CallRecord record, IComparer<CallRecord> order, int most)
    {
        var at = 0;
        while (at < kept.Length && order.Compare(kept[at], record) < 0) at++;
        if (at < kept.Length && kept[at].Identity == record.Identity)
        {
            if (record.IsNamedBefore(kept[at])) kept[at] = record;
            return;
        }
        if (at == most) return;
        if (kept.Length < most) Array.Resize(ref kept, kept.Length + 1);
        Array.Copy(kept, at, kept, at + 1, kept.Length - at - 1);
        kept[at] = record;
    }
}
