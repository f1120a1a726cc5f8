using System.Globalization;
using Yagura.Logs;

namespace Yagura.Detectors.Tests;

/// <summary>The steps that queries of one instance leave, and what they decide.</summary>
internal sealed class QuerySteps<TState>(StatefulDetector<DnsQuery, TState> detector, Knowledge knowledge) : ISteps<TState>
    where TState : class, IMergeable<TState>, new()
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public Dictionary<EntityKey, TState> All { get; } = [];

    public string ObjectName { get; init; } = "lines";

    public TState Of(EntityKey key) => All.TryGetValue(key, out var step) ? step : All[key] = new();

    /// <summary>A query some seconds after noon.</summary>
    public static string Line(string name, double seconds = 0, string code = "NOERROR") => NetworkLogs.Query(name)
        .Replace("2026-01-01T00:00:00Z", Noon.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("NOERROR", code, StringComparison.Ordinal);

    public QuerySteps<TState> Observe(IEnumerable<string> lines)
    {
        NetworkLogs.Read(string.Join('\n', lines), query: query => detector.Observe(query, knowledge, this));
        return this;
    }

    /// <summary>Takes over the steps of another object, as the owners of the entities do.</summary>
    public QuerySteps<TState> Merge(QuerySteps<TState> other)
    {
        foreach (var (key, step) in other.All) Of(key).Merge(step);
        return this;
    }

    public List<Decision> Decide() => [.. All.OrderBy(step => step.Key.Value).SelectMany(step => detector.Decide(step.Value, knowledge))];

    /// <summary>What would be shown, as text that tells every difference but the line at which a record that came twice is read.</summary>
    public List<string> Shown() =>
    [
        .. Decide().Select(decision => string.Join('|',
            decision.Detection.Why, decision.Detection.Action, decision.Occurrences.FirstSeen, decision.Occurrences.LastSeen, decision.Occurrences.Occurrences.Count,
            decision.Occurrences.LatestRecord!.Identity, string.Join(';', decision.Occurrences.Evidence.Select(record => record.Identity)))),
    ];
}
