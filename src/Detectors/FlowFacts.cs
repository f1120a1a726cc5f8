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

    /// <summary>Highest port that servers own and no client is given; NAT gateways and many scanners send from just above it.</summary>
    public const int LastWellKnownPort = 1_023;

    /// <summary>Bytes of the largest packet without content as a rule: an IPv4 or TCP header of 20 bytes each and 20 of TCP options.</summary>
    private const int LargestEmptyPacket = 60;

    /// <summary>Bytes of the smallest TCP packet over IPv4.</summary>
    private const int SmallestPacket = 40;

    /// <summary>Most packets of a try to connect: systems repeat it up to six times.</summary>
    private const int MostRepeats = 7;

    /// <summary>Packets by which an instance answers a knock.</summary>
    private const int MostAnswers = 3;

    /// <summary>IANA protocol numbers.</summary>
    public const byte Tcp = 6, Udp = 17, Icmp = 1, IcmpV6 = 58;

    public static IpAddress SourceOf(FlowRecord flow) => flow.PacketSource.IsNone ? flow.Source : flow.PacketSource;

    public static IpAddress DestinationOf(FlowRecord flow) => flow.PacketDestination.IsNone ? flow.Destination : flow.PacketDestination;

    /// <summary>True when a list of any category holds one of the ends.</summary>
    /// <remarks>At most two look-ups, once for all detectors that need a list: nearly every flow ends here.</remarks>
    public static bool HasListedEnd(FlowRecord flow, IntelSnapshot intel) => intel.IsListed(DestinationOf(flow)) || intel.IsListed(SourceOf(flow));

    /// <summary>What the lists of some categories say of the remote end; nothing when neither end is on one of them.</summary>
    /// <remarks>At most two look-ups. The end that is the interface itself is no remote one, whatever lists say of it; of two listed ends of
    /// which the record does not tell the interface's own, the destination is taken.</remarks>
    public static ThreatMatch ListedSide(FlowRecord flow, IntelSnapshot intel, ThreatCategory categories, out FlowSide side)
    {
        side = FlowSide.Destination;
        var match = intel.Find(DestinationOf(flow));
        if (match.Has(categories) && !IsInterface(flow, side)) return match;
        side = FlowSide.Source;
        match = intel.Find(SourceOf(flow));
        return match.Has(categories) && !IsInterface(flow, side) ? match : default;
    }

    // What comes in is addressed to the interface and what goes out is sent by it, unless the packet's own address says that it passes through.
    private static bool IsInterface(FlowRecord flow, FlowSide side) => (side, flow.Direction) switch
    {
        (FlowSide.Destination, FlowDirection.Ingress) => DestinationOf(flow) == flow.Destination,
        (FlowSide.Source, FlowDirection.Egress) => SourceOf(flow) == flow.Source,
        _ => false,
    };

    public static IpAddress Remote(FlowRecord flow, FlowSide side) => side == FlowSide.Source ? SourceOf(flow) : DestinationOf(flow);

    public static ushort RemotePort(FlowRecord flow, FlowSide side) => side == FlowSide.Source ? flow.SourcePort : flow.DestinationPort;

    public static ushort LocalPort(FlowRecord flow, FlowSide side) => side == FlowSide.Source ? flow.DestinationPort : flow.SourcePort;

    /// <summary>By the handshake's flags where the record has them, else by which port is a client's.</summary>
    /// <remarks>Flags come first because they are certain: flow logs set ACK only together with SYN, so SYN alone is the client's side and SYN
    /// with ACK the server's, whatever else the window saw. Source: Amazon VPC user guide, "Flow log records", tcp-flags.</remarks>
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
        var (source, destination) = (PortOwner(flow.SourcePort), PortOwner(flow.DestinationPort));
        return source == destination ? null : source > destination ? FlowSide.Source : FlowSide.Destination;
    }

    /// <summary>Whether an accepted flow holds no more than somebody's knock from outside and the answer that a closed or open port gives.</summary>
    /// <remarks>From outside: packets without content, however often repeated, for a connection attempt is repeated for minutes; an echo request has
    /// content and is one. From the instance: up to <see cref="MostAnswers"/> packets without content, or as many echoes. A format that records no
    /// packets cannot tell, and its flows count.</remarks>
    public static bool MayBeKnock(FlowRecord flow, FlowSide remote)
    {
        if (flow.Action != FlowAction.Accept || flow.Packets == 0) return false;
        var echo = flow.Protocol is Icmp or IcmpV6;
        var empty = echo || flow.Bytes <= LargestEmptyPacket * flow.Packets;
        return empty && (remote == FlowSide.Source || flow.Packets <= MostAnswers);
    }

    /// <summary>Whether a TCP record is a try to open a connection that came to nothing: only the first packet of one, however often repeated, or refused.</summary>
    /// <remarks>With flags that is SYN without the FIN of a connection that was used. Without, it is up to <see cref="MostRepeats"/> packets of one of the
    /// sizes that a SYN with options has, for without options it looks like the reset that answers another's try (SYN and a short connection's other packets differ); the rest of a connection that was cut at the minute may look like that as well.</remarks>
    public static bool IsUnansweredTry(FlowRecord flow)
    {
        if (flow.Protocol != Tcp) return false;
        if (flow.Flags is { } flags && (flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Fin)) != TcpFlags.Syn) return false;
        if (flow.Action == FlowAction.Reject) return true;
        if (flow.Packets is 0 or > MostRepeats) return false;
        var size = flow.Bytes / flow.Packets;
        return flow.Flags is not null ? size <= LargestEmptyPacket : size is 44 or 48 or 52 or 60 && size * flow.Packets == flow.Bytes;
    }

    /// <summary>Whether a record has packets with content.</summary>
    public static bool HasContent(FlowRecord flow) => flow.Bytes > LargestEmptyPacket * flow.Packets;

    /// <summary>Whether a TCP record is no more than a refusal of the host itself: a packet or three with RST, without options and content.</summary>
    public static bool IsReset(FlowRecord flow) => flow is { Protocol: Tcp, Action: FlowAction.Accept, Packets: > 0 and <= MostAnswers } && flow.Bytes == SmallestPacket * flow.Packets
        && (flow.Flags is not { } flags || (flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) == TcpFlags.Rst);

    // 0: servers only, 1: either, 2: as a rule clients. The end with the higher one is the client.
    private static int PortOwner(ushort port) => port >= FirstEphemeralPort ? 2 : port > LastWellKnownPort ? 1 : 0;

    /// <summary>The interface's own address as the record tells it: by the direction, else the only private end (flow logs show an interface by its
    /// private IPv4 address), else by the inventory; null where it does not tell.</summary>
    public static IpAddress? OwnAddress(FlowRecord flow, Inventory inventory)
    {
        if (flow.Direction != FlowDirection.Unknown) return flow.Direction == FlowDirection.Egress ? flow.Source : flow.Destination;
        if (flow.Source.IsPublic != flow.Destination.IsPublic) return flow.Source.IsPublic ? flow.Destination : flow.Source;
        if (inventory.Instances.Count == 0 || flow.InterfaceId.IsEmpty) return null;
        var owner = Utf8.Text(flow.InterfaceId);
        var (source, destination) = (Owns(inventory, owner, flow.Source), Owns(inventory, owner, flow.Destination));
        return source == destination ? null : source ? flow.Source : flow.Destination;
    }

    /// <summary>The interface's own address as the record or else the other records of its object tell it.</summary>
    public static OwnAddress OwnAddress<TState>(FlowRecord flow, Inventory inventory, ISteps<TState> steps) =>
        OwnAddress(flow, inventory) is { } known ? new OwnAddress(known) : steps.OwnAddress(flow);

    private static bool Owns(Inventory inventory, string interfaceId, IpAddress address) =>
        inventory.OfAddress(address)?.NetworkInterfaces.Any(network => network.NetworkInterfaceId == interfaceId) == true;

    public static Detection Detection(
        FlowRecord flow, FlowSide side, Initiator initiator, FindingType type, Severity severity, Knowledge knowledge, string why) =>
        Detection(FlowSample.Of(flow), side, initiator, type, severity, knowledge, why);

    public static Detection Detection(
        FlowSample flow, FlowSide side, Initiator initiator, FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        var local = flow.Local(side);
        var direction = initiator switch
        {
            Initiator.Local => ConnectionDirection.Outbound,
            Initiator.Remote => ConnectionDirection.Inbound,
            _ => ConnectionDirection.Unknown,
        };
        var action = new NetworkConnectionAction(
            direction, ProtocolName(flow.Protocol), flow.Action == FlowAction.Reject, flow.LocalPort(side), flow.RemotePort(side), local,
            ApiCallFacts.Remote(flow.Remote(side), knowledge.Intel)!)
        {
            LocalNetworkInterface = flow.InterfaceId,
        };
        return new Detection(
            type, flow.AccountId, flow.Region, flow.Subject(side, knowledge.Inventory), Principal: null, severity,
            new Resource(ResourceType.Instance) { InstanceDetails = flow.Instance(knowledge.Inventory) ?? Described(flow, local) },
            action, initiator == Initiator.Remote ? ResourceRole.Target : ResourceRole.Actor, why);
    }

    // What the record itself says of the instance, for when no inventory does.
    private static InstanceDetails Described(FlowSample flow, IpAddress local) => new()
    {
        InstanceId = flow.InstanceId,
        NetworkInterfaces =
        [
            new NetworkInterface
            {
                NetworkInterfaceId = flow.InterfaceId,
                PrivateIpAddress = local.IsV4 ? local.ToString() : null,
                Ipv6Addresses = local.IsV4 ? [] : [local.ToString()],
                SubnetId = flow.SubnetId,
                VpcId = flow.VpcId,
            },
        ],
    };

    public static string ProtocolName(byte protocol) => protocol switch
    {
        Tcp => "TCP",
        Udp => "UDP",
        Icmp => "ICMP",
        IcmpV6 => "ICMPv6",
        _ => protocol.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static string Summary(FlowRecord flow) =>
        $"{flow.Source}:{flow.SourcePort} to {flow.Destination}:{flow.DestinationPort} {ProtocolName(flow.Protocol)}, {flow.Packets} packets, {flow.Bytes} bytes, {(flow.Action == FlowAction.Reject ? "rejected" : "accepted")}";
}
