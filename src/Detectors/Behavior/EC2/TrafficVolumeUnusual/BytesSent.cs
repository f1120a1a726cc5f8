using System.Text.Json.Serialization;
using Yagura.Logs;

namespace Yagura.Detectors.Behavior.EC2;

/// <summary>How many bytes an interface sent to which public hosts during a part of a day, by a sample of the records.</summary>
public sealed class BytesSent : IMergeable<BytesSent>
{
    /// <summary>Records in the sample.</summary>
    public const int MostRecords = 32;

    /// <summary>Bytes of a record that is in the sample for certain; lighter ones are by chance. Grows with the traffic.</summary>
    public const double Light = 32 << 20;

    /// <summary>Bytes of a record that is worth being shown.</summary>
    public const long Shown = 16 << 20;

    /// <summary>Hosts of which the heaviest record is kept to be shown.</summary>
    private const int MostShown = 2;

    private readonly List<HeavyRecord> _heaviest = [];

    public BytesSent() => Sample = new(MostRecords, Light);

    [JsonConstructor]
    public BytesSent(PrioritySample<SentRecord> sample, IReadOnlyList<HeavyRecord> heaviest) => (Sample, _heaviest) = (sample, [.. heaviest]);

    public PrioritySample<SentRecord> Sample { get; }

    /// <summary>The heaviest record of each of the hosts with the heaviest ones, in this order.</summary>
    public IReadOnlyList<HeavyRecord> Heaviest => _heaviest;

    /// <summary>Whether a record belongs into a sample that has just begun, or is worth being shown.</summary>
    public static bool Keeps(ulong identity, FlowRecord flow) =>
        (flow.Bytes >= Shown || PrioritySample.Keeps(identity, flow.Bytes, Light)) && flow.Action == FlowAction.Accept && FlowFacts.DestinationOf(flow).IsPublic;

    public void Add(FlowRecord flow, ulong identity, string objectName)
    {
        var peer = Occurrences.HashOf(FlowFacts.DestinationOf(flow));
        var start = flow.Time.ToUnixTimeSeconds();
        Sample.Add(new(identity, flow.Bytes, peer, start, Math.Max(start, flow.End.ToUnixTimeSeconds()))); // a flow without an end has its start
        if (flow.Bytes < Shown || (_heaviest.Count == MostShown && flow.Bytes < _heaviest[^1].Bytes)) return;
        Show(new(peer, flow.Bytes, FlowFacts.InitiatorOf(flow, FlowSide.Destination), SeenFlow.Of(flow, objectName)));
    }

    public void Merge(BytesSent other)
    {
        Sample.Merge(other.Sample);
        foreach (var record in other._heaviest) Show(record);
    }

    private void Show(HeavyRecord record)
    {
        var known = _heaviest.FindIndex(one => one.Peer == record.Peer);
        if (known < 0) _heaviest.Add(record);
        else if (record.IsShownBefore(_heaviest[known])) _heaviest[known] = record;
        _heaviest.Sort((one, other) => one.IsShownBefore(other) ? -1 : other.IsShownBefore(one) ? 1 : 0);
        if (_heaviest.Count > MostShown) _heaviest.RemoveAt(MostShown);
    }
}

/// <summary>A record in the sample of what was sent.</summary>
/// <param name="Peer">The hash of the host.</param>
/// <param name="Start">Seconds since 1970, as is <paramref name="End"/>.</param>
public readonly record struct SentRecord(ulong Identity, long Bytes, ulong Peer, long Start, long End) : IWeighted
{
    [JsonIgnore]
    public long Weight => Bytes;
}

/// <summary>A record that shows what was sent to a host.</summary>
/// <param name="Peer">The hash of the host.</param>
public sealed record HeavyRecord(ulong Peer, long Bytes, Initiator Initiator, SeenFlow Flow)
{
    /// <summary>The heavier first; of equal ones the earlier.</summary>
    public bool IsShownBefore(HeavyRecord other) =>
        Bytes != other.Bytes ? Bytes > other.Bytes : this != other && ReferenceEquals(Evidence.Earlier(Flow.Record, other.Flow.Record), Flow.Record);
}
