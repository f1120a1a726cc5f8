using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Instances that do what they have not done on the days before, which these plans bring with them.</summary>
internal static class NewHabits
{
    private const int Past = 16, Metrics = 8443, Mail = 25, Pool = 3333;

    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("Backdoor:EC2/Spambot", LogKind.VpcFlow, FirstMail, Relay, LittleMailAfterAWeek),
        new("Behavior:EC2/NetworkPortUnusual", LogKind.VpcFlow, FirstUse, OncePerFortnight, HiddenAmongTheWeb),
        new("Behavior:EC2/TrafficVolumeUnusual", LogKind.VpcFlow, ArchiveLeaves, Backups, OverManyHosts),
    ];

    /// <summary>A connection that the instance opens and uses.</summary>
    private static FlowAct Use(Stage stage, Instance instance, long time, uint remote, int port, int number = 0) => new(stage.Account, instance, time)
    {
        Remote = remote, RemotePort = port, LocalPort = 45_000 + number, Outgoing = true, InstanceIsClient = true, Packets = 14, Bytes = 3_200 + number,
    };

    /// <summary>An upload, which is acknowledged.</summary>
    private static FlowAct Send(Stage stage, Instance instance, long time, uint remote, int megabytes)
    {
        var sent = stage.Do(Use(stage, instance, time, remote, 443) with { Packets = megabytes * 720, Bytes = megabytes * 1_000_000 });
        stage.Do(sent with { Outgoing = false, Packets = megabytes * 24, Bytes = megabytes * 24 * 52 });
        return sent;
    }

    /// <summary>An instance that reports metrics once a day.</summary>
    private static Instance Known(Stage stage, int days = Past)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Before(days)) stage.Do(Use(stage, instance, time, Internet.Site(80_000), Metrics));
        return instance;
    }

    private static void FirstMail(Stage stage)
    {
        var instance = Known(stage);
        var mail = stage.SoonByDay(40).Select((time, i) => stage.Do(Use(stage, instance, time, Internet.Site(81_000 + i), Mail, i))).ToList();
        stage.Found(instance.Id, null, mail, "after sixteen days without mail the instance turns to forty mail servers");
    }

    private static void Relay(Stage stage)
    {
        var instance = Known(stage);
        foreach (var time in stage.Before(Past))
        {
            for (var i = 0; i < 12; i++) stage.Do(Use(stage, instance, time, Internet.Site(82_000 + (int)(time % 1_000) + i), Mail, i));
        }
        foreach (var (i, time) in stage.SoonByDay(40).Index()) stage.Do(Use(stage, instance, time, Internet.Site(84_000 + i), Mail, i));
        stage.Quiet(instance.Id, null, "a mail relay turns to more servers than usual");
    }

    private static void LittleMailAfterAWeek(Stage stage)
    {
        var instance = Known(stage, days: 8);
        foreach (var (i, time) in stage.SoonByDay(5).Index()) stage.Do(Use(stage, instance, time, Internet.Site(85_000 + i), Mail, i));
        stage.Blind(instance.Id, null, "eight days are known, and there are five servers only");
    }

    private static void FirstUse(Stage stage)
    {
        var instance = Known(stage);
        var pool = stage.Unlisted();
        var uses = stage.SoonByDay(6).Select((time, i) => stage.Do(Use(stage, instance, time, pool, Pool, i))).ToList();
        stage.Found(instance.Id, null, uses, "a port that the instance used on none of sixteen days");
    }

    private static void OncePerFortnight(Stage stage)
    {
        var instance = Known(stage);
        stage.Do(Use(stage, instance, stage.Before(14)[0], Internet.Site(80_001), 873));
        foreach (var time in stage.SoonByDay(3)) stage.Do(Use(stage, instance, time, Internet.Site(80_001), 873));
        stage.Quiet(instance.Id, null, "a copy over a port that was used two weeks before");
    }

    private static void HiddenAmongTheWeb(Stage stage)
    {
        var instance = Known(stage);
        var remote = stage.Unlisted();
        foreach (var (i, time) in stage.SoonByDay(6).Index()) stage.Do(Use(stage, instance, time, remote, 443, i));
        stage.Blind(instance.Id, null, "the same server at port 443");
    }

    private static void ArchiveLeaves(Stage stage)
    {
        var instance = Known(stage);
        var receiver = stage.Unlisted();
        var sent = stage.SoonByDay(6).Select(time => Send(stage, instance, time, receiver, 500)).ToList();
        stage.Found(instance.Id, null, sent, "3 GB to one host within minutes, from an instance that only sends metrics");
    }

    private static void Backups(Stage stage)
    {
        var instance = Known(stage);
        foreach (var (i, time) in stage.Before(Past).Index()) Send(stage, instance, time, Internet.Site(86_000 + i), 800);
        foreach (var time in stage.SoonByDay(4)) Send(stage, instance, time, Internet.Site(87_000), 1_000);
        stage.Quiet(instance.Id, null, "nightly backups to changing addresses, and one of five times the size");
    }

    private static void OverManyHosts(Stage stage)
    {
        var instance = Known(stage);
        foreach (var (i, time) in stage.SoonByDay(10).Index()) Send(stage, instance, time, Internet.Site(88_000 + i), 300);
        stage.Blind(instance.Id, null, "3 GB over ten hosts");
    }
}
