using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Connections that come like clockwork.</summary>
internal static class Beacons
{
    private const int Connections = 20, Pace = 4_000;

    public static IReadOnlyList<Scenario> Scenarios { get; } = [new("Yagura:EC2/Beaconing", LogKind.VpcFlow, AsksForOrders, HarmlessRhythms, SleepsAtRandom)];

    private static FlowAct Ask(Stage stage, Instance instance, long time, uint remote, int number) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = 443, LocalPort = 40_000 + number, Outgoing = true, InstanceIsClient = true, Packets = 8, Bytes = 1_100 + stage.Below(40),
    };

    private static FlowAct IsAsked(Stage stage, Instance instance, long time, uint remote, int number) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = 50_000 + number, LocalPort = 8443, Outgoing = false, InstanceIsClient = false, Packets = 7, Bytes = 900 + stage.Below(20),
    };

    /// <summary>All day long, give or take some minutes.</summary>
    private static IEnumerable<long> ByTheClock(Stage stage) => Enumerable.Range(0, Connections).Select(i => Organization.Start + 1_900 + Pace * i + stage.Below(300));

    private static void AsksForOrders(Stage stage)
    {
        var (client, server) = (stage.Machine().Instance!, stage.Machine().Instance!);
        var (outside, steered) = (stage.Unlisted(), stage.Unlisted());
        var asked = ByTheClock(stage).Select((time, i) => stage.Do(Ask(stage, client, time, outside, i))).ToList();
        stage.Found(client.Id, null, asked, "the instance asks an unlisted address every 67 minutes");
        var served = ByTheClock(stage).Select((time, i) => stage.Do(IsAsked(stage, server, time, steered, i))).ToList();
        stage.Found(server.Id, null, served, "an unlisted address asks the instance every 67 minutes");
    }

    private static void HarmlessRhythms(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in ByTheClock(stage).Index())
        {
            stage.Do(Ask(stage, instance, time, Internet.Site(7), i) with { Protocol = 17, RemotePort = 123, Packets = 1, Bytes = 76 });
            // One connection that is held open, and recorded in each minute.
            for (var minute = 0; minute < 20; minute++) stage.Do(Ask(stage, instance, time + 60 * minute, Internet.Site(70_000), 99));
        }
        foreach (var (i, time) in stage.Times(24, TimeSpan.FromHours(3)).Index()) stage.Do(Ask(stage, instance, time, Internet.Site(70_001), i));
        stage.Quiet(instance.Id, null, "time is asked by the clock, a connection is held open, and a download comes in parts for three hours");
    }

    private static void SleepsAtRandom(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var remote = stage.Unlisted();
        var time = Organization.Start + 1_900;
        for (var i = 0; time < Organization.Start + 80_000; i++)
        {
            stage.Do(Ask(stage, instance, time, remote, i));
            time += 60 << stage.Below(8);
        }
        stage.Blind(instance.Id, null, "the client sleeps from a minute to two hours, as chance has it");
    }
}
