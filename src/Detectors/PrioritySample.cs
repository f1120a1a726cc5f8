using System.Text.Json.Serialization;

namespace Yagura.Detectors;

/// <summary>A record, or what is kept of one, that counts by its weight.</summary>
public interface IWeighted
{
    /// <summary>Evenly distributed; the same wherever the record was delivered.</summary>
    ulong Identity { get; }

    /// <summary>Packets, bytes; more than 0.</summary>
    long Weight { get; }
}

/// <summary>Estimates how much distinct records weigh together: all heavy ones are in it, and of light ones as many as they deserve.</summary>
/// <remarks>
/// A record's chance is drawn from its identity, so that adding is idempotent and order does not matter: a record delivered twice counts once. Records of at least the threshold
/// count as they are, lighter ones as the threshold; the estimate, of all or of any kind of them, is unbiased, its relative standard error at most sqrt(threshold/weight), and 1/sqrt(limit) from the limit on.
/// Source: Duffield, Lund, Thorup, "Priority sampling for estimation of arbitrary subset sums" (2007). State: the kept records.
/// </remarks>
/// <param name="limit">Records kept.</param>
/// <param name="threshold">Weight of a record that is kept for certain at the beginning; grows as records come in.</param>
public sealed class PrioritySample<T>(int limit, double threshold) : IMergeable<PrioritySample<T>> where T : struct, IWeighted
{
    private static readonly IComparer<T> ByPriority =
        Comparer<T>.Create((a, b) => PriorityOf(a) is var one && PriorityOf(b) is var other && one != other ? one.CompareTo(other) : a.Identity.CompareTo(b.Identity));

    private readonly List<T> _items = []; // by priority
    private double _threshold = threshold;

    /// <summary>Restores a sample from its properties.</summary>
    [JsonConstructor]
    public PrioritySample(int limit, double threshold, IReadOnlyList<T> items) : this(limit, threshold) => _items.AddRange(items.Order(ByPriority));

    public int Limit => limit;
    public double Threshold => _threshold;
    public IReadOnlyList<T> Items => [.. _items];

    /// <summary>True when lighter records than the kept ones were left out.</summary>
    [JsonIgnore]
    public bool IsEstimate => _items.Count > 0 && _items.Min(item => item.Weight) < _threshold;

    /// <summary>The weight that a kept record stands for.</summary>
    public double WeightOf(T item) => Math.Max(item.Weight, _threshold);

    public void Add(T item)
    {
        if (PriorityOf(item) <= _threshold) return;
        var place = _items.BinarySearch(item, ByPriority);
        if (place >= 0) return;
        if (_items.Capacity == 0) _items.Capacity = 1;
        _items.Insert(~place, item);
        if (_items.Count <= limit) return;
        _threshold = PriorityOf(_items[0]);
        _items.RemoveAt(0);
    }

    public void Merge(PrioritySample<T> other)
    {
        _threshold = Math.Max(_threshold, other._threshold);
        _items.RemoveAll(item => PriorityOf(item) <= _threshold);
        // Most samples are merged once and hold a record or two.
        if (_items.Count == 0 && _threshold == other._threshold && other._items.Count <= limit) _items.AddRange(other._items);
        else foreach (var item in other._items) Add(item);
    }

    private static double PriorityOf(T item) => item.Weight * (double)ulong.MaxValue / (item.Identity + 1.0);
}

/// <summary>Who belongs into a sample.</summary>
public static class PrioritySample
{
    /// <summary>Whether a sample that has just begun would keep a record.</summary>
    /// <param name="identity">Evenly distributed.</param>
    public static bool Keeps(ulong identity, long weight, double threshold) => weight * (double)ulong.MaxValue > threshold * (identity + 1.0);
}
