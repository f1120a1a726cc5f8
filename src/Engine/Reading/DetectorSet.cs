using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Detectors.Signals;
using Yagura.Logs;
using Yagura.Matching.Sequences;
using Yagura.Matching.Sigma;

namespace Yagura.Engine.Reading;

/// <summary>The detectors of a scan, arranged so that a record meets only those that may care.</summary>
public sealed class DetectorSet
{
    public static DetectorSet Default { get; } =
        new(Catalog.ApiCalls, Catalog.StatefulApiCalls, Catalog.Flows, Catalog.StatefulFlows, Catalog.DnsQueries, Catalog.StatefulDnsQueries);

    /// <summary>The shipped detectors, and those that some rules and sequences make.</summary>
    public static DetectorSet With(RuleDetectors rules, SequenceSet? sequences = null) => new(
        [.. Catalog.ApiCalls, .. rules.ApiCalls], [.. Catalog.StatefulApiCalls, .. rules.StatefulApiCalls, .. sequences is { Rules.Count: > 0 } ? [new SequenceSteps(sequences.Rules)] : Array.Empty<StatefulDetector<ApiCall>>()],
        [.. Catalog.Flows, .. rules.Flows], [.. Catalog.StatefulFlows, .. rules.StatefulFlows], [.. Catalog.DnsQueries, .. rules.DnsQueries],
        [.. Catalog.StatefulDnsQueries, .. rules.StatefulDnsQueries])
    { Trials = rules.Trials };

    private readonly Dictionary<string, Detector<ApiCall>[]>.AlternateLookup<ReadOnlySpan<byte>> _byName;

    public DetectorSet(
        IReadOnlyList<Detector<ApiCall>> apiCalls, IReadOnlyList<StatefulDetector<ApiCall>> statefulApiCalls,
        IReadOnlyList<Detector<FlowRecord>> flows, IReadOnlyList<StatefulDetector<FlowRecord>> statefulFlows,
        IReadOnlyList<Detector<DnsQuery>> dnsQueries, IReadOnlyList<StatefulDetector<DnsQuery>> statefulDnsQueries)
    {
        OfEveryCall = [.. apiCalls.Where(d => d.EventNames.Count == 0)];
        _byName = apiCalls
            .SelectMany(d => d.EventNames.Select(name => (name, d)))
            .GroupBy(pair => pair.name, pair => pair.d, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), new Utf8Comparer())
            .GetAlternateLookup<ReadOnlySpan<byte>>();
        StatefulApiCalls = [.. statefulApiCalls];
        Flows = [.. flows.Where(d => !d.ListedEndsOnly)];
        ListedFlows = [.. flows.Where(d => d.ListedEndsOnly)];
        StatefulFlows = [.. statefulFlows];
        DnsQueries = [.. dnsQueries];
        StatefulDnsQueries = [.. statefulDnsQueries];
        Types =
        [
            .. apiCalls.SelectMany(d => d.Types), .. statefulApiCalls.SelectMany(d => d.Types), .. flows.SelectMany(d => d.Types),
            .. statefulFlows.SelectMany(d => d.Types), .. dnsQueries.SelectMany(d => d.Types), .. statefulDnsQueries.SelectMany(d => d.Types), .. Catalog.Behaviour,
        ];
    }

    internal Detector<ApiCall>[] OfEveryCall { get; }
    internal StatefulDetector<ApiCall>[] StatefulApiCalls { get; }
    internal Detector<FlowRecord>[] Flows { get; }
    /// <summary>Of flows with a listed end.</summary>
    internal Detector<FlowRecord>[] ListedFlows { get; }
    internal StatefulDetector<FlowRecord>[] StatefulFlows { get; }
    internal Detector<DnsQuery>[] DnsQueries { get; }
    internal StatefulDetector<DnsQuery>[] StatefulDnsQueries { get; }

    /// <summary>Every finding type that some detector of the set can report; a type may stand here more than once.</summary>
    public IReadOnlyList<TypeBinding> Types { get; }

    /// <summary>The rules on trial that the set asks, by log.</summary>
    internal ILookup<LogType, RuleHeader> Trials { get; private init; } = Array.Empty<RuleHeader>().ToLookup(_ => LogType.Unknown);

    internal Detector<ApiCall>[] OfName(ReadOnlySpan<byte> eventName) => _byName.TryGetValue(eventName, out var detectors) ? detectors : [];
}
