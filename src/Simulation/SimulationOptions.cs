using Yagura.Simulation.Scenarios;

namespace Yagura.Simulation;

/// <summary>What to simulate. Equal options give equal bytes.</summary>
public sealed record SimulationOptions
{
    /// <summary>Finding types whose scenarios are planted: <c>all</c>, <c>none</c>, or names separated by commas.</summary>
    public string Scenario { get; init; } = "all";

    public ulong Seed { get; init; } = 1;

    /// <summary>A name of <see cref="Simulation.Profile.All"/>.</summary>
    public string Profile { get; init; } = "small";

    /// <summary>Size of all log objects together, decompressed bytes, met within a tenth unless the planted records alone are more than half of it; null for the profile's own.</summary>
    public long? TargetBytes { get; init; }

    /// <summary>Threads that write, 1 to 64. The output does not depend on it.</summary>
    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 64);

    public const long SmallestTarget = 100_000;
    public const long LargestTarget = 1L << 40;

    /// <summary>Everything that is wrong with these options, a sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (Simulation.Profile.Find(Profile) is null)
            mistakes.Add($"there is no profile \"{Profile}\"; there are {string.Join(", ", Simulation.Profile.All.Select(p => p.Name))}");
        if (TargetBytes is < SmallestTarget or > LargestTarget) mistakes.Add($"the target is {SmallestTarget} to {LargestTarget} bytes, not {TargetBytes}");
        if (Threads is < 1 or > 64) mistakes.Add($"threads are 1 to 64, not {Threads}");
        mistakes.AddRange(ScenarioCatalog.Unknown(Scenario).Select(name => $"there is no scenario \"{name}\"; a scenario is all, none or the name of a finding type that yagura types shows as on"));
        return mistakes;
    }
}

/// <summary>How many accounts of what size write which logs.</summary>
public sealed record Profile
{
    public required string Name { get; init; }
    public required int Accounts { get; init; }
    public required int Regions { get; init; }
    /// <summary>Users and roles; three in ten are instances.</summary>
    public required int PrincipalsPerAccount { get; init; }
    public required long Bytes { get; init; }
    /// <summary>Size an object is about to have, decompressed bytes.</summary>
    public required int ObjectBytes { get; init; }
    /// <summary>Per cent of the bytes that each kind of log gets.</summary>
    public required IReadOnlyDictionary<LogKind, int> Shares { get; init; }
    /// <summary>Entries of an additional threat list that nobody talks to; 0 for none.</summary>
    public int ThreatListEntries { get; init; }
    public bool HasOrganizationTrail { get; init; }
    public bool CustomFlowFormats { get; init; } = true;

    private static readonly Dictionary<LogKind, int> Mixed = new()
    {
        [LogKind.CloudTrail] = 60, [LogKind.VpcFlow] = 20, [LogKind.Route53Resolver] = 15, [LogKind.S3Access] = 5,
    };

    public static IReadOnlyList<Profile> All { get; } =
    [
        new() { Name = "small", Accounts = 3, Regions = 2, PrincipalsPerAccount = 150, Bytes = 1_800_000, ObjectBytes = 12_000, Shares = Mixed },
        new()
        {
            Name = "organization", Accounts = 40, Regions = 3, PrincipalsPerAccount = 150, Bytes = 200_000_000, ObjectBytes = 250_000, Shares = Mixed,
            HasOrganizationTrail = true, ThreatListEntries = 20_000,
        },
        new()
        {
            Name = "bench-cloudtrail", Accounts = 16, Regions = 2, PrincipalsPerAccount = 400, Bytes = 1_000_000_000, ObjectBytes = 2_500_000,
            Shares = new Dictionary<LogKind, int> { [LogKind.CloudTrail] = 100 }, ThreatListEntries = 100_000,
        },
        new()
        {
            Name = "bench-flow", Accounts = 8, Regions = 1, PrincipalsPerAccount = 500, Bytes = 2_300_000_000, ObjectBytes = 8_000_000,
            Shares = new Dictionary<LogKind, int> { [LogKind.VpcFlow] = 100 }, ThreatListEntries = 100_000, CustomFlowFormats = false,
        },
    ];

    public static Profile? Find(string name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal));
}

/// <summary>What was written.</summary>
/// <param name="Files">Log objects, duplicates included; lists, inventory, expected lines and manifest are not counted.</param>
/// <param name="Bytes">Decompressed size of these objects.</param>
/// <param name="Records">Records in them, corrupt ones and those of duplicate objects included.</param>
/// <param name="Planted">Plans (attacks, twins, evasive variants) that were acted out.</param>
public sealed record SimulationResult(int Files, long Bytes, long Records, int Planted);
