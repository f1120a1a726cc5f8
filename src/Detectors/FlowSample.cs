using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>The facts of one flow record, for what is kept beyond it; <see cref="FlowRecord"/> says what each is.</summary>
public sealed record FlowSample(
    string AccountId, string Region, string? InterfaceId, string? InstanceId, string? VpcId, string? SubnetId,
    IpAddress Source, IpAddress Destination, IpAddress PacketSource, IpAddress PacketDestination,
    ushort SourcePort, ushort DestinationPort, byte Protocol, FlowAction Action)
{
    public static FlowSample Of(FlowRecord flow) => new(
        Utf8.Text(flow.AccountId), Utf8.Text(flow.Region), Utf8.TextOrNull(flow.InterfaceId), Utf8.TextOrNull(flow.InstanceId),
        Utf8.TextOrNull(flow.VpcId), Utf8.TextOrNull(flow.SubnetId), flow.Source, flow.Destination, flow.PacketSource, flow.PacketDestination,
        flow.SourcePort, flow.DestinationPort, flow.Protocol, flow.Action);

    public IpAddress Remote(FlowSide side) => side == FlowSide.Source
        ? PacketSource.IsNone ? Source : PacketSource
        : PacketDestination.IsNone ? Destination : PacketDestination;

    /// <summary>The end that is not the remote one, as the interface saw it; the packet's own address where the format has only that.</summary>
    public IpAddress Local(FlowSide side) => side == FlowSide.Source
        ? Destination.IsNone ? PacketDestination : Destination
        : Source.IsNone ? PacketSource : Source;

    public ushort RemotePort(FlowSide side) => side == FlowSide.Source ? SourcePort : DestinationPort;

    public ushort LocalPort(FlowSide side) => side == FlowSide.Source ? DestinationPort : SourcePort;

    /// <summary>The remote end, if one of the ends is the interface's own address and the packet is not just passed on by it, as a NAT gateway does.</summary>
    /// <remarks>A private packet address beside the interface's own is one more of its own, such as a pod's.</remarks>
    public FlowSide? RemoteTo(IpAddress own)
    {
        if (own.IsNone) return null;
        if (own == Destination && !IsAnothers(PacketDestination, own)) return FlowSide.Source;
        return own == Source && !IsAnothers(PacketSource, own) ? FlowSide.Destination : null;
    }

    private static bool IsAnothers(IpAddress packet, IpAddress own) => !packet.IsNone && packet != own && packet.IsPublic;

    /// <summary>The instance id where the record or the inventory knows it, else the interface, else, in formats without either, the local address.</summary>
    public string Subject(FlowSide side, Inventory inventory) => InstanceId ?? Instance(inventory)?.InstanceId ?? InterfaceId ?? Local(side).ToString();

    public InstanceDetails? Instance(Inventory inventory) =>
        InstanceId is not null ? inventory.Instance(InstanceId) : InterfaceId is null ? null : inventory.OfInterface(InterfaceId);
}

/// <summary>A flow that a state remembers, with the record it came from.</summary>
public sealed record SeenFlow(FlowSample Flow, Evidence Record)
{
    public static SeenFlow Of(FlowRecord flow, string objectName) => new(FlowSample.Of(flow), Evidence.Of(flow, objectName, FlowFacts.Summary(flow)));

    /// <summary>The later of what is known and a record, which costs nothing for one that is earlier.</summary>
    public static SeenFlow Later(SeenFlow? known, FlowRecord flow, string objectName) =>
        known is not null && flow.Time < known.Record.Time ? known : Later(known, Of(flow, objectName))!;

    /// <summary>The earlier of what is known and a record, which costs nothing for one that is later.</summary>
    public static SeenFlow Earlier(SeenFlow? known, FlowRecord flow, string objectName) =>
        known is not null && flow.Time > known.Record.Time ? known : Earlier(known, Of(flow, objectName))!;

    /// <summary>The one with the earlier record.</summary>
    public static SeenFlow? Earlier(SeenFlow? one, SeenFlow? other) =>
        one is null || other is null ? one ?? other : ReferenceEquals(Evidence.Earlier(one.Record, other.Record), one.Record) ? one : other;

    /// <summary>The one with the later record.</summary>
    public static SeenFlow? Later(SeenFlow? one, SeenFlow? other) =>
        one is null || other is null ? one ?? other : ReferenceEquals(Evidence.Later(one.Record, other.Record), one.Record) ? one : other;
}
