using System.Text.Json.Serialization;

namespace Yagura.Detectors;

/// <summary>Something that is told apart by a number, and joined with what else is known of it.</summary>
public interface ISampled<TSelf>
{
    /// <summary>A hash, the same wherever the thing was seen.</summary>
    ulong Number { get; }

    /// <summary>Commutative, associative and idempotent.</summary>
    TSelf Joined(TSelf other);
}

/// <summary>Distinct things, of which those with the smallest numbers are kept: all of them up to a limit, beyond it a fair sample.</summary>
/// <remarks>Merging is commutative, associative and idempotent, as with <see cref="Occurrences"/>, which keeps nothing but the numbers. The estimate of how many there are has
/// a standard error of 1/sqrt(limit).</remarks>
public sealed class Sample<T>(int limit) : IMergeable<Sample<T>> where T : ISampled<T>
{
    private readonly Dictionary<ulong, T> _things = [];
    private readonly SortedSet<ulong> _numbers = [];

    /// <summary>Restores a sample from its properties.</summary>
    [JsonConstructor]
    public Sample(int limit, bool isPart, IReadOnlyList<T> things) : this(limit)
    {
        foreach (var thing in things) Add(thing);
        IsPart = isPart;
    }

    public int Limit => limit;

    /// <summary>True once there were more than are kept.</summary>
    public bool IsPart { get; private set; }

    /// <summary>What is kept, by number.</summary>
    public IReadOnlyList<T> Things => [.. _numbers.Select(number => _things[number])];

    [JsonIgnore]
    public int Kept => _numbers.Count;

    /// <summary>Distinct things; an estimate when only a part is kept.</summary>
    [JsonIgnore]
    public long Count => IsPart ? (long)((_numbers.Count - 1) * Math.Pow(2, 64) / Math.Max(1, _numbers.Max)) : _numbers.Count;

    /// <summary>Whether a thing of this number would be kept.</summary>
    public bool Keeps(ulong number) => _numbers.Count < limit || number <= _numbers.Max;

    public void Add(T thing)
    {
        if (_things.TryGetValue(thing.Number, out var known))
        {
            _things[thing.Number] = known.Joined(thing);
            return;
        }
        if (!Keeps(thing.Number))
        {
            IsPart = true;
            return;
        }
        _things.Add(thing.Number, thing);
        _numbers.Add(thing.Number);
        if (_numbers.Count <= limit) return;
        IsPart = true;
        _things.Remove(_numbers.Max);
        _numbers.Remove(_numbers.Max);
    }

    public void Merge(Sample<T> other)
    {
        foreach (var thing in other._things.Values) Add(thing);
        IsPart |= other.IsPart;
    }
}
