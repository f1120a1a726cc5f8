using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>More packets than an address can have asked for.</summary>
internal static class Floods
{
    private const int Tcp = 6, Udp = 17, Gre = 47, Igmp = 2;

    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("Backdoor:EC2/DenialOfService.Dns", LogKind.VpcFlow, stage => Attack(stage, Udp, 53, 92), Forwarder, OverManyTargets),
        new("Backdoor:EC2/DenialOfService.Tcp", LogKind.VpcFlow, stage => Attack(stage, Tcp, 443, 60), Backup, AnsweredSyns),
        new("Backdoor:EC2/DenialOfService.Udp", LogKind.VpcFlow, stage => Attack(stage, Udp, 27_015, 284), Video, stage => LittleByLittle(stage, Udp, 27_015)),
        new("Backdoor:EC2/DenialOfService.UdpOnTcpPorts", LogKind.VpcFlow, AttackOnTcpPort, Quic, stage => LittleByLittle(stage, Udp, 22)),
        new("Backdoor:EC2/DenialOfService.UnusualProtocol", LogKind.VpcFlow, stage => Attack(stage, Igmp, 0, 48), Tunnel, stage => LittleByLittle(stage, Igmp, 0)),
    ];

    /// <summary>A minute of packets to one address, over one socket.</summary>
    private static FlowAct Minute(Stage stage, Instance instance, long time, uint remote, int protocol, int port, int packets, int size, int localPort = 40_000) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = port, LocalPort = port == 0 ? 0 : localPort, Outgoing = true, InstanceIsClient = true, Protocol = protocol, Packets = packets, Bytes = packets * size,
    };

    /// <summary>Seconds within one window of ten minutes of the clock.</summary>
    private static IEnumerable<long> WithinTenMinutes(Stage stage, int count)
    {
        var window = stage.Slowly(1)[0] / 600 * 600;
        return Enumerable.Range(0, count).Select(i => window + 30 + 500 / count * i);
    }

    private static List<Act> Flood(Stage stage, Instance instance, uint remote, int protocol, int port, int size) =>
        [.. WithinTenMinutes(stage, 8).Select((time, i) => stage.Do(Minute(stage, instance, time, remote, protocol, port, 50_000 + i, size)))];

    private static void Attack(Stage stage, int protocol, int port, int size)
    {
        var instance = stage.Machine().Instance!;
        stage.Found(instance.Id, null, Flood(stage, instance, stage.Unlisted(), protocol, port, size), "400,000 packets to one address within minutes, and no answer");
    }

    private static void AttackOnTcpPort(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var flood = Flood(stage, instance, stage.Unlisted(), Udp, 22, 284);
        stage.Found(instance.Id, null, flood, "400,000 packets to one address within minutes, and no answer");
        stage.Found(instance.Id, null, flood, "the same flood is one of UDP", "Backdoor:EC2/DenialOfService.Udp");
    }

    private static void Answered(Stage stage, int protocol, int port, int packets, int size, int answers, int answerSize, string note)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Unlisted();
        foreach (var time in WithinTenMinutes(stage, 8))
        {
            var sent = stage.Do(Minute(stage, instance, time, remote, protocol, port, packets, size));
            stage.Do(sent with { Outgoing = false, Packets = answers, Bytes = answers * answerSize });
        }
        stage.Quiet(instance.Id, null, note);
    }

    private static void Forwarder(Stage stage) => Answered(stage, Udp, 53, 60_000, 74, 59_900, 160, "a busy forwarder of DNS: every query is answered");
    private static void Backup(Stage stage) => Answered(stage, Tcp, 443, 900_000, 1_450, 30_000, 52, "a backup goes out, and is acknowledged");
    private static void Video(Stage stage) => Answered(stage, Udp, 40_500, 150_000, 1_200, 3_000, 90, "video to one viewer, whose player reports back");
    private static void Quic(Stage stage) => Answered(stage, Udp, 443, 200_000, 1_280, 9_000, 70, "an upload over QUIC, and is acknowledged");
    private static void Tunnel(Stage stage) => Answered(stage, Gre, 0, 300_000, 900, 120_000, 200, "a tunnel with traffic both ways");

    private static void OverManyTargets(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in WithinTenMinutes(stage, 8).Index()) stage.Do(Minute(stage, instance, time, Internet.Site(70_000 + i), Udp, 53, 50_000, 92));
        stage.Blind(instance.Id, null, "the same flood over eight addresses");
    }

    private static void AnsweredSyns(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Unlisted();
        var flood = Flood(stage, instance, remote, Tcp, 443, 60);
        foreach (var sent in flood.Cast<FlowAct>()) stage.Do(sent with { Outgoing = false, Bytes = sent.Packets * 44 });
        stage.Found(instance.Id, null, flood, "every SYN is answered, and nothing comes of it");
    }

    private static void LittleByLittle(Stage stage, int protocol, int port)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Unlisted();
        foreach (var (i, time) in stage.Slowly(8).Index()) stage.Do(Minute(stage, instance, time, remote, protocol, port, 50_000 + i, 284));
        stage.Blind(instance.Id, null, "a minute of it, and a pause of hours");
    }
}
