using System.Text.Json.Serialization;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Behavior.EC2;

/// <summary>What a record says of the instance as a client of public hosts.</summary>
public enum PortUse { None, Mail, Other }

/// <summary>The server ports that an instance used as a client of public hosts, other than those that all use.</summary>
public sealed class UsedPorts : IMergeable<UsedPorts>
{
    /// <summary>Of an instance that uses more than these none is remembered: one more says nothing.</summary>
    public const int MostPorts = 256;

    private readonly SortedDictionary<int, UsedPort> _ports = [];

    public UsedPorts() { }

    /// <summary>Restores the ports.</summary>
    [JsonConstructor]
    public UsedPorts(bool isCrowded, IReadOnlyDictionary<int, UsedPort> ports)
    {
        IsCrowded = isCrowded;
        foreach (var (number, port) in ports) _ports.Add(number, port);
    }

    /// <summary>True once there were more than <see cref="MostPorts"/>.</summary>
    public bool IsCrowded { get; private set; }

    /// <summary>By protocol and port: 65,536 times the one and the other.</summary>
    public IReadOnlyDictionary<int, UsedPort> Ports => _ports;

    /// <summary>Looks first at what ends nearly every record's way.</summary>
    /// <remarks>Mail and directories are asked for in vain as well where the way out is closed; of other ports only use counts, for what
    /// tries many is a scanner. Without flags, and for UDP, ports tell who is the client.</remarks>
    public static PortUse UseOf(FlowRecord flow)
    {
        var port = flow.DestinationPort;
        if (port is 443 or 80 or 0 || flow.Direction == FlowDirection.Ingress) return PortUse.None;
        if (flow.Protocol == FlowFacts.Tcp)
        {
            if (flow.Flags is { } flags) { if ((flags & (TcpFlags.Syn | TcpFlags.Ack)) != TcpFlags.Syn) return PortUse.None; }
            else if (FlowFacts.InitiatorOf(flow, FlowSide.Destination) != Initiator.Local) return PortUse.None;
            if (!FlowFacts.DestinationOf(flow).IsPublic) return PortUse.None;
            return port == Backdoor.EC2.Spambot.Port ? PortUse.Mail
                : NetworkPortUnusual.IsDirectory(port) || (flow.Action == FlowAction.Accept && FlowFacts.HasContent(flow)) ? PortUse.Other : PortUse.None;
        }
        // Names and time are asked for by all, and clients of UDP servers on high ports have any port.
        return flow.Protocol == FlowFacts.Udp && port is <= FlowFacts.LastWellKnownPort and not (53 or 123) && flow.Action == FlowAction.Accept
            && FlowFacts.InitiatorOf(flow, FlowSide.Destination) == Initiator.Local && FlowFacts.DestinationOf(flow).IsPublic ? PortUse.Other : PortUse.None;
    }

    public void Add(FlowRecord flow, string objectName) => Of(flow.Protocol << 16 | flow.DestinationPort)?.Add(flow, objectName);

    public void Merge(UsedPorts other)
    {
        if (other.IsCrowded) Crowd();
        foreach (var (number, port) in other._ports) Of(number)?.Merge(port);
    }

    private UsedPort? Of(int number)
    {
        if (IsCrowded) return null;
        if (_ports.TryGetValue(number, out var port)) return port;
        _ports.Add(number, port = new UsedPort());
        if (_ports.Count <= MostPorts) return port;
        Crowd();
        return null;
    }

    private void Crowd()
    {
        IsCrowded = true;
        _ports.Clear();
    }
}

/// <summary>The days on which a port was used, and the uses that may be the first.</summary>
public sealed class UsedPort : IMergeable<UsedPort>
{
    public UsedPort() { }

    [JsonConstructor]
    public UsedPort(DaySet days, DayParts<Connections> uses) => (Days, Uses) = (days, uses);

    public DaySet Days { get; private set; }

    /// <summary>What was used before within the window is usual, whatever else is learnt, and is not kept.</summary>
    public DayParts<Connections> Uses { get; } = new();

    public void Add(FlowRecord flow, string objectName)
    {
        Days = Days.With(DaySet.DayOf(flow.Time));
        Uses.Of(flow.Time).Add(flow, objectName);
    }

    public void Merge(UsedPort other)
    {
        Days = Days.Union(other.Days);
        Uses.Merge(other.Uses);
        Uses.ForgetJudged(day => day - Habits.Window <= Days.Newest - DaySet.Width || WasUsedBefore(day));
    }

    /// <summary>Whether it was used on one of the days that tell what was usual before a day.</summary>
    public bool WasUsedBefore(int day) => Days.Any(day - Habits.Window, day - 1);
}

/// <summary>Connections of some kind: how many, the earliest, and what shows them.</summary>
public sealed class Connections : IMergeable<Connections>
{
    private const int ExactOccurrences = 256, MostEvidence = 6;

    public Connections() => Seen = new(ExactOccurrences, MostEvidence);

    [JsonConstructor]
    public Connections(SeenFlow? first, FindingState seen) => (First, Seen) = (first, seen);

    public SeenFlow? First { get; private set; }

    public FindingState Seen { get; }

    public void Add(FlowRecord flow, string objectName)
    {
        Seen.Add(flow, objectName, detection: null, FlowFacts.Summary, flow.End);
        First = SeenFlow.Earlier(First, flow, objectName);
    }

    public void Merge(Connections other)
    {
        Seen.Merge(other.Seen);
        First = SeenFlow.Earlier(First, other.First);
    }

    /// <summary>Those of several parts of a day as one; there is at least one.</summary>
    public static Connections Sum(IEnumerable<Connections> parts)
    {
        var sum = new Connections();
        foreach (var part in parts) sum.Merge(part);
        return sum;
    }

    /// <summary>What a finding shows of them.</summary>
    public FindingState As(Detection detection)
    {
        Seen.Offer(detection, First!.Record);
        return Seen;
    }
}
