using Yagura.Detectors;
using Yagura.Engine.Findings;
using Yagura.Engine.Reading;
using Yagura.Logs;

namespace Yagura.Engine.State;

/// <summary>The single-threaded owner of a share of all entities and of all findings.</summary>
/// <remarks>It holds no lock and touches nothing outside itself: on one machine a loop calls it, in a cluster a grain would hold one.</remarks>
internal sealed class Partition
{
    /// <summary>Entities kept per detector in one partition; the least recently used beyond it is given up, and counted.</summary>
    public const int MostEntities = 50_000;

    /// <summary>Findings kept in one partition; what would be one more is counted and shown.</summary>
    public const int MostFindings = 50_000;

    private readonly Dictionary<string, IEntityStates> _states;
    private readonly Dictionary<FindingKey, OwnedFinding> _findings = [];

    public Partition(DetectorSet detectors, int mostEntities)
    {
        _states = detectors.StatefulApiCalls.Select(d => d.Accept(new StatesOf<ApiCall>(mostEntities)))
            .Concat(detectors.StatefulFlows.Select(d => d.Accept(new StatesOf<FlowRecord>(mostEntities))))
            .Concat(detectors.StatefulDnsQueries.Select(d => d.Accept(new StatesOf<DnsQuery>(mostEntities))))
            .ToDictionary(s => s.Detector, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<FindingKey, OwnedFinding> Findings => _findings;
    public IReadOnlyDictionary<string, IEntityStates> States => _states;

    /// <summary>First hop: merges an entity's step and says what the entity shows now.</summary>
    public IReadOnlyList<Decision> Merge(EntityStep step, Knowledge knowledge, out EntityKey? evicted) =>
        _states[step.Detector].Merge(step, knowledge, out evicted);

    /// <summary>Findings that were refused by <see cref="MostFindings"/>.</summary>
    public long Refused { get; private set; }

    /// <summary>Second hop: occurrences that belong to a finding of this partition.</summary>
    public void Merge(FindingKey key, FindingState occurrences) => Own(key)?.Direct.Merge(occurrences);

    /// <summary>Second hop: what an entity shows of a finding of this partition now, in place of what it showed before; null when it shows nothing more.</summary>
    public void Replace(FindingKey key, string detector, EntityKey entity, FindingState? decided)
    {
        if (Own(key) is not { } finding) return;
        if (decided is null) finding.Decided.Remove((detector, entity));
        else finding.Decided[(detector, entity)] = decided;
        if (finding.IsEmpty) _findings.Remove(key);
    }

    /// <summary>What an entity showed stays for good: its state is gone and cannot take it back.</summary>
    public void Freeze(FindingKey key, string detector, EntityKey entity)
    {
        if (Own(key) is { } finding && finding.Decided.Remove((detector, entity), out var decided)) finding.Direct.Merge(decided);
    }

    private OwnedFinding? Own(FindingKey key)
    {
        if (_findings.TryGetValue(key, out var finding)) return finding;
        if (_findings.Count >= MostFindings)
        {
            Refused++;
            return null;
        }
        _findings.Add(key, finding = new OwnedFinding());
        return finding;
    }
}

/// <summary>A finding in the making: occurrences reported one by one, and what stateful detectors currently decide.</summary>
internal sealed class OwnedFinding
{
    public FindingState Direct { get; init; } = new();
    public Dictionary<(string Detector, EntityKey Entity), FindingState> Decided { get; } = [];

    public bool IsEmpty => Direct.Latest is null && Decided.Count == 0;

    public FindingState Total() => Decided.Count == 0 ? Direct : FindingState.Sum([Direct, .. Decided.Values]);
}
