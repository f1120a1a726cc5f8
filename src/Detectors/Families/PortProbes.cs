using System.Buffers.Binary;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>A scanner of the internet finds an open port of an instance.</summary>
/// <remarks>
/// A scanner is who is on a list of such, or who shows itself: it cannot know which ports are open, so it is refused at several. Refused is what a security group or network ACL
/// rejected, and what the host answered with a reset; a port that once answered the same address does not count.
/// Ports 80 and 443 are there for everybody. State: eight bytes for a port that refused an address within a day, some hundred for one that answered.
/// Blind spots: an unlisted scanner that tries fewer than <see cref="FewestRefusals"/> closed ports of the account a day, hosts that drop what they do
/// not want without an answer; in formats without flags whoever calls from a port that may be a server's.
/// </remarks>
public sealed class PortProbes(IReadOnlyList<ProbedPorts> types) : StatefulDetector<FlowRecord, PortProbing>
{
    /// <summary>Closed ports (of all interfaces of the account) within a day. A visitor with a wrong port or two stays below.</summary>
    public const int FewestRefusals = 6;

    private const ushort Http = 80, Https = 443;

    public override IReadOnlyList<TypeBinding> Types => types;

    public override string Name => "probed-ports";

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<PortProbing> steps)
    {
        if (flow.Protocol != FlowFacts.Tcp) return;
        // Refused by the network, which only the knock itself shows; or what the instance answered.
        var turnedAway = flow.Action == FlowAction.Reject;
        var remote = turnedAway ? FlowSide.Source : FlowSide.Destination;
        var port = turnedAway ? flow.DestinationPort : flow.SourcePort;
        if (port is Http or Https or >= FlowFacts.FirstEphemeralPort) return;
        var initiator = FlowFacts.InitiatorOf(flow, remote);
        if (initiator == Initiator.Local || (initiator == Initiator.Unknown && !turnedAway)) return;
        var client = FlowFacts.Remote(flow, remote);
        if (!client.IsPublic) return;
        var refused = turnedAway || FlowFacts.IsReset(flow);
        if (!refused && !IsAnswer(flow)) return;
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        if (entity.IsEmpty) return;
        var (own, local) = (FlowFacts.OwnAddress(flow, knowledge.Inventory), remote == FlowSide.Source ? flow.Destination : flow.Source);
        if (own is not null && own != local) return;

        // Where the record does not tell whose port it is, an interface stands for itself.
        var key = KeyOf(flow, client, own is null ? entity : default);
        var target = TargetOf(entity, port);
        var probing = steps.Of(default);
        if (refused) probing.AddRefused(key, target);
        else probing.AddAnswered(key, target, flow, own is null ? steps.OwnAddress(flow) : null, steps.ObjectName);
    }

    // A SYN that is answered comes back with options; a reset does not.
    private static bool IsAnswer(FlowRecord flow) =>
        flow.Flags is { } flags ? (flags & (TcpFlags.Syn | TcpFlags.Ack)) == (TcpFlags.Syn | TcpFlags.Ack) : flow.Packets > 0 && flow.Bytes > 40 * flow.Packets;

    private static ProbeKey KeyOf(FlowRecord flow, IpAddress client, ReadOnlySpan<byte> entity)
    {
        Span<byte> name = stackalloc byte[4 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(name, client.High);
        BinaryPrimitives.WriteUInt64LittleEndian(name[8..], client.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(name[16..], (ulong)ContentHash.Of(flow.AccountId));
        BinaryPrimitives.WriteUInt64LittleEndian(name[24..], entity.IsEmpty ? 0 : (ulong)ContentHash.Of(entity));
        return new((int)(flow.Time.UtcTicks / TimeSpan.TicksPerDay), (ulong)ContentHash.Of(name) >> RefusedPorts.PortBits);
    }

    private static ulong TargetOf(ReadOnlySpan<byte> entity, ushort port)
    {
        Span<byte> target = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(target, (ulong)ContentHash.Of(entity));
        BinaryPrimitives.WriteUInt64LittleEndian(target[sizeof(ulong)..], port);
        return (ulong)ContentHash.Of(target);
    }

    public override IEnumerable<Decision> Decide(PortProbing state, Knowledge knowledge) => state.After((client, refusals) => [.. Probes(client, refusals, knowledge)]);

    private IEnumerable<Decision> Probes(AnsweredClient state, int refusals, Knowledge knowledge)
    {
        var client = state.Answered.Values.First().Latest!.Flow.Remote(FlowSide.Destination);
        var listed = knowledge.Intel.Find(client);
        var lists = listed.Has(ThreatCategory.Scanner) ? ApiCallFacts.Evidence(listed, ThreatCategory.Scanner) : [];
        if (lists.Count == 0 && refusals < FewestRefusals) yield break;
        var who = lists.Count > 0 ? $"which is on the list {string.Join(", ", lists.Select(list => list.ThreatListName))} of scanners" : $"which was refused at {(refusals < RefusedPorts.MostOfOne ? "" : "at least ")}{refusals} other ports within a day";
        foreach (var answered in state.Answered.Values)
        {
            var flow = answered.Latest!.Flow;
            if (state.Own is not null && flow.RemoteTo(state.Own.Known) != FlowSide.Destination) continue;
            var port = flow.SourcePort;
            var type = types.First(type => type.Has(port));
            var detection = FlowFacts.Detection(
                flow, FlowSide.Destination, Initiator.Remote, type.Type, type.SeverityOf(port), knowledge, $"{client}, {who}, reached port {port} of the instance and was answered") with
            {
                Action = new PortProbeAction(Blocked: false, [new PortProbe(port, flow.Source, ApiCallFacts.Remote(client, knowledge.Intel)!)]),
                ThreatIntelligence = lists,
                Anomaly = lists.Count > 0 ? null : Anomaly.OfAmount(
                    "closed ports of the account that refused one address within a day", $"{refusals} refused {client}", refusals, FewestRefusals, "ports",
                    $"fewer than {FewestRefusals} closed ports that it tries, within a day",
                    $"a security group that lets only known addresses reach port {port}"),
                AdditionalInfo = lists.Count == 0 ? [] : [new("threatListName", string.Join(", ", lists.Select(list => list.ThreatListName)))],
            };
            var seen = new FindingState();
            seen.Merge(answered.Seen);
            seen.Offer(detection, answered.Latest.Record);
            yield return new(detection, seen);
        }
    }
}

/// <summary>A type of probed ports.</summary>
/// <param name="Ports">Only these; empty: all others.</param>
/// <param name="GravePorts">Ports whose discovery is grave.</param>
public sealed record ProbedPorts(FindingType Type, IReadOnlyList<ushort> Ports, IReadOnlyList<ushort> GravePorts) : TypeBinding(Type)
{
    public bool Has(ushort port) => Ports.Count == 0 || Ports.Contains(port);

    public Severity SeverityOf(ushort port) => GravePorts.Contains(port) ? Severity.High : Severity.Low;
}
