using System.Buffers.Binary;
using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>A set of record identities that counts distinct ones: exactly up to a limit, by the k smallest hashes beyond it.</summary>
/// <remarks>
/// Adding is idempotent and order does not matter, so a record delivered twice, through two trails or in a shuffled order counts once.
/// Beyond the limit the estimate's standard error is 1/sqrt(limit). Source of the estimator: Bar-Yossef et al., "Counting distinct elements in
/// a data stream" (2002), k minimum values. State: 8 bytes per kept identity.
/// </remarks>
public sealed class Occurrences(int limit) : IMergeable<Occurrences>
{
    private readonly HashSet<ulong> _kept = [];
    private ulong _ceiling = ulong.MaxValue;

    /// <summary>A sample from the beginning: only hashes up to the ceiling are kept.</summary>
    public Occurrences(int limit, ulong ceiling) : this(limit) => _ceiling = ceiling;

    /// <summary>Restores a set from its properties.</summary>
    [JsonConstructor]
    public Occurrences(int limit, ulong ceiling, IReadOnlyList<ulong> kept) : this(limit)
    {
        _ceiling = ceiling;
        foreach (var value in kept) Keep(value);
    }

    /// <summary>These and no others.</summary>
    public static Occurrences Of(IEnumerable<UInt128> identities)
    {
        var all = new Occurrences(FindingState.ExactOccurrences);
        foreach (var identity in identities) all.Add(identity);
        return all;
    }

    /// <summary>As many as were counted elsewhere, by an estimate: the smallest hash of so many that lie evenly.</summary>
    public static Occurrences Estimated(long count) => new(2, ulong.MaxValue / (ulong)Math.Max(count, 2), [0, ulong.MaxValue / (ulong)Math.Max(count, 2)]);

    public int Limit => limit;

    /// <summary>Every hash up to this one is kept; the greatest there is while all are.</summary>
    public ulong Ceiling
    {
        get
        {
            Shrink();
            return _ceiling;
        }
    }

    /// <summary>The kept hashes, ascending.</summary>
    public IReadOnlyList<ulong> Kept
    {
        get
        {
            Shrink();
            return [.. _kept.Order()];
        }
    }

    /// <summary>True once more distinct occurrences were seen than are kept.</summary>
    [JsonIgnore]
    public bool IsEstimate => Ceiling != ulong.MaxValue;

    /// <summary>Distinct occurrences.</summary>
    [JsonIgnore]
    public long Count => IsEstimate ? (long)((_kept.Count - 1) * Math.Pow(2, 64) / Math.Max(1, _ceiling)) : _kept.Count;

    /// <summary>Distinct occurrences that are not in the other set as well.</summary>
    public long CountWithout(Occurrences other)
    {
        // Of what lies below both ceilings both sets know everything.
        var ceiling = Math.Min(Ceiling, other.Ceiling);
        var without = _kept.Count(value => value <= ceiling && !other._kept.Contains(value));
        return ceiling == ulong.MaxValue ? without : (long)(without * Math.Pow(2, 64) / ceiling);
    }

    /// <summary>Adds a port.</summary>
    public void Add(ushort port)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, port);
        Add(ContentHash.Of(bytes));
    }

    /// <summary>Adds an address.</summary>
    public void Add(IpAddress address) => Keep(HashOf(address));

    /// <summary>The hash that an address is told apart and sampled by.</summary>
    public static ulong HashOf(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[sizeof(ulong)..], address.Low);
        return HashOf(ContentHash.Of(bytes));
    }

    /// <summary>The hash that a record is told apart and sampled by.</summary>
    public static ulong HashOf(UInt128 identity) => (ulong)identity ^ (ulong)(identity >> 64);

    public void Add(UInt128 identity) => Keep(HashOf(identity));

    /// <summary>The other set may have another limit: what both know completely is what lies below the lower ceiling.</summary>
    public void Merge(Occurrences other)
    {
        _ceiling = Math.Min(_ceiling, other.Ceiling);
        foreach (var value in other._kept) Keep(value);
    }

    private void Keep(ulong value)
    {
        if (value > _ceiling || !_kept.Add(value)) return;
        if (_kept.Count > 2 * limit) Shrink(); // twice the limit, so that sorting is paid once per limit additions
    }

    // Whoever looks sees the limit kept, whenever the sorting was done.
    private void Shrink()
    {
        if (_kept.Count > limit) _ceiling = Math.Min(_ceiling, _kept.Order().ElementAt(limit - 1));
        if (_ceiling != ulong.MaxValue) _kept.RemoveWhere(value => value > _ceiling);
    }
}
