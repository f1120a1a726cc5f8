using Yagura.Core;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>A client opens connections to one port of a server again and again, as a clock does: what takes orders from outside asks for them like this.</summary>
/// <remarks>
/// Much that is harmless has a rhythm, too. What keeps time (NTP) or looks names up (DNS), AWS's own addresses and trusted lists are left out, and so is a peer at which
/// more than a handful of the account's interfaces are: that is a service of the house. Logins by the clock are automation of the house, or somebody guesses, which has types of its own. A connection counts once, however long it is.
/// State: <see cref="BeaconNote.Size"/> bytes for a pair of addresses, port and day, <see cref="BeaconPair.Size"/> from its second connection on.
/// Blind spots: beacons that are seen in fewer than <see cref="FewestHours"/> hours or <see cref="FewestConnections"/> connections of a day of UTC; one connection that is held open; IPv6; a client
/// that sends from one port only; C2 servers in AWS's ranges or at which more than five interfaces are; in formats without flags clients whose ports may be a server's.
/// </remarks>
public sealed class Beaconing : StatefulDetector<FlowRecord, BeaconPairs>
{
    /// <summary>Connections in a day. The rarest beacons that tools are set to by default come hourly.</summary>
    public const int FewestConnections = 16;

    /// <summary>Hours of a day with connections: what is done by the hour, like a long download in parts or a guesser's visit, ends before.</summary>
    public const int FewestHours = 6;

    /// <summary>The score from which on a pair is a beacon. Connections at random, the same size each and all day long, reach 0.71 in the median and this in one pair of a hundred;
    /// a clock that errs by a third either way has 0.9.</summary>
    public const double Threshold = 0.85;

    private const ushort Dns = 53, Ntp = 123, Ssh = 22, Rdp = 3389, WinRm = 5985, WinRmTls = 5986;

    // IPv4 and TCP headers with the options of a SYN, and with those of other packets.
    private const int LargestSyn = 60, LargestEmptyPacket = 52;

    public override IReadOnlyList<TypeBinding> Types { get; } = [new("Yagura:EC2/Beaconing")];

    public override string Name => "beacons";

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<BeaconPairs> steps)
    {
        if (flow.Action != FlowAction.Accept || !IsRequest(flow) || !flow.Source.IsV4) return;
        if (flow.DestinationPort is Dns or Ntp or Ssh or Rdp or WinRm or WinRmTls || FlowFacts.InitiatorOf(flow, FlowSide.Destination) != Initiator.Local) return;
        if (flow.InterfaceId.IsEmpty && flow.InstanceId.IsEmpty) return;
        if (FlowFacts.OwnAddress(flow, knowledge.Inventory) is { } own)
        {
            if (own == flow.Source) Add(flow, BeaconEnds.None, isTold: true, steps);
            else if (own == flow.Destination) Add(flow, BeaconEnds.Target, isTold: true, steps);
        }
        else
        {
            // One of the two turns out to be nobody's.
            Add(flow, BeaconEnds.None, isTold: false, steps);
            Add(flow, BeaconEnds.Target, isTold: false, steps);
        }
    }

    private static void Add(FlowRecord flow, BeaconEnds end, bool isTold, ISteps<BeaconPairs> steps)
    {
        var isTarget = end == BeaconEnds.Target;
        var (local, packet) = isTarget ? (flow.Destination, flow.PacketDestination) : (flow.Source, flow.PacketSource);
        var remote = isTarget ? FlowFacts.SourceOf(flow) : FlowFacts.DestinationOf(flow);
        // A public packet address beside the interface's own is somebody's whose packets it passes on.
        if (!remote.IsPublic || !remote.IsV4 || (!packet.IsNone && packet != local && packet.IsPublic)) return;
        steps.Of(default).Add(flow, local, remote, flow.Protocol == FlowFacts.Udp ? end | BeaconEnds.Udp : end, isTold, steps);
    }

    // What a client sends when it opens a connection: with flags there is a SYN, and in TCP some content beside the handshake.
    private static bool IsRequest(FlowRecord flow) => flow.Protocol switch
    {
        FlowFacts.Tcp => flow.Bytes > LargestSyn + LargestEmptyPacket * (flow.Packets - 1)
            && (flow.Flags is not { } flags || (flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn),
        FlowFacts.Udp => true,
        _ => false,
    };

    public override IEnumerable<Decision> Decide(BeaconPairs state, Knowledge knowledge) => state.Table.Verdicts.After(row => Judge(state.Table, row, knowledge));

    private Decision? Judge(BeaconTable table, int row, Knowledge knowledge)
    {
        ref readonly var pair = ref table.Pairs[row];
        if (pair.Kept < FewestConnections || pair.HoursSeen < FewestHours) return null;
        var owner = table.Names.Owners[pair.Owner];
        if (!owner.IsOwn || table.InterfacesAt(row) >= BeaconPairs.MostInterfaces) return null;
        var remote = IpAddress.FromV4(pair.Remote);
        var intel = knowledge.Intel;
        // A listed server is reported as what it is.
        if (intel.IsTrusted(remote) || intel.IsAws(remote) == true || (!pair.IsTarget && intel.Find(remote).Has(ThreatCategory.CommandAndControl))) return null;
        var rhythm = Rhythm.Of(pair);
        if (rhythm.Sizes.Count < FewestConnections || rhythm.Intervals.Count < FewestConnections / 2 || rhythm.Score < Threshold) return null;
        return BeaconReport.Of(pair, owner, table.Names.Objects[pair.Object], rhythm, Types[0].Type, knowledge);
    }
}
