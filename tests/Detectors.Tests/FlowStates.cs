namespace Yagura.Detectors.Tests;

/// <summary>One line of a flow log, told by what matters in it.</summary>
internal sealed record FlowLine(string Source, string Destination)
{
    public const string Header =
        "account-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol tcp-flags packets bytes start end action flow-direction region";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int SourcePort { get; init; }
    public int DestinationPort { get; init; }
    public int Protocol { get; init; } = 6;
    public string Flags { get; init; } = "-";
    public long Packets { get; init; } = 10;
    public long Bytes { get; init; } = 840;
    /// <summary>Of the first of January 2026.</summary>
    public int Second { get; init; }
    public string Action { get; init; } = "ACCEPT";
    public string Direction { get; init; } = "-";
    public string Interface { get; init; } = "eni-1";
    public string PacketSource { get; init; } = "-";
    public string PacketDestination { get; init; } = "-";

    public override string ToString()
    {
        var start = Noon.ToUnixTimeSeconds() + Second;
        return $"111122223333 {Interface} {Source} {Destination} {PacketSource} {PacketDestination} {SourcePort} {DestinationPort} {Protocol} {Flags} {Packets} {Bytes} {start} {start + 59} {Action} {Direction} us-east-1\n";
    }
}

/// <summary>What a detector of flows remembers of lines, read as a scan reads them.</summary>
internal static class FlowStates
{
    public static FlowStates<TState> Of<TState>(StatefulDetector<Logs.FlowRecord, TState> detector, IEnumerable<FlowLine> lines, Knowledge knowledge)
        where TState : class, IMergeable<TState>, new() => InPieces(detector, [lines], knowledge);

    /// <param name="pieces">Objects, one after the other.</param>
    public static FlowStates<TState> InPieces<TState>(StatefulDetector<Logs.FlowRecord, TState> detector, IEnumerable<IEnumerable<FlowLine>> pieces, Knowledge knowledge)
        where TState : class, IMergeable<TState>, new()
    {
        var states = new FlowStates<TState>(detector, knowledge);
        foreach (var piece in pieces) states.Read([.. piece]);
        return states;
    }
}

internal sealed class FlowStates<TState>(StatefulDetector<Logs.FlowRecord, TState> detector, Knowledge knowledge)
    where TState : class, IMergeable<TState>, new()
{
    private readonly Dictionary<EntityKey, TState> _states = [];

    public IReadOnlyCollection<TState> All => _states.Values;

    public void Read(IReadOnlyCollection<FlowLine> lines)
    {
        if (lines.Count == 0) return;
        var steps = new Steps();
        NetworkLogs.Read(FlowLine.Header + "\n" + string.Concat(lines), flow: flow =>
        {
            steps.Own.See(flow);
            detector.Observe(flow, knowledge, steps);
        });
        foreach (var (key, step) in steps.All)
        {
            if (!_states.TryGetValue(key, out var state)) _states.Add(key, state = new());
            state.Merge(step);
        }
    }

    public IReadOnlyList<Decision> Decide() => [.. _states.OrderBy(state => state.Key.Value).SelectMany(state => detector.Decide(state.Value, knowledge))];

    /// <summary>All that decisions say but for the number of a line, which differs with the pieces.</summary>
    public string Print() => string.Join('\n', Decide().Select(decision =>
        $"{decision.Detection.Type.Name} {decision.Detection.Subject} {decision.Detection.Severity} {decision.Detection.Role} {decision.Detection.Why} {decision.Detection.Action} "
        + $"{decision.Occurrences.Occurrences.Count} {decision.Occurrences.FirstSeen:O} {decision.Occurrences.LastSeen:O} {string.Join(';', decision.Occurrences.Evidence.Select(e => e.Summary + e.Time.ToString("O")))}"));

    private sealed class Steps : ISteps<TState>
    {
        public Dictionary<EntityKey, TState> All { get; } = [];
        public OwnAddresses Own { get; } = new();
        public string ObjectName => "lines";
        public TState Of(EntityKey key) => All.TryGetValue(key, out var step) ? step : All[key] = new();
        public OwnAddress OwnAddress(Logs.FlowRecord flow) => Own.Of(flow);
    }
}
