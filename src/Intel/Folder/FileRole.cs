namespace Yagura.Intel;

/// <summary>What kind of knowledge a file holds.</summary>
public enum FileKind
{
    ThreatList,
    AwsRanges,
    PublicSuffixes,
    Location,
}

/// <summary>What a file of the intelligence folder is for.</summary>
/// <param name="Category">Of a <see cref="FileKind.ThreatList"/>; else none.</param>
public readonly record struct FileRole(FileKind Kind, ThreatCategory Category)
{
    private static readonly (string Word, FileRole Role)[] Words =
    [
        ("malicious", List(ThreatCategory.Malicious)), ("custom", List(ThreatCategory.Custom)), ("c2", List(ThreatCategory.CommandAndControl)),
        ("mining", List(ThreatCategory.Mining)), ("tor-exit", List(ThreatCategory.TorExit)), ("tor-relay", List(ThreatCategory.TorRelay)),
        ("scanner", List(ThreatCategory.Scanner)), ("drop-point", List(ThreatCategory.DropPoint)), ("phishing", List(ThreatCategory.Phishing)),
        ("dynamic-dns", List(ThreatCategory.DynamicDns)), ("dga", List(ThreatCategory.Dga)), ("sinkhole", List(ThreatCategory.Sinkhole)),
        ("drive-by", List(ThreatCategory.DriveBy)), ("suspicious", List(ThreatCategory.Suspicious)),
        ("malicious-reputation", List(ThreatCategory.MaliciousReputation)), ("mining-reputation", List(ThreatCategory.MiningReputation)),
        ("leaked-keys", List(ThreatCategory.LeakedKey)), ("trusted", List(ThreatCategory.Trusted)),
        ("aws-ranges", new(FileKind.AwsRanges, ThreatCategory.None)), ("public-suffixes", new(FileKind.PublicSuffixes, ThreatCategory.None)),
        ("location", new(FileKind.Location, ThreatCategory.None)),
    ];

    /// <summary>How file names begin; the first that fits counts, so the longer ones come before those they begin with.</summary>
    private static readonly (string Prefix, FileRole Role)[] Prefixes =
    [
        ("mining-reputation", List(ThreatCategory.MiningReputation)), ("malicious-reputation", List(ThreatCategory.MaliciousReputation)),
        ("c2", List(ThreatCategory.CommandAndControl)), ("command-and-control", List(ThreatCategory.CommandAndControl)),
        ("dns-tunnel", List(ThreatCategory.CommandAndControl)), ("mining", List(ThreatCategory.Mining)), ("crypto", List(ThreatCategory.Mining)),
        ("tor-exit", List(ThreatCategory.TorExit)), ("tor-relay", List(ThreatCategory.TorRelay)), ("tor-guard", List(ThreatCategory.TorRelay)),
        ("scanner", List(ThreatCategory.Scanner)), ("drop-point", List(ThreatCategory.DropPoint)), ("droppoint", List(ThreatCategory.DropPoint)),
        ("phishing", List(ThreatCategory.Phishing)), ("dynamic-dns", List(ThreatCategory.DynamicDns)), ("dga", List(ThreatCategory.Dga)),
        ("sinkhole", List(ThreatCategory.Sinkhole)), ("blackhole", List(ThreatCategory.Sinkhole)), ("drive-by", List(ThreatCategory.DriveBy)),
        ("suspicious", List(ThreatCategory.Suspicious)), ("malicious", List(ThreatCategory.Malicious)), ("ipsum", List(ThreatCategory.Malicious)),
        ("leaked-keys", List(ThreatCategory.LeakedKey)), ("trusted", List(ThreatCategory.Trusted)), ("allow", List(ThreatCategory.Trusted)),
        ("benign", List(ThreatCategory.Trusted)), ("public_suffix_list", new(FileKind.PublicSuffixes, ThreatCategory.None)),
        ("ip-ranges.json", new(FileKind.AwsRanges, ThreatCategory.None)),
    ];

    /// <summary>The word that stands for it in <c>intel.yaml</c> and in a feed table.</summary>
    public string Word
    {
        get
        {
            foreach (var (word, role) in Words)
            {
                if (role == this) return word;
            }
            throw new InvalidOperationException("a role without a word");
        }
    }

    /// <summary>Every word, as <see cref="TryParse"/> takes them.</summary>
    public static IEnumerable<string> AllWords => Words.Select(w => w.Word);

    public static bool TryParse(string word, out FileRole role)
    {
        foreach (var known in Words)
        {
            role = known.Role;
            if (known.Word.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        }
        role = default;
        return false;
    }

    /// <summary>The role that a file name tells; what says nothing is a list of the organisation's own.</summary>
    /// <param name="name">Without folder; a final <c>.gz</c> is ignored.</param>
    public static FileRole OfFileName(string name)
    {
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        foreach (var (prefix, role) in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return role;
        }
        var table = name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);
        var location = name.EndsWith(".mmdb", StringComparison.OrdinalIgnoreCase)
            || (table && (name.Contains("country", StringComparison.OrdinalIgnoreCase) || name.Contains("asn", StringComparison.OrdinalIgnoreCase)));
        return location ? new(FileKind.Location, ThreatCategory.None) : List(ThreatCategory.Custom);
    }

    private static FileRole List(ThreatCategory category) => new(FileKind.ThreatList, category);
}
