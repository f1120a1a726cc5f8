using System.Text.Json.Serialization;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>What one public address met within a day: ports that refused and ports that answered.</summary>
/// <remarks>Each table keeps its smallest entries, so that the same ones are left whatever the order of reading and merging. Most addresses are refused
/// once and never come again, so that nothing is made before it is needed.</remarks>
public sealed class PortProbing : IMergeable<PortProbing>
{
    /// <summary>Ports kept of either kind.</summary>
    public const int MostTargets = 16;

    private static readonly SortedDictionary<ulong, AnsweredProbe> NoneAnswered = [];

    private SortedDictionary<ulong, AnsweredProbe>? _answered;
    private ulong[] _refused = []; // ascending

    public PortProbing() { }

    [JsonConstructor]
    public PortProbing(OwnAddress? own, IReadOnlyList<ulong> refused, IReadOnlyDictionary<ulong, AnsweredProbe> answered)
    {
        Own = own;
        _refused = [.. refused];
        if (answered.Count > 0) _answered = new(answered.ToDictionary());
    }

    /// <summary>Tells whether the logs are those of the end that was probed; null where the records themselves tell it.</summary>
    public OwnAddress? Own { get; set; }

    /// <summary>Interfaces with a port each, by their hash.</summary>
    public IReadOnlyList<ulong> Refused => _refused;

    public IReadOnlyDictionary<ulong, AnsweredProbe> Answered => _answered ?? NoneAnswered;

    /// <summary>Ports that only refused.</summary>
    [JsonIgnore]
    public int Refusals => _refused.Count(target => !Answered.ContainsKey(target));

    public void AddRefused(ulong target)
    {
        var place = Array.BinarySearch(_refused, target);
        if (place >= 0 || (~place == _refused.Length && _refused.Length == MostTargets)) return;
        _refused = [.. _refused[..~place], target, .. _refused[~place..Math.Min(_refused.Length, MostTargets - 1)]];
    }

    public void AddAnswered(ulong target, FlowRecord flow, string objectName) => Of(target)?.Add(flow, objectName);

    public void Merge(PortProbing other)
    {
        if (other.Own is not null) Own = OwnAddress.Both(Own ?? new(), other.Own);
        foreach (var target in other._refused) AddRefused(target);
        foreach (var (target, answered) in other.Answered) Of(target)?.Merge(answered);
    }

    // Null for one too many.
    private AnsweredProbe? Of(ulong target)
    {
        _answered ??= [];
        if (_answered.TryGetValue(target, out var known)) return known;
        if (_answered.Count == MostTargets && target > _answered.Keys.Last()) return null;
        var answered = new AnsweredProbe();
        _answered.Add(target, answered);
        if (_answered.Count > MostTargets) _answered.Remove(_answered.Keys.Last());
        return answered;
    }
}

/// <summary>The answers of one port of one interface to one address.</summary>
public sealed class AnsweredProbe : IMergeable<AnsweredProbe>
{
    private const int ExactOccurrences = 256, MostEvidence = 2;

    public AnsweredProbe() => Seen = new(ExactOccurrences, MostEvidence);

    [JsonConstructor]
    public AnsweredProbe(SeenFlow? latest, FindingState seen) => (Latest, Seen) = (latest, seen);

    public SeenFlow? Latest { get; private set; }

    public FindingState Seen { get; }

    public void Add(FlowRecord flow, string objectName)
    {
        Seen.Add(flow, objectName, detection: null, FlowFacts.Summary, flow.End);
        Latest = SeenFlow.Later(Latest, flow, objectName);
    }

    public void Merge(AnsweredProbe other)
    {
        Seen.Merge(other.Seen);
        Latest = SeenFlow.Later(Latest, other.Latest);
    }
}
