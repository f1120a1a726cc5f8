using static Yagura.Simulation.Scenarios.ThreatLists;

namespace Yagura.Simulation.Scenarios;

/// <summary>Instances that ask for names which a program made: to find its operator, or to carry data.</summary>
internal static class MadeNames
{
    private const string Consonants = "bcdfghjklmnpqrstvwxz", Base32 = "abcdefghijklmnopqrstuvwxyz234567", Hex = "0123456789abcdef";

    private static readonly string[] Words = ["blue", "river", "stone", "garden", "market", "silver", "winter", "bridge", "coffee", "window", "paper", "forest"];

    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("Trojan:EC2/DGADomainRequest.B", LogKind.Route53Resolver, AsksInVain, MistypesAndFollowsDeadLinks, PutsWordsTogether),
        new("Trojan:EC2/DGADomainRequest.C!DNS", LogKind.Route53Resolver, AsksForListed, EndsAlike, ListedAsText),
        new("Trojan:EC2/DNSDataExfiltration", LogKind.Route53Resolver, CarriesAFile, FetchesFromAContentNetwork, CarriesSlowly),
    ];

    private static void AsksInVain(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(50)) stage.Do(new DnsAct(stage.Account, instance, time, $"{Text(stage, Consonants, 14 + stage.Below(6))}.example") { Answer = null });
        stage.Found(instance.Id, null, "fifty computed names, none of which exists");
    }

    private static void MistypesAndFollowsDeadLinks(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var (i, time) in stage.Soon(60).Index())
            stage.Do(new DnsAct(stage.Account, instance, time, $"www.{Words[i % Words.Length]}{Words[(i / Words.Length + i + 1) % Words.Length]}.example") { Answer = null });
        stage.Quiet(instance.Id, null, "sixty names that do not exist, all of them chosen by people");
    }

    private static void PutsWordsTogether(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(50))
            stage.Do(new DnsAct(stage.Account, instance, time, $"{Words[stage.Below(Words.Length)]}{Words[stage.Below(Words.Length)]}{Words[stage.Below(Words.Length)]}.example") { Answer = null });
        stage.Blind(instance.Id, null, "the computed names are put together from words");
    }

    private static void AsksForListed(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(4)) stage.Do(new DnsAct(stage.Account, instance, time, Zone(Kind.Dga)));
        stage.Found(instance.Id, null, "asks for the listed name");
    }

    private static void EndsAlike(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(4)) stage.Do(new DnsAct(stage.Account, instance, time, "not" + Zone(Kind.Dga)));
        stage.Quiet(instance.Id, null, "the name merely ends in the same letters");
    }

    private static void ListedAsText(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Slowly(3)) stage.Do(new DnsAct(stage.Account, instance, time, Zone(Kind.Dga).ToUpperInvariant()) { Answer = null, Type = "TXT" });
        stage.Found(instance.Id, null, "in capitals, as TXT, without an answer, hours apart");
    }

    private static void CarriesAFile(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Soon(120))
            stage.Do(new DnsAct(stage.Account, instance, time, $"{Text(stage, Base32, 57)}.{Text(stage, Base32, 57)}.t.example") { Type = "TXT", Answer = null });
        stage.Found(instance.Id, null, "a file in pieces, two labels of base32 each");
    }

    private static void FetchesFromAContentNetwork(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        var edges = Enumerable.Range(0, 60).Select(_ => $"d{Text(stage, Hex, 14)}.edge-cache.example").ToArray();
        foreach (var time in stage.Soon(200)) stage.Do(new DnsAct(stage.Account, instance, time, edges[stage.Below(edges.Length)]));
        stage.Quiet(instance.Id, null, "sixty names of a content network, each of them again and again");
    }

    private static void CarriesSlowly(Stage stage)
    {
        var instance = stage.Machine().Instance!;
        foreach (var time in stage.Slowly(40)) stage.Do(new DnsAct(stage.Account, instance, time, $"{Text(stage, Hex, 16)}.u.example"));
        stage.Blind(instance.Id, null, "eight bytes in half an hour: too little in twelve hours");
    }

    private static string Text(Stage stage, string alphabet, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[stage.Below(alphabet.Length)]));
}
