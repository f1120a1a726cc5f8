using System.Text;
using Yagura.Detectors;
using Yagura.Engine.Findings;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;
using Yagura.Logs;

namespace Yagura.Engine.State;

/// <summary>All state of the engine: the partitions, which objects were applied, what was learnt of instances. Commits one object at a time.</summary>
public sealed class EngineState
{
    /// <summary>Lateness that windows wait for; older records still meet lists and rules and are marked late.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromHours(24);

    private readonly Partition[] _partitions;
    private readonly Knowledge _knowledge;
    private readonly Dictionary<(string Detector, EntityKey Entity), HashSet<FindingKey>> _decided = [];
    private readonly HashSet<string> _applied = new(StringComparer.Ordinal);
    private DateTimeOffset _newest = DateTimeOffset.MinValue;

    public EngineState(DetectorSet detectors, Knowledge knowledge, int partitions = 4)
    {
        _knowledge = knowledge;
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new Partition(detectors))];
        Instances = new InstanceBook(knowledge.Inventory);
    }

    internal IReadOnlyList<Partition> Parts => _partitions;
    internal HashSet<string> Applied => _applied;
    public InstanceBook Instances { get; }

    /// <summary>Entities given up to stay within <see cref="Partition.MostEntities"/>, by detector.</summary>
    public IReadOnlyDictionary<string, long> Evicted =>
        _partitions.SelectMany(p => p.States.Values).GroupBy(s => s.Detector, s => s.Evicted, StringComparer.Ordinal)
            .Select(g => (g.Key, Sum: g.Sum())).Where(g => g.Sum > 0).ToDictionary(g => g.Key, g => g.Sum, StringComparer.Ordinal);

    /// <summary>Every finding there is, in the order of its id.</summary>
    public IEnumerable<(FindingKey Key, FindingState State)> Findings =>
        _partitions.SelectMany(p => p.Findings).Select(f => (f.Key, f.Value.Total())).OrderBy(f => f.Key.Id, StringComparer.Ordinal);

    /// <summary>Applies an object once: a second delivery of the same bytes changes nothing.</summary>
    /// <returns>The ledger entry as it became.</returns>
    public ObjectEntry Commit(ObjectResult result)
    {
        if (!_applied.Add(result.Entry.Identity)) return result.Entry with { State = ObjectState.Duplicate };
        foreach (var instance in result.Instances) Instances.Add(instance);
        foreach (var (key, occurrences) in result.Findings) Merge(key, occurrences);
        foreach (var step in result.Steps) Apply(step);
        return MarkLate(result.Entry);
    }

    internal void Merge(FindingKey key, FindingState occurrences) => OwnerOf(key).Merge(key, occurrences);

    internal IEntityStates StatesOf(string detector) => _partitions[0].States[detector];

    internal void Apply(EntityStep step)
    {
        var decisions = _partitions[(int)((uint)step.Key.Value % _partitions.Length)].Merge(step, _knowledge);
        var source = (step.Detector, step.Key);
        _decided.TryGetValue(source, out var before);
        if (decisions.Count == 0 && before is null) return;
        var now = new HashSet<FindingKey>();
        foreach (var decision in decisions)
        {
            var key = FindingKey.Of(decision.Detection);
            OwnerOf(key).Replace(key, step.Detector, step.Key, decision.Occurrences);
            now.Add(key);
        }
        foreach (var gone in before?.Except(now) ?? []) OwnerOf(gone).Replace(gone, step.Detector, step.Key, decided: null);
        if (now.Count > 0) _decided[source] = now;
        else _decided.Remove(source);
    }

    private Partition OwnerOf(FindingKey key) => _partitions[(int)((uint)ContentHash.Of(Encoding.UTF8.GetBytes(key.Subject)) % _partitions.Length)];

    // Late is judged by event time alone, against the newest record committed so far.
    private ObjectEntry MarkLate(ObjectEntry entry)
    {
        var late = entry.Last is { } last && _newest != DateTimeOffset.MinValue && last < _newest - Lateness;
        if (entry.Last > _newest) _newest = entry.Last.Value;
        return late ? entry with { Records = [.. entry.Records.Select(r => r with { Late = r.Analysed })] } : entry;
    }
}
