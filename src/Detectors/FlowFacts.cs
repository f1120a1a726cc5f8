using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>Which end of a flow record is the remote one.</summary>
public enum FlowSide { Source, Destination }

/// <summary>Who opened the connection a flow record belongs to.</summary>
public enum Initiator { Unknown, Local, Remote }

/// <summary>The facts of a flow record that findings are made of.</summary>
public static class FlowFacts
{
    /// <summary>Lowest port that clients are given by default; Linux starts at 32768, Windows and the IANA range at 49152.</summary>
    public const int FirstEphemeralPort = 32_768;

    private const byte Tcp = 6, Udp = 17, Icmp = 1;

    public static IpAddress SourceOf(FlowRecord flow) => flow.PacketSource.IsNone ? flow.Source : flow.PacketSource;

    public static IpAddress DestinationOf(FlowRecord flow) => flow.PacketDestination.IsNone ? flow.Destination : flow.PacketDestination;

    /// <summary>What the lists say of the remote end; of two listed ends the destination.</summary>
    public static ThreatMatch ListedSide(FlowRecord flow, IntelSnapshot intel, out FlowSide side)
    {
        side = FlowSide.Destination;
        var match = intel.Find(DestinationOf(flow));
        if (!match.IsNothing) return match;
        side = FlowSide.Source;
        return intel.Find(SourceOf(flow));
    }

    public static IpAddress Remote(FlowRecord flow, FlowSide side) => side == FlowSide.Source ? SourceOf(flow) : DestinationOf(flow);

    public static IpAddress Local(FlowRecord flow, FlowSide side) => side == FlowSide.Source ? flow.Destination : flow.Source;

    public static ushort RemotePort(FlowRecord flow, FlowSide side) => side == FlowSide.Source ? flow.SourcePort : flow.DestinationPort;

    public static ushort LocalPort(FlowRecord flow, FlowSide side) => side == FlowSide.Source ? flow.DestinationPort : flow.SourcePort;

    /// <summary>By the handshake's flags where the record has them, else by which port is a client's.</summary>
    public static Initiator InitiatorOf(FlowRecord flow, FlowSide remote)
    {
        var client = ClientOf(flow);
        return client is null ? Initiator.Unknown : client == remote ? Initiator.Remote : Initiator.Local;
    }

    private static FlowSide? ClientOf(FlowRecord flow)
    {
        if (flow.Protocol == Tcp && flow.Flags is { } flags && (flags & TcpFlags.Syn) != TcpFlags.None)
            return (flags & TcpFlags.Ack) == TcpFlags.None ? FlowSide.Source : FlowSide.Destination;
        if (flow.Protocol is not (Tcp or Udp)) return null;
        return (flow.SourcePort >= FirstEphemeralPort, flow.DestinationPort >= FirstEphemeralPort) switch
        {
            (true, false) => FlowSide.Source,
            (false, true) => FlowSide.Destination,
            _ => null,
        };
    }

    /// <summary>The instance id where the record or the inventory knows it, else the interface.</summary>
    public static string Subject(FlowRecord flow, Inventory inventory) =>
        Utf8.TextOrNull(flow.InstanceId) ?? Instance(flow, inventory)?.InstanceId ?? Utf8.Text(flow.InterfaceId);

    private static InstanceDetails? Instance(FlowRecord flow, Inventory inventory) =>
        flow.InstanceId.IsEmpty ? inventory.OfInterface(Utf8.Text(flow.InterfaceId)) : inventory.Instance(Utf8.Text(flow.InstanceId));

    public static Detection Detection(
        FlowRecord flow, FlowSide side, Initiator initiator, FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        var local = Local(flow, side);
        var direction = initiator switch
        {
            Initiator.Local => ConnectionDirection.Outbound,
            Initiator.Remote => ConnectionDirection.Inbound,
            _ => ConnectionDirection.Unknown,
        };
        var action = new NetworkConnectionAction(
            direction, ProtocolName(flow.Protocol), flow.Action == FlowAction.Reject, LocalPort(flow, side), RemotePort(flow, side), local,
            ApiCallFacts.Remote(Remote(flow, side), knowledge.Intel)!)
        {
            LocalNetworkInterface = Utf8.TextOrNull(flow.InterfaceId),
        };
        return new Detection(
            type, Utf8.Text(flow.AccountId), Utf8.Text(flow.Region), Subject(flow, knowledge.Inventory), Principal: null, severity,
            new Resource(ResourceType.Instance) { InstanceDetails = Instance(flow, knowledge.Inventory) ?? Described(flow, local) },
            action, initiator == Initiator.Remote ? ResourceRole.Target : ResourceRole.Actor, why);
    }

    // What the record itself says of the instance, for when no inventory does.
    private static InstanceDetails Described(FlowRecord flow, IpAddress local) => new()
    {
        InstanceId = Utf8.TextOrNull(flow.InstanceId),
        NetworkInterfaces =
        [
            new NetworkInterface
            {
                NetworkInterfaceId = Utf8.TextOrNull(flow.InterfaceId),
                PrivateIpAddress = local.IsV4 ? local.ToString() : null,
                Ipv6Addresses = local.IsV4 ? [] : [local.ToString()],
                SubnetId = Utf8.TextOrNull(flow.SubnetId),
                VpcId = Utf8.TextOrNull(flow.VpcId),
            },
        ],
    };

    public static string ProtocolName(byte protocol) => protocol switch
    {
        Tcp => "TCP",
        Udp => "UDP",
        Icmp => "ICMP",
        _ => protocol.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static string Summary(FlowRecord flow) =>
        $"{flow.Source}:{flow.SourcePort} to {flow.Destination}:{flow.DestinationPort} {ProtocolName(flow.Protocol)}, {flow.Packets} packets, {flow.Bytes} bytes, {(flow.Action == FlowAction.Reject ? "rejected" : "accepted")}";
}
