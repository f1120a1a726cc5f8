using System.Text.Json.Serialization;

namespace Yagura.Detectors;

/// <summary>Estimates how many packets distinct flow records hold together: all heavy records are in it, and of light ones as many as they deserve.</summary>
/// <remarks>
/// A record's chance is drawn from its identity, so that adding is idempotent and order does not matter: a record delivered twice counts once. Records of at least the threshold
/// count as they are, lighter ones as the threshold; the estimate is unbiased, its relative standard error at most sqrt(threshold/packets), and 1/sqrt(limit) from the limit on.
/// Source: Duffield, Lund, Thorup, "Priority sampling for estimation of arbitrary subset sums" (2007). State: some 60 bytes for a kept record.
/// </remarks>
/// <param name="limit">Records kept.</param>
/// <param name="threshold">Packets of a record that is kept for certain at the beginning; grows as records come in.</param>
public sealed class PacketSample(int limit, double threshold) : IMergeable<PacketSample>
{
    private static readonly IComparer<Item> ByPriority =
        Comparer<Item>.Create((a, b) => a.Priority != b.Priority ? a.Priority.CompareTo(b.Priority) : a.Identity.CompareTo(b.Identity));

    private readonly SortedSet<Item> _items = new(ByPriority);
    private double _threshold = threshold;

    /// <summary>A record that is kept.</summary>
    /// <param name="Port">The remote one.</param>
    public readonly record struct Item(ulong Identity, long Packets, long Bytes, ushort Port)
    {
        [JsonIgnore]
        public double Priority => PriorityOf(Identity, Packets);
    }

    /// <summary>Restores a sample from its properties.</summary>
    [JsonConstructor]
    public PacketSample(int limit, double threshold, IReadOnlyList<Item> items) : this(limit, threshold) => _items.UnionWith(items);

    public int Limit => limit;
    public double Threshold => _threshold;
    public IReadOnlyList<Item> Items => [.. _items];

    /// <summary>True when lighter records than the kept ones were left out.</summary>
    [JsonIgnore]
    public bool IsEstimate => _items.Count > 0 && _items.Min(item => item.Packets) < _threshold;

    /// <summary>Whether a sample that has just begun would keep a record.</summary>
    /// <param name="identity">Evenly distributed.</param>
    public static bool Keeps(ulong identity, long packets, double threshold) => packets * (double)ulong.MaxValue > threshold * (identity + 1.0);

    private static double PriorityOf(ulong identity, long packets) => packets * (double)ulong.MaxValue / (identity + 1.0);

    public void Add(Item item)
    {
        if (item.Priority <= _threshold) return;
        _items.Add(item);
        if (_items.Count <= limit) return;
        var least = _items.Min;
        _threshold = least.Priority;
        _items.Remove(least);
    }

    public void Merge(PacketSample other)
    {
        _threshold = Math.Max(_threshold, other._threshold);
        _items.RemoveWhere(item => item.Priority <= _threshold);
        foreach (var item in other._items) Add(item);
    }

    /// <summary>The estimated packets of all records, or of those with some ports.</summary>
    public long Packets(Func<ushort, bool>? ports = null) => (long)_items.Where(item => ports is null || ports(item.Port)).Sum(item => Math.Max(item.Packets, _threshold));

    /// <summary>The estimated bytes of all records.</summary>
    public long Bytes => (long)_items.Sum(item => item.Bytes * Math.Max(1, _threshold / item.Packets));
}
