using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Ports and hosts that somebody tries one after the other.</summary>
internal static class Scans
{
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("Recon:EC2/Portscan", LogKind.VpcFlow, ManyPorts, ManyServicesOfOneHost, ManyPortsSlowly),
        new("Impact:EC2/PortSweep", LogKind.VpcFlow, ManyHosts, Crawler, FewHosts),
        new("Recon:EC2/PortProbeUnprotectedPort", LogKind.VpcFlow, stage => Probed(stage, 5432), stage => Visitor(stage, 5432), stage => KnowsWhereToGo(stage, 5432)),
        new("Recon:EC2/PortProbeEMRUnprotectedPort", LogKind.VpcFlow, stage => Probed(stage, 8088), stage => Visitor(stage, 8088), stage => KnowsWhereToGo(stage, 8088)),
    ];

    /// <summary>One SYN that nobody answers.</summary>
    private static FlowAct Try(Stage stage, Instance instance, long time, uint remote, int port, int number) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = port, LocalPort = 40_000 + number, Outgoing = true, InstanceIsClient = true, Packets = 1, Bytes = 60,
    };

    private static FlowAct Knock(Stage stage, Instance instance, long time, uint remote, int port, int number) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = 50_000 + number, LocalPort = port, Outgoing = false, InstanceIsClient = false, Packets = 1, Bytes = 44,
    };

    private static void ManyPorts(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Unlisted();
        foreach (var (i, time) in stage.Soon(120).Index()) stage.Do(Try(stage, instance, time, remote, 1_000 + 7 * i, i));
        stage.Found(instance.Id, null, "the instance tries 120 ports of one host within minutes");
    }

    private static void ManyServicesOfOneHost(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Unlisted();
        foreach (var (i, time) in stage.Soon(60).Index()) stage.Do(Try(stage, instance, time, remote, 7_000 + i, i) with { Packets = 6, Bytes = 900 + i });
        stage.Quiet(instance.Id, null, "one host has sixty services for the instance, and they answer");
    }

    private static void ManyPortsSlowly(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Unlisted();
        foreach (var (i, time) in stage.Slowly(120).Index()) stage.Do(Try(stage, instance, time, remote, 1_000 + 7 * i, i));
        stage.Found(instance.Id, null, "one port in ten minutes, all day long");
    }

    private static void ManyHosts(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(150).Index()) stage.Do(Try(stage, instance, time, Internet.Site(50_000 + i), 2375, i));
        stage.Found(instance.Id, null, "the instance tries one port of 150 public addresses");
    }

    private static void Crawler(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(150).Index())
        {
            var site = Internet.Site(60_000 + i);
            stage.Do(Try(stage, instance, time, site, 443, i) with { Packets = 12, Bytes = 1_900 });
            stage.Do(Try(stage, instance, time + 60, site, 443, i) with { Packets = 3, Bytes = 156 });
        }
        foreach (var (i, time) in stage.Soon(60).Index()) stage.Do(Try(stage, instance, time, Internet.Site(61_000 + i), 443, 1_000 + i));
        stage.Quiet(instance.Id, null, "a crawler: most sites answer, some are gone, and connections outlast the minute");
    }

    private static void FewHosts(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Slowly(60).Index()) stage.Do(Try(stage, instance, time, Internet.Site(62_000 + i), 2375, i));
        stage.Blind(instance.Id, null, "sixty addresses a day");
    }

    private static void Probed(Stage stage, int port)
    {
        var instance = stage.Machine().Instance!;
        var scanner = stage.Unlisted();
        foreach (var (i, time) in stage.Soon(12).Index()) stage.Do(Knock(stage, instance, time, scanner, 2_000 + 111 * i, i) with { Rejected = true });
        var knock = stage.Do(Knock(stage, instance, stage.Soon(1)[0], scanner, port, 99));
        var answer = stage.Do(knock with { Outgoing = true, Bytes = 60 });
        stage.Found(instance.Id, null, [answer], "an unlisted address is refused at twelve ports, and one answers");
    }

    private static void Visitor(Stage stage, int port)
    {
        var instance = stage.Machine().Instance!;
        var visitor = stage.Unlisted();
        foreach (var (i, time) in stage.Soon(3).Index()) stage.Do(Knock(stage, instance, time, visitor, 5_433 + i, i) with { Rejected = true });
        foreach (var (i, time) in stage.Soon(20).Index()) stage.Do(Knock(stage, instance, time, visitor, port, 99) with { Outgoing = true, Packets = 20, Bytes = 12_000 + i });
        stage.Quiet(instance.Id, null, "a customer of the open port, who tried a wrong one before");
    }

    private static void KnowsWhereToGo(Stage stage, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(8).Index()) stage.Do(Knock(stage, instance, time, stage.Unlisted(), port, i) with { Outgoing = true, Bytes = 60 });
        stage.Blind(instance.Id, null, "unlisted addresses that knock at the open port alone");
    }
}
