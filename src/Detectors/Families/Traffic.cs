using System.Globalization;
using System.Text.Json.Serialization;
using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>What an interface sent to one public address within a window, and what came back.</summary>
public sealed class Traffic : IMergeable<Traffic>
{
    /// <summary>Records kept of each way.</summary>
    public const int MostRecords = 256;

    /// <summary>A record with fewer packets is looked at by chance. Answers matter more, for few of them tell.</summary>
    public const double LightSent = 2_000, LightAnswer = 500;

    private const int ExactOccurrences = 1_024;

    public Traffic() { }

    [JsonConstructor]
    public Traffic(PrioritySample<PacketRecord>? sent, PrioritySample<PacketRecord>? answers, SeenFlow? latest, FindingState? seen) => (Sent, Answers, Latest, Seen) = (sent, answers, latest, seen);

    public PrioritySample<PacketRecord>? Sent { get; private set; }

    public PrioritySample<PacketRecord>? Answers { get; private set; }

    /// <summary>The latest record that was sent, of those looked at.</summary>
    public SeenFlow? Latest { get; private set; }

    /// <summary>The records that were sent, of those looked at.</summary>
    public FindingState? Seen { get; private set; }

    public void AddSent(FlowRecord flow, ulong identity, string objectName)
    {
        Sent ??= new(MostRecords, LightSent);
        Sent.Add(new(identity, flow.Packets, flow.Bytes, flow.DestinationPort));
        Seen ??= new(ExactOccurrences);
        Seen.Add(flow, objectName, detection: null, FlowFacts.Summary, flow.End);
        Latest = SeenFlow.Later(Latest, flow, objectName);
    }

    public void AddAnswer(FlowRecord flow, ulong identity)
    {
        Answers ??= new(MostRecords, LightAnswer);
        Answers.Add(new(identity, flow.Packets, flow.Bytes, flow.SourcePort));
    }

    public void Merge(Traffic other)
    {
        if (other.Sent is not null) (Sent ??= new(MostRecords, LightSent)).Merge(other.Sent);
        if (other.Answers is not null) (Answers ??= new(MostRecords, LightAnswer)).Merge(other.Answers);
        if (other.Seen is not null) (Seen ??= new(ExactOccurrences)).Merge(other.Seen);
        Latest = SeenFlow.Later(Latest, other.Latest);
    }

    /// <param name="packets">Sent of this type.</param>
    public Decision Decide(TypeBinding type, Knowledge knowledge, long packets)
    {
        var flow = Latest!.Flow;
        var answers = Answers?.Packets() ?? 0;
        var flood = Text($"{(Sent!.IsEstimate ? "about " : "")}{packets:N0} packets of {(flow.Protocol is FlowFacts.Tcp or FlowFacts.Udp ? "" : "protocol ")}{FlowFacts.ProtocolName(flow.Protocol)} to {flow.Remote(FlowSide.Destination)}");
        var answered = answers == 0 ? "no answer was seen" : Text($"about {answers:N0} came back");
        var detection = FlowFacts.Detection(
            flow, FlowSide.Destination, Initiator.Local, type.Type, Severity.High, knowledge, $"the instance sent {flood} within ten minutes, and {answered}") with
        {
            Anomaly = Anomaly.OfAmount(
                "packets sent to one public address within ten minutes", $"{flood}; {answered}", packets, Floods.FewestPackets, "packets",
                Text($"fewer than {Floods.FewestPackets:N0} packets to one address within ten minutes"),
                flow.Protocol == FlowFacts.Tcp ? Text($"one packet back for {Floods.PacketsPerAnswer} that are sent, or more, with content on either way") : Text($"one packet back for {Floods.PacketsPerAnswer} that are sent, or more"),
                "a suppression rule for the instance, if it is to send what nobody answers"),
        };
        var seen = new FindingState();
        seen.Merge(Seen!);
        seen.Offer(detection, Latest.Record);
        return new(detection, seen);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A record in the sample of a flood.</summary>
/// <param name="Port">The remote one.</param>
public readonly record struct PacketRecord(ulong Identity, long Packets, long Bytes, ushort Port) : IWeighted
{
    [JsonIgnore]
    public long Weight => Packets;
}

/// <summary>What samples of packets estimate.</summary>
public static class PacketSample
{
    /// <summary>The packets of all records, or of those with some ports.</summary>
    public static long Packets(this PrioritySample<PacketRecord> sample, Func<ushort, bool>? ports = null) =>
        (long)sample.Items.Where(item => ports is null || ports(item.Port)).Sum(sample.WeightOf);

    /// <summary>The bytes of all records.</summary>
    public static long Bytes(this PrioritySample<PacketRecord> sample) => (long)sample.Items.Sum(item => item.Bytes * sample.WeightOf(item) / item.Packets);
}
