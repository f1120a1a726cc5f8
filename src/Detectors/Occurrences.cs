using System.Text.Json.Serialization;

namespace Yagura.Detectors;

/// <summary>A set of record identities that counts distinct ones: exactly up to a limit, by the k smallest hashes beyond it.</summary>
/// <remarks>
/// Adding is idempotent and order does not matter, so a record delivered twice, through two trails or in a shuffled order counts once.
/// Beyond the limit the estimate's standard error is 1/sqrt(limit). Source of the estimator: Bar-Yossef et al., "Counting distinct elements in
/// a data stream" (2002), k minimum values. State: 8 bytes per kept identity.
/// </remarks>
public sealed class Occurrences : IMergeable<Occurrences>
{
    private readonly int _limit;
    private readonly HashSet<ulong> _kept = [];
    private ulong _ceiling = ulong.MaxValue;

    public Occurrences(int limit) => _limit = limit;

    /// <summary>Restores a set from <see cref="Kept"/>.</summary>
    [JsonConstructor]
    public Occurrences(int limit, bool isEstimate, IReadOnlyList<ulong> kept) : this(limit)
    {
        IsEstimate = isEstimate;
        foreach (var value in kept) Keep(value);
        if (isEstimate && _kept.Count > 0) _ceiling = Math.Min(_ceiling, _kept.Max());
    }

    public int Limit => _limit;

    /// <summary>True once more distinct occurrences were seen than are kept.</summary>
    public bool IsEstimate { get; private set; }

    /// <summary>Distinct occurrences.</summary>
    [JsonIgnore]
    public long Count
    {
        get
        {
            Shrink(_limit);
            return IsEstimate ? (long)((_limit - 1) * Math.Pow(2, 64) / Math.Max(1, _ceiling)) : _kept.Count;
        }
    }

    /// <summary>The kept identities, ascending.</summary>
    public IReadOnlyList<ulong> Kept
    {
        get
        {
            Shrink(_limit);
            return [.. _kept.Order()];
        }
    }

    public void Add(UInt128 identity) => Keep((ulong)identity ^ (ulong)(identity >> 64));

    public void Merge(Occurrences other)
    {
        IsEstimate |= other.IsEstimate;
        if (other.IsEstimate) _ceiling = Math.Min(_ceiling, other._ceiling);
        foreach (var value in other._kept) Keep(value);
    }

    private void Keep(ulong value)
    {
        if (value > _ceiling || !_kept.Add(value)) return;
        if (_kept.Count > 2 * _limit) Shrink(_limit); // twice the limit, so that sorting is paid once per limit additions
    }

    private void Shrink(int size)
    {
        _kept.RemoveWhere(value => value > _ceiling);
        if (_kept.Count <= size) return;
        IsEstimate = true;
        var sorted = _kept.Order().ToArray();
        _ceiling = sorted[size - 1];
        _kept.RemoveWhere(value => value > _ceiling);
    }
}
