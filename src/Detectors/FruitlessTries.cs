using System.Text.Json.Serialization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>Tries of an instance to connect that came to nothing, by what differs among them: ports of a host, or hosts at a port.</summary>
public sealed class FruitlessTries : IMergeable<FruitlessTries>
{
    // Ports or hosts told apart exactly, and occurrences and evidence kept.
    private const int ExactlyTried = 1_024, ExactOccurrences = 8_192, MostEvidence = 5;

    public FruitlessTries() => (Tried, Answered, Seen) = (new(ExactlyTried), new(ExactlyTried), new(ExactOccurrences, MostEvidence));

    [JsonConstructor]
    public FruitlessTries(OwnAddress? own, Occurrences tried, Occurrences answered, SeenFlow? latest, FindingState seen) =>
        (Own, Tried, Answered, Latest, Seen) = (own, tried, answered, latest, seen);

    /// <summary>Tells whether the logs are those of the end that tried; null before the first record.</summary>
    public OwnAddress? Own { get; set; }

    public Occurrences Tried { get; }

    /// <summary>Those with which content was exchanged.</summary>
    public Occurrences Answered { get; }

    public SeenFlow? Latest { get; private set; }

    /// <summary>The tries' records.</summary>
    public FindingState Seen { get; }

    public void Add(FlowRecord flow, string objectName)
    {
        Seen.Add(flow, objectName, detection: null, FlowFacts.Summary, flow.End);
        Latest = SeenFlow.Later(Latest, flow, objectName);
    }

    public void Merge(FruitlessTries other)
    {
        Own = OwnAddress.Both(Own ?? new(), other.Own ?? new());
        Tried.Merge(other.Tried);
        Answered.Merge(other.Answered);
        Latest = SeenFlow.Later(Latest, other.Latest);
        Seen.Merge(other.Seen);
    }

    public Decision Decide(FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        var detection = FlowFacts.Detection(Latest!.Flow, FlowSide.Destination, Initiator.Local, type, severity, knowledge, why);
        var seen = new FindingState();
        seen.Merge(Seen);
        seen.Offer(detection, Latest.Record);
        return new(detection, seen);
    }
}
