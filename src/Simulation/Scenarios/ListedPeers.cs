using Yagura.Simulation.World;
using static Yagura.Simulation.Scenarios.ThreatLists;

namespace Yagura.Simulation.Scenarios;

/// <summary>Network traffic of instances with listed addresses.</summary>
internal static class ListedPeers
{
    // Type; the list; the port of the remote service; the twin; the evasive variant.
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        Row("Backdoor:EC2/C&CActivity.B", Kind.CommandAndControl, 443, KnocksFromOutside, FewPacketsADay),
        Row("CryptoCurrency:EC2/BitcoinTool.B", Kind.Mining, 3333, NeighbouringAddress, ThroughRelay),
        Row("Trojan:EC2/BlackholeTraffic", Kind.Sinkhole, 80, KnocksFromOutside, OnlyRejected),
        Row("Trojan:EC2/DropPoint", Kind.DropPoint, 21, NeighbouringAddress, FewPacketsADay),
        Row("UnauthorizedAccess:EC2/TorClient", Kind.TorRelay, 9001, KnocksFromOutside, ThroughRelay),
        Row("UnauthorizedAccess:EC2/MaliciousIPCaller.Custom", Kind.Custom, 8443, KnocksAndIsRejected, AnsweredOnOwnPort),
        new("UnauthorizedAccess:EC2/TorRelay", LogKind.VpcFlow, Relay, ScrapedByRelays, HiddenBridge),
    ];

    private static Scenario Row(string type, Kind list, int port, Action<Stage, Kind, int> twin, Action<Stage, Kind, int> evasive) => new(
        type, LogKind.VpcFlow, stage => Attack(stage, list, port), stage => twin(stage, list, port), stage => evasive(stage, list, port));

    private static FlowAct Out(Stage stage, Instance instance, long time, uint remote, int port, int number = 0) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = port, LocalPort = 40_000 + number, Outgoing = true, InstanceIsClient = true, Packets = 8 + number, Bytes = 900 + 60 * number,
    };

    private static FlowAct In(Stage stage, Instance instance, long time, uint remote, int port, int number = 0) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = 50_000 + number, LocalPort = port, Outgoing = false, InstanceIsClient = false, Packets = 6 + number, Bytes = 700 + 60 * number,
    };

    private static void Attack(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Listed(list);
        foreach (var (i, time) in stage.Soon(4).Index())
        {
            var asked = stage.Do(Out(stage, instance, time, remote, port, i));
            stage.Do(asked with { Outgoing = false, Packets = 6 + i, Bytes = 2_000 + i });
        }
        stage.Found(instance.Id, null, "four connections to one listed address, both directions of each");
    }

    private static void KnocksFromOutside(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(4).Index())
        {
            var asked = stage.Do(In(stage, instance, time, stage.Listed(list), 443, i));
            stage.Do(asked with { Outgoing = true });
        }
        stage.Quiet(instance.Id, null, "the listed address is a client of the instance's public web server");
    }

    private static void KnocksAndIsRejected(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(4).Index()) stage.Do(In(stage, instance, time, stage.Listed(list), 22, i) with { Rejected = true, Packets = 1, Bytes = 40 });
        stage.Quiet(instance.Id, null, "the listed address knocks and the security group turns it away");
    }

    private static void NeighbouringAddress(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(4).Index()) stage.Do(Out(stage, instance, time, Internet.Site(20_000 + i), port, i));
        stage.Quiet(instance.Id, null, "the same port, but an address that no list names");
    }

    private static void FewPacketsADay(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Slowly(3).Index()) stage.Do(Out(stage, instance, time, stage.Listed(list), port, i) with { Packets = 1, Bytes = 60 + i });
        stage.Found(instance.Id, null, "one packet in many hours, each to another listed address");
    }

    private static void OnlyRejected(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Slowly(3).Index()) stage.Do(Out(stage, instance, time, stage.Listed(list), port, i) with { Rejected = true, Packets = 1, Bytes = 60 + i });
        stage.Found(instance.Id, null, "the network ACL stops every attempt; that the instance tries is enough");
    }

    private static void ThroughRelay(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Slowly(6).Index()) stage.Do(Out(stage, instance, time, Internet.Site(30_000), 443, i));
        stage.Blind(instance.Id, null, "through a relay that no list names");
    }

    private static void AnsweredOnOwnPort(Stage stage, Kind list, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Slowly(3).Index()) stage.Do(In(stage, instance, time, stage.Listed(list), 8443, i));
        stage.Found(instance.Id, null, "the listed addresses call in and are let in, one in many hours");
    }

    private static void Relay(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var times = stage.Soon(8);
        var outgoing = new List<Act>();
        for (var i = 0; i < 4; i++)
        {
            stage.Do(In(stage, instance, times[2 * i], Address(Kind.TorRelay, i), 9001, i));
            outgoing.Add(stage.Do(Out(stage, instance, times[2 * i + 1], Address(Kind.TorRelay, 20 + i), 9001, i)));
        }
        stage.Found(instance.Id, null, "four relays connect in to one port, four others are connected out to");
        stage.Found(instance.Id, null, outgoing, "the outgoing half alone is what a Tor client does", "UnauthorizedAccess:EC2/TorClient");
    }

    private static void ScrapedByRelays(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(5).Index()) stage.Do(In(stage, instance, time, Address(Kind.TorRelay, i), 443, i));
        stage.Quiet(instance.Id, null, "people visit the instance's web site through Tor; it connects out to no relay");
    }

    private static void HiddenBridge(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Slowly(6).Index())
        {
            stage.Do(In(stage, instance, time, stage.Unlisted(), 443, i));
            stage.Do(Out(stage, instance, time + 1, Internet.Site(40_000 + i), 443, i));
        }
        stage.Blind(instance.Id, null, "a bridge serves unlisted clients and passes them on to unlisted relays");
    }
}
