using Yagura.Simulation.Scenarios;
using Yagura.Simulation.World;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation.VpcFlow;

/// <summary>VPC flow log files: a header line, then one line for each flow and minute.</summary>
internal sealed class VpcFlowSource(Organization organization) : LogSource(organization)
{
    /// <summary>The default format, and two that people define; a region of an account keeps to one.</summary>
    private static readonly string[] Formats =
    [
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region flow-direction",
        "account-id instance-id interface-id start end srcaddr dstaddr srcport dstport protocol tcp-flags packets bytes action flow-direction log-status version",
    ];

    private enum Field { Version, AccountId, InterfaceId, SourceAddress, DestinationAddress, SourcePort, DestinationPort, Protocol, Packets, Bytes, Start, End, Action, LogStatus, VpcId, SubnetId, InstanceId, TcpFlags, Type, PacketSource, PacketDestination, Region, Direction }

    private static readonly Field[][] Layouts = [.. Formats.Select(f => f.Split(' ').Select(ToField).ToArray())];

    private static Field ToField(string name) => name switch
    {
        "srcaddr" => Field.SourceAddress,
        "dstaddr" => Field.DestinationAddress,
        "srcport" => Field.SourcePort,
        "dstport" => Field.DestinationPort,
        "pkt-srcaddr" => Field.PacketSource,
        "pkt-dstaddr" => Field.PacketDestination,
        "flow-direction" => Field.Direction,
        _ => Enum.Parse<Field>(name.Replace("-", ""), ignoreCase: true),
    };

    /// <summary>What one line says.</summary>
    private struct Flow
    {
        public Instance Instance;
        public uint Remote;
        public int LocalPort, RemotePort, Protocol, Packets, Bytes, Flags;
        public bool Outgoing, Rejected;
        public long Start, End;
    }

    private const int Syn = 2, SynAck = 18, Fin = 1;

    public override int MeanBytes => Organization.Profile.CustomFlowFormats ? 160 : 113;

    private int FormatOf(Account account, Region region) => Organization.Profile.CustomFlowFormats ? (account.Index + region.Index) % Formats.Length : 0;

    public override string PathOf(Account account, Region region, long time, ref SplitMix64 random)
    {
        var hash = random.Next();
        return $"{Root(account)}/vpcflowlogs/{region.Name}/{Day(time)}/{account.Id}_vpcflowlogs_{region.Name}_{region.FlowLogId}_{Minute(time)}_{(uint)hash:x8}.log.gz";
    }

    public override void Begin(Utf8Buffer buffer, Account account, Region region)
    {
        buffer.Add(Formats[FormatOf(account, region)]);
        buffer.Add((byte)'\n');
    }

    public override void Background(Utf8Buffer buffer, Scene scene)
    {
        ref var random = ref scene.Random;
        var instances = scene.Account.Instances;
        var count = (instances.Count - scene.Region.Index + scene.Account.Regions.Count - 1) / scene.Account.Regions.Count;
        var flow = new Flow
        {
            Instance = instances[random.Skewed(count) * scene.Account.Regions.Count + scene.Region.Index],
            Protocol = 6,
            Packets = 1 + random.Skewed(60),
            Start = scene.Time,
            End = scene.Time + 20 + random.Below(40),
            Outgoing = random.OneIn(2),
        };
        var ephemeral = 32768 + random.Below(28232);
        flow.Bytes = flow.Packets * (40 + random.Skewed(1400));
        switch (random.Below(100))
        {
            case < 1:
                Empty(buffer, scene, flow.Instance);
                return;
            case < 45: // a client of the web server, or of the load balancer before it
                (flow.Remote, flow.LocalPort, flow.RemotePort) = (Internet.Anybody(ref random), random.Percent(80) ? 443 : 80, ephemeral);
                flow.Flags = flow.Outgoing ? SynAck : Syn;
                break;
            case < 65: // the instance asks a site or AWS
                flow.Remote = random.OneIn(2) ? Internet.Site(random.Skewed(500)) : Internet.Aws(scene.Region.Index, random.Below(Internet.FirstElastic));
                (flow.LocalPort, flow.RemotePort) = (ephemeral, 443);
                flow.Flags = flow.Outgoing ? Syn : SynAck;
                break;
            case < 85: // inside the network: a database, a cache
                flow.Remote = instances[random.Below(instances.Count)].PrivateAddress;
                (flow.LocalPort, flow.RemotePort) = (ephemeral, random.Below(3) switch { 0 => 5432, 1 => 6379, _ => 8080 });
                flow.Flags = flow.Outgoing ? Syn : SynAck;
                break;
            case < 90: // time
                (flow.Protocol, flow.Remote, flow.LocalPort, flow.RemotePort, flow.Packets, flow.Bytes) = (17, Internet.Site(7), ephemeral, 123, 1, 76);
                break;
            default: // the internet knocks, and is turned away
                (flow.Remote, flow.LocalPort, flow.RemotePort) = (Internet.Anybody(ref random), random.Below(6) switch { 0 => 22, 1 => 23, 2 => 3389, 3 => 445, 4 => 8080, _ => 1 + random.Below(10_000) }, ephemeral);
                (flow.Outgoing, flow.Rejected, flow.Flags, flow.Packets, flow.Bytes) = (false, true, Syn, 1, 40);
                break;
        }
        if (flow.Protocol == 6 && !flow.Rejected && random.OneIn(2)) flow.Flags |= Fin;
        Line(buffer, scene, flow);
    }

    public override void Planted(Utf8Buffer buffer, Scene scene, Act act)
    {
        var f = (FlowAct)act;
        var fromClient = f.Outgoing == f.InstanceIsClient;
        Line(buffer, scene, new Flow
        {
            Instance = f.Instance, Remote = f.Remote, LocalPort = f.LocalPort, RemotePort = f.RemotePort, Protocol = f.Protocol, Packets = f.Packets, Bytes = f.Bytes,
            Flags = f.Protocol != 6 ? 0 : fromClient ? Syn : SynAck, Outgoing = f.Outgoing, Rejected = f.Rejected, Start = f.Time, End = f.EndTime,
        });
    }

    private void Line(Utf8Buffer buffer, Scene scene, in Flow flow)
    {
        var local = flow.Instance.PrivateAddress;
        var (source, destination) = flow.Outgoing ? (local, flow.Remote) : (flow.Remote, local);
        var (sourcePort, destinationPort) = flow.Outgoing ? (flow.LocalPort, flow.RemotePort) : (flow.RemotePort, flow.LocalPort);
        var separate = false;
        foreach (var field in Layouts[FormatOf(scene.Account, scene.Region)])
        {
            if (separate) buffer.Add((byte)' ');
            separate = true;
            switch (field)
            {
                case Field.Version: buffer.Number(FormatOf(scene.Account, scene.Region) == 0 ? 2 : 5); break;
                case Field.AccountId: buffer.Add(scene.Account.IdBytes); break;
                case Field.InterfaceId: buffer.Add(flow.Instance.InterfaceBytes); break;
                case Field.SourceAddress or Field.PacketSource: buffer.Address(source); break;
                case Field.DestinationAddress or Field.PacketDestination: buffer.Address(destination); break;
                case Field.SourcePort: buffer.Number(sourcePort); break;
                case Field.DestinationPort: buffer.Number(destinationPort); break;
                case Field.Protocol: buffer.Number(flow.Protocol); break;
                case Field.Packets: buffer.Number(flow.Packets); break;
                case Field.Bytes: buffer.Number(flow.Bytes); break;
                case Field.Start: buffer.Number(flow.Start); break;
                case Field.End: buffer.Number(flow.End); break;
                case Field.Action: buffer.Add(flow.Rejected ? "REJECT"u8 : "ACCEPT"u8); break;
                case Field.LogStatus: buffer.Add("OK"u8); break;
                case Field.VpcId: buffer.Add(scene.Region.VpcId); break;
                case Field.SubnetId: buffer.Add(scene.Region.SubnetId); break;
                case Field.InstanceId: buffer.Add(flow.Instance.IdBytes); break;
                case Field.TcpFlags: buffer.Number(flow.Flags); break;
                case Field.Type: buffer.Add("IPv4"u8); break;
                case Field.Region: buffer.Add(scene.Region.NameBytes); break;
                case Field.Direction: buffer.Add(flow.Outgoing ? "egress"u8 : "ingress"u8); break;
                default: throw new ArgumentOutOfRangeException(nameof(flow), field, "a field that nobody writes");
            }
        }
    }

    /// <summary>A minute in which an interface saw nothing: dashes, but for who and when.</summary>
    private void Empty(Utf8Buffer buffer, Scene scene, Instance instance)
    {
        var separate = false;
        foreach (var field in Layouts[FormatOf(scene.Account, scene.Region)])
        {
            if (separate) buffer.Add((byte)' ');
            separate = true;
            switch (field)
            {
                case Field.Version: buffer.Number(FormatOf(scene.Account, scene.Region) == 0 ? 2 : 5); break;
                case Field.AccountId: buffer.Add(scene.Account.IdBytes); break;
                case Field.InterfaceId: buffer.Add(instance.InterfaceBytes); break;
                case Field.Start: buffer.Number(scene.Time); break;
                case Field.End: buffer.Number(scene.Time + 60); break;
                case Field.LogStatus: buffer.Add("NODATA"u8); break;
                default: buffer.Add((byte)'-'); break;
            }
        }
    }
}
