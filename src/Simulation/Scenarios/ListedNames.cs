using Yagura.Simulation.World;
using static Yagura.Simulation.Scenarios.ThreatLists;

namespace Yagura.Simulation.Scenarios;

/// <summary>Instances that ask for listed names, and names that lead to the metadata service.</summary>
internal static class ListedNames
{
    private const string Metadata = "169.254.169.254";

    // Type; the list; the twin; the evasive variant.
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        Row("Backdoor:EC2/C&CActivity.B!DNS", Kind.CommandAndControl, EndsAlike, DeepAndMixedCase),
        Row("CryptoCurrency:EC2/BitcoinTool.B!DNS", Kind.Mining, HasItAsLabel, OverHttps),
        Row("Impact:EC2/AbusedDomainRequest.Reputation", Kind.DynamicDns, EndsAlike, DeepAndMixedCase),
        Row("Impact:EC2/BitcoinDomainRequest.Reputation", Kind.MiningReputation, HasItAsLabel, DeepAndMixedCase),
        Row("Impact:EC2/MaliciousDomainRequest.Reputation", Kind.MaliciousReputation, EndsAlike, BlockedByFirewall),
        Row("Impact:EC2/MaliciousDomainRequest.Custom", Kind.Custom, HasItAsLabel, BlockedByFirewall),
        Row("Impact:EC2/SuspiciousDomainRequest.Reputation", Kind.Suspicious, EndsAlike, FreshName),
        Row("Trojan:EC2/BlackholeTraffic!DNS", Kind.Sinkhole, HasItAsLabel, AnswerGivesItAway),
        Row("Trojan:EC2/DriveBySourceTraffic!DNS", Kind.DriveBy, EndsAlike, FreshName),
        Row("Trojan:EC2/DropPoint!DNS", Kind.DropPoint, HasItAsLabel, DeepAndMixedCase),
        Row("Trojan:EC2/PhishingDomainRequest!DNS", Kind.Phishing, EndsAlike, OverHttps),
        new("UnauthorizedAccess:EC2/MetadataDNSRebind", LogKind.Route53Resolver, Rebind, AwsOwnName, RebindOverIpv6),
    ];

    private static Scenario Row(string type, Kind list, Action<Stage, string> twin, Action<Stage, string> evasive) => new(
        type, LogKind.Route53Resolver, stage => Attack(stage, Zone(list)), stage => twin(stage, Zone(list)), stage => evasive(stage, Zone(list)));

    private static void Attack(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(4).Index()) stage.Do(new DnsAct(stage.Account, instance, time, i % 2 == 0 ? zone : $"gate.{zone}"));
        stage.Found(instance.Id, null, "asks for the listed name and for one below it");
    }

    private static void EndsAlike(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(4)) stage.Do(new DnsAct(stage.Account, instance, time, "not" + zone));
        stage.Quiet(instance.Id, null, "the name merely ends in the same letters");
    }

    private static void HasItAsLabel(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(4)) stage.Do(new DnsAct(stage.Account, instance, time, $"{zone}.blocklist-lookup.example") { Answer = null });
        stage.Quiet(instance.Id, null, "a mail filter looks the listed name up below a block list's own zone");
    }

    private static void DeepAndMixedCase(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Slowly(3).Index())
            stage.Do(new DnsAct(stage.Account, instance, time, $"x{i}.{(uint)stage.Below(int.MaxValue):x8}.edge.{char.ToUpperInvariant(zone[0])}{zone[1..^1]}{char.ToUpperInvariant(zone[^1])}") { Answer = null, Type = "TXT" });
        stage.Found(instance.Id, null, "deep below the listed name, in mixed case, as TXT, without an answer, hours apart");
    }

    private static void BlockedByFirewall(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Slowly(2)) stage.Do(new DnsAct(stage.Account, instance, time, zone) { Blocked = true });
        stage.Found(instance.Id, null, "DNS Firewall answers in its place; that the instance asks is enough");
    }

    private static void OverHttps(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Slowly(4)) stage.Do(new DnsAct(stage.Account, instance, time, "dns.resolver-over-https.example"));
        stage.Blind(instance.Id, null, "asks a public resolver over HTTPS: the name itself is in no log");
    }

    private static void FreshName(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Slowly(3)) stage.Do(new DnsAct(stage.Account, instance, time, $"{(uint)stage.Below(int.MaxValue):x8}.registered-today.example"));
        stage.Blind(instance.Id, null, "a name registered today is on no list");
    }

    private static void AnswerGivesItAway(Stage stage, string zone)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Slowly(2))
            stage.Do(new DnsAct(stage.Account, instance, time, "updates.unknown-family.example") { Answer = Internet.Text(stage.Listed(Kind.Sinkhole)) });
        stage.Found(instance.Id, null, "the name is on no list; its answer is a sinkhole's address");
    }

    private static void Rebind(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(3)) stage.Do(new DnsAct(stage.Account, instance, time, "images.rebinding-host.example") { Answer = Metadata });
        stage.Found(instance.Id, null, "a public name is answered with the metadata service's address");
    }

    private static void AwsOwnName(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(3)) stage.Do(new DnsAct(stage.Account, instance, time, "instance-data.ec2.internal") { Answer = Metadata });
        stage.Quiet(instance.Id, null, "AWS's own name for the metadata service");
    }

    private static void RebindOverIpv6(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Slowly(2)) stage.Do(new DnsAct(stage.Account, instance, time, "api.rebinding-host.example") { Type = "AAAA", Answer = "fd00:ec2::254" });
        stage.Found(instance.Id, null, "the same over IPv6");
    }
}
