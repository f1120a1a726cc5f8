using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Logins that somebody guesses at, over the network.</summary>
internal static class GuessedLogins
{
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("UnauthorizedAccess:EC2/SSHBruteForce", LogKind.VpcFlow, stage => Attacked(stage, 22), ReadsBanners, stage => OneGuessFromEach(stage, 22)),
        new("UnauthorizedAccess:EC2/RDPBruteForce", LogKind.VpcFlow, stage => Attacked(stage, 3389), WorksAllDay, Patiently),
        new("Impact:EC2/WinRMBruteForce", LogKind.VpcFlow, stage => Attacking(stage, 5985), Automation, stage => OneGuessFromEach(stage, 5985)),
    ];

    /// <summary>One connection: what the client sends, and what the server answers, which nothing counts.</summary>
    private static FlowAct Connection(Stage stage, Instance instance, long time, uint remote, int port, int clientPort, bool outward, int sent, int answered)
    {
        var asked = new FlowAct(stage.Account, instance, time)
        {
            Remote = remote, LocalPort = outward ? clientPort : port, RemotePort = outward ? port : clientPort,
            Outgoing = outward, InstanceIsClient = outward, Packets = 4 + sent / 200, Bytes = sent,
        };
        stage.Do(asked with { Outgoing = !outward, Packets = 4 + answered / 200, Bytes = answered });
        return stage.Do(asked);
    }

    private static List<Act> Guesses(Stage stage, Instance instance, uint remote, int port, long[] times, bool outward = false) =>
        [.. times.Select((time, i) => Connection(stage, instance, time, remote, port, 40_000 + i, outward, sent: 1_882 + 52 * (i % 5), answered: 2_430 + 52 * (i % 3)))];

    private static void Attacked(Stage stage, int port)
    {
        var instance = stage.Machine().Instance!;
        stage.Found(instance.Id, null, Guesses(stage, instance, stage.Unlisted(), port, stage.Soon(60)), "one address tries sixty times to log in");
    }

    private static void Attacking(Stage stage, int port)
    {
        var instance = stage.Machine().Instance!;
        stage.Found(instance.Id, null, Guesses(stage, instance, stage.Unlisted(), port, stage.Soon(60), outward: true), "the instance tries sixty times to log in at an outside host");
    }

    private static void Patiently(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        stage.Found(instance.Id, null, Guesses(stage, instance, stage.Unlisted(), 3389, stage.Slowly(50), outward: true), "the instance guesses at an outside host, one try in many minutes");
    }

    private static void OneGuessFromEach(Stage stage, int port)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(60).Index()) Connection(stage, instance, time, stage.Unlisted(), port, 40_000 + i, outward: false, 1_882, 2_430);
        stage.Blind(instance.Id, null, "every guess comes from another address");
    }

    private static void ReadsBanners(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var monitor = stage.Unlisted();
        foreach (var (i, time) in stage.Soon(60).Index()) Connection(stage, instance, time, monitor, 22, 40_000 + i, outward: false, 264, 210);
        stage.Quiet(instance.Id, null, "a monitor reads the server's banner, and that is all");
    }

    private static void WorksAllDay(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var office = stage.Office;
        foreach (var (i, time) in stage.Soon(60).Index()) Connection(stage, instance, time, office, 3389, 51_515, outward: false, 9_000 + 70 * i, 280_000 + i);
        stage.Quiet(instance.Id, null, "one long session, cut at the minutes");
    }

    private static void Automation(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var office = stage.Office;
        foreach (var (i, time) in stage.Soon(60).Index()) Connection(stage, instance, time, office, 5985, 40_000 + i, outward: false, i % 3 == 0 ? 96_300 : 5_300, 8_000);
        stage.Quiet(instance.Id, null, "configuration management logs in often, and gets in");
    }
}
