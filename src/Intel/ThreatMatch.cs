namespace Yagura.Intel;

/// <summary>What is known of one address or name. The default value means nothing is.</summary>
/// <param name="Categories">Union over the lists; <see cref="ThreatCategory.None"/> when a trusted list holds the entry too.</param>
/// <param name="Lists">The lists that hold it, in the order of their names.</param>
public readonly record struct ThreatMatch(ThreatCategory Categories, IReadOnlyList<ThreatList> Lists)
{
    public IReadOnlyList<ThreatList> Lists { get => field ?? []; init; } = Lists;

    public bool Has(ThreatCategory any) => (Categories & any) != ThreatCategory.None;

    public bool IsNothing => Categories == ThreatCategory.None;
}

/// <summary>One loaded list.</summary>
/// <param name="ThreatName">What GuardDuty's <c>threatNames</c> shows for an entry; null where the list names no threat.</param>
/// <param name="Other">Access keys.</param>
/// <param name="Sha256">Of the list's bytes as loaded, lower-case hex.</param>
public sealed record ThreatList(string Name, ThreatCategory Category, string? ThreatName, int Addresses, int Domains, int Other, string Sha256);
