using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>The lists that the attacks of a corpus use, written to its <c>intel</c> folder. All addresses are documentation ones.</summary>
internal static class ThreatLists
{
    public enum Kind
    {
        CommandAndControl, Mining, DropPoint, Sinkhole, TorExit, TorRelay, Malicious, Custom,
        /// <summary>On the malicious list and on the trusted one, which wins.</summary>
        Trusted,
        DynamicDns, MiningReputation, MaliciousReputation, Suspicious, DriveBy, Phishing, Dga,
    }

    private static readonly (Kind Kind, string File, uint First, int Bits)[] Blocks =
    [
        (Kind.CommandAndControl, "c2-addresses.txt", 0xC6336400, 27),
        (Kind.Mining, "mining-addresses.txt", 0xC6336420, 27),
        (Kind.DropPoint, "drop-point-addresses.txt", 0xC6336440, 27),
        (Kind.Sinkhole, "sinkhole-addresses.txt", 0xC6336460, 27),
        (Kind.TorExit, "tor-exit.txt", 0xC6336480, 26),
        (Kind.TorRelay, "tor-relay.txt", 0xC63364C0, 26),
        (Kind.Malicious, "malicious-addresses.txt", 0xCB007100, 25),
        (Kind.Custom, "company-watchlist-addresses.txt", 0xCB007180, 25),
        (Kind.Trusted, "trusted.txt", 0xC0000200, 28),
    ];

    private static readonly (Kind Kind, string File, string[] Zones)[] Zones =
    [
        (Kind.CommandAndControl, "c2-names.txt", ["c2.example", "panel.beacon-host.example"]),
        (Kind.Mining, "mining-names.txt", ["coinpool.example"]),
        (Kind.DynamicDns, "dynamic-dns.txt", ["dynhost.example"]),
        (Kind.MiningReputation, "mining-reputation.txt", ["coin-faucet.example"]),
        (Kind.MaliciousReputation, "malicious-reputation.txt", ["bulletproof-host.example"]),
        (Kind.Custom, "company-watchlist-names.txt", ["forbidden-here.example"]),
        (Kind.Suspicious, "suspicious.txt", ["odd-lookalike.example"]),
        (Kind.Sinkhole, "sinkhole-names.txt", ["seized-domain.example"]),
        (Kind.DriveBy, "drive-by.txt", ["exploit-kit.example"]),
        (Kind.DropPoint, "drop-point-names.txt", ["drop-zone.example"]),
        (Kind.Phishing, "phishing.txt", ["account-verify.example"]),
        (Kind.Dga, "dga-names.txt", ["xkqvbzjwptrm.example"]),
    ];

    public const string LeakedKeyFile = "leaked-keys.txt";

    /// <summary>One of a list's addresses.</summary>
    public static uint Address(Kind kind, int number)
    {
        var block = Blocks.Single(b => b.Kind == kind);
        return block.First + (uint)(number % (1 << 32 - block.Bits));
    }

    /// <summary>The first name of a list.</summary>
    public static string Zone(Kind kind) => Zones.Single(z => z.Kind == kind).Zones[0];

    /// <summary>File names and contents.</summary>
    public static IEnumerable<(string File, string Content)> Files(Organization organization, IEnumerable<string> leakedKeys)
    {
        const string head = "# Made for a simulated corpus: every entry is reserved for examples.\n";
        foreach (var block in Blocks)
        {
            // Half as a network and half one by one, as lists do; the trusted addresses are on the malicious list too.
            var half = 1u << 31 - block.Bits;
            var lines = new List<string> { $"{Internet.Text(block.First)}/{block.Bits + 1}" };
            for (var i = half; i < 2 * half; i++) lines.Add(Internet.Text(block.First + i));
            if (block.Kind == Kind.Malicious) lines.Add($"{Internet.Text(Blocks.Single(b => b.Kind == Kind.Trusted).First)}/28");
            yield return (block.File, head + string.Join('\n', lines) + "\n");
        }
        foreach (var zone in Zones) yield return (zone.File, head + string.Join('\n', zone.Zones) + "\n");
        yield return (LeakedKeyFile, string.Concat(leakedKeys.Append("AKIAIOSFODNN7EXAMPLE").Select(k => k + "\n")));
        if (organization.Profile.ThreatListEntries > 0) yield return ("malicious-large.txt", Large(organization));
    }

    /// <summary>A list of the size of real ones: most entries single addresses, some networks. Nobody in the corpus talks to them.</summary>
    private static string Large(Organization organization)
    {
        var random = SplitMix64.At(organization.Seed, 0, 0, 0, Purpose.Intel);
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < organization.Profile.ThreatListEntries; i++)
        {
            var address = Internet.Shunned(ref random);
            _ = random.Below(10) switch
            {
                0 => text.Append(Internet.Text(address & ~0xFFu)).Append("/24\n"),
                1 => text.Append(Internet.Text(address & ~0xFu)).Append("/28\n"),
                _ => text.Append(Internet.Text(address)).Append('\n'),
            };
        }
        return text.ToString();
    }
}
