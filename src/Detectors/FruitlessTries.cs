using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>Tries of an instance to connect that came to nothing, by what differs among them: ports of a host, or hosts at a port.</summary>
public sealed class FruitlessTries : IMergeable<FruitlessTries>
{
    // Ports or hosts, and occurrences, told apart exactly.
    private const int ExactlyTried = 1_024, ExactOccurrences = 8_192;

    // One host in eight.
    private const ulong SampleCeiling = ulong.MaxValue / 8;

    public FruitlessTries() { }

    [JsonConstructor]
    public FruitlessTries(OwnAddress? own, Occurrences? tried, Occurrences? answered, SeenFlow? latest, FindingState? seen) =>
        (Own, Tried, Answered, Latest, Seen) = (own, tried, answered, latest, seen);

    /// <summary>Tells whether the logs are those of the end that tried; null before the first try.</summary>
    public OwnAddress? Own { get; set; }

    public Occurrences? Tried { get; private set; }

    /// <summary>A sample of the hosts with which content was exchanged: nearly everything an instance does would have to be remembered otherwise.</summary>
    public Occurrences? Answered { get; private set; }

    public SeenFlow? Latest { get; private set; }

    /// <summary>The tries' records.</summary>
    public FindingState? Seen { get; private set; }

    public void AddPort(FlowRecord flow, string objectName)
    {
        (Tried ??= new(ExactlyTried)).Add(flow.DestinationPort);
        Add(flow, objectName);
    }

    public void AddHost(FlowRecord flow, IpAddress host, string objectName)
    {
        (Tried ??= new(ExactlyTried)).Add(host);
        Add(flow, objectName);
    }

    /// <summary>Whether a host belongs to the sample that <see cref="Answered"/> is.</summary>
    public static bool IsSampled(IpAddress host) => Occurrences.HashOf(host) <= SampleCeiling;

    public void AddAnswered(IpAddress host) => (Answered ??= new(ExactlyTried, SampleCeiling)).Add(host);

    /// <summary>Hosts that were tried in vain and never answered; exact while no sampled host answered.</summary>
    [JsonIgnore]
    public long Unanswered => Tried is null ? 0 : Answered is null ? Tried.Count : Tried.CountWithout(Answered);

    private void Add(FlowRecord flow, string objectName)
    {
        (Seen ??= new(ExactOccurrences)).Add(flow, objectName, detection: null, FlowFacts.Summary, flow.End);
        Latest = SeenFlow.Later(Latest, flow, objectName);
    }

    public void Merge(FruitlessTries other)
    {
        if (other.Own is not null) Own = OwnAddress.Both(Own ?? new(), other.Own);
        if (other.Tried is not null) (Tried ??= new(ExactlyTried)).Merge(other.Tried);
        if (other.Answered is not null) (Answered ??= new(ExactlyTried, SampleCeiling)).Merge(other.Answered);
        if (other.Seen is not null) (Seen ??= new(ExactOccurrences)).Merge(other.Seen);
        Latest = SeenFlow.Later(Latest, other.Latest);
    }

    public Decision Decide(FindingType type, Severity severity, Knowledge knowledge, string why, Anomaly anomaly)
    {
        var detection = FlowFacts.Detection(Latest!.Flow, FlowSide.Destination, Initiator.Local, type, severity, knowledge, why) with { Anomaly = anomaly };
        var seen = new FindingState();
        seen.Merge(Seen!);
        seen.Offer(detection, Latest.Record);
        return new(detection, seen);
    }
}
