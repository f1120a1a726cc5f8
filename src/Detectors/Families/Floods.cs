using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>An instance sends a flood of packets to one public address, which hardly answers.</summary>
/// <remarks>
/// Volume alone tells nothing: backups, video and busy resolvers send more. But what is wanted is answered: TCP acknowledges, QUIC and VPNs as well, resolvers
/// answer. A flood is not, or, as a SYN flood, by packets as empty as its own.
/// State: samples of at most <see cref="Traffic.MostRecords"/> records each way for an address and ten minutes. Light records are looked at by chance, so that hardly a quiet flow makes one.
/// Blind spots: fewer than <see cref="FewestPackets"/> packets in the window to one address, floods of valid queries that are answered, private targets, ICMP, records that
/// tell neither direction nor a private end.
/// </remarks>
public sealed class Floods(FloodTypes types) : StatefulDetector<FlowRecord, Traffic>
{
    /// <summary>Packets to one address within <see cref="Window"/>, 167 a second: what tells and is reported over one way, such as a system log, stays below.</summary>
    public const int FewestPackets = 100_000;

    /// <summary>Less than one packet back for so many: nobody listens. The rarest acknowledgements there are come once for 50 packets.</summary>
    public const int PacketsPerAnswer = 200;

    private const ushort DnsPort = 53;
    private const int LargestEmptyPacket = 60;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Ports whose services people reach over TCP. 443 is QUIC's as well, which answers.</summary>
    private static readonly HashSet<ushort> TcpPorts = [20, 21, 22, 23, 25, 80, 110, 111, 135, 139, 143, 443, 445, 465, 587, 993, 995, 1433, 1521, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27017];

    private enum Kind : ushort { Tcp, Udp, Dns, Unusual }

    public override IReadOnlyList<TypeBinding> Types { get; } = [types.Dns, types.Tcp, types.Udp, types.UdpOnTcpPorts, types.UnusualProtocol];

    public override string Name => "floods";

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<Traffic> steps)
    {
        if (flow.Action != FlowAction.Accept || flow.Protocol is FlowFacts.Icmp or FlowFacts.IcmpV6) return;
        // Chance first, for it ends nearly every record's way.
        var identity = flow.Lot;
        if (!PrioritySample.Keeps(identity, flow.Packets, Traffic.LightAnswer)) return;

        if (FlowFacts.OwnAddress(flow, knowledge.Inventory) is not { } own) return;
        var sent = own == flow.Source;
        var side = sent ? FlowSide.Destination : FlowSide.Source;
        if (sent && !PrioritySample.Keeps(identity, flow.Packets, Traffic.LightSent)) return;
        var remote = FlowFacts.Remote(flow, side);
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        if (!remote.IsPublic || entity.IsEmpty) return;
        var kind = KindOf(flow.Protocol, FlowFacts.RemotePort(flow, side));
        var traffic = steps.Of(EntityKey.Of(flow.AccountId, entity, own, remote, (ushort)kind, flow.Time, Window));
        if (sent) traffic.AddSent(flow, identity, steps.ObjectName);
        else traffic.AddAnswer(flow, identity);
    }

    private static Kind KindOf(byte protocol, ushort port) => (protocol, port) switch
    {
        (FlowFacts.Tcp, _) => Kind.Tcp,
        (FlowFacts.Udp, DnsPort) => Kind.Dns,
        (FlowFacts.Udp, _) => Kind.Udp,
        _ => Kind.Unusual,
    };

    public override IEnumerable<Decision> Decide(Traffic state, Knowledge knowledge)
    {
        if (state.Latest is not { } latest) yield break;
        var sent = state.Sent!.Packets();
        if (sent < FewestPackets || !IsFlood(state, sent)) yield break;
        var kind = KindOf(latest.Flow.Protocol, latest.Flow.DestinationPort);
        yield return state.Decide(TypeOf(kind), knowledge, sent);
        if (kind == Kind.Udp && state.Sent!.Packets(TcpPorts.Contains) is >= FewestPackets and var onTcpPorts) yield return state.Decide(types.UdpOnTcpPorts, knowledge, onTcpPorts);
    }

    private static bool IsFlood(Traffic state, long sent)
    {
        var answers = state.Answers?.Packets() ?? 0;
        if (answers * PacketsPerAnswer < sent) return true;
        // SYNs that are answered, one for one: there is no content either way.
        return state.Latest!.Flow.Protocol == FlowFacts.Tcp && answers < 2 * sent && state.Sent!.Bytes() <= LargestEmptyPacket * sent && state.Answers!.Bytes() <= LargestEmptyPacket * answers;
    }

    private TypeBinding TypeOf(Kind kind) => kind switch
    {
        Kind.Tcp => types.Tcp,
        Kind.Dns => types.Dns,
        Kind.Udp => types.Udp,
        Kind.Unusual => types.UnusualProtocol,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

/// <summary>The types of floods, by what is sent.</summary>
public sealed record FloodTypes(TypeBinding Dns, TypeBinding Tcp, TypeBinding Udp, TypeBinding UdpOnTcpPorts, TypeBinding UnusualProtocol);
