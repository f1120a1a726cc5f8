namespace Yagura.Core.Ports;

/// <summary>Remembers which rule hid which finding, and when; as long as the finding is there.</summary>
/// <remarks>What it remembers is written with the findings. Every method may throw <see cref="StorageException"/>.</remarks>
public interface ISuppressionHits
{
    /// <summary>A tally of every rule that is remembered, also of rules that are gone.</summary>
    Task<IReadOnlyList<SuppressionTally>> Tallies(CancellationToken cancel = default);

    /// <summary>The findings that a rule hid, or would have hidden, those that it met last first.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="most">1 to 1,000.</param>
    Task<IReadOnlyList<HiddenFinding>> List(SuppressionKey rule, HiddenFinding? after, int most, CancellationToken cancel = default);

    /// <summary>What is common to the findings that a rule met.</summary>
    Task<HiddenPattern> Pattern(SuppressionKey rule, CancellationToken cancel = default);
}

/// <summary>What a rule did. Occurrences are those of the findings' <c>count</c>.</summary>
/// <param name="Findings">Findings that it hid.</param>
/// <param name="Occurrences">How often they occurred while it hid them.</param>
/// <param name="ShadowFindings">Findings that it would have hidden, had it not been in shadow mode.</param>
public sealed record SuppressionTally(
    SuppressionKey Rule, long Findings, long Occurrences, long ShadowFindings, long ShadowOccurrences, DateTimeOffset First, DateTimeOffset Last);

/// <param name="First">When the rule met it first.</param>
/// <param name="Occurrences">How often it occurred while the rule hid it.</param>
/// <param name="ShadowOccurrences">How often it occurred while the rule would have hidden it.</param>
public sealed record HiddenFinding(
    string FindingId, string Type, double Severity, DateTimeOffset First, DateTimeOffset Last, long Occurrences, long ShadowOccurrences);

/// <param name="Days">In their order, those without any left out.</param>
public sealed record HiddenPattern(IReadOnlyList<HiddenTrait> Traits, IReadOnlyList<(DateOnly Day, long Occurrences)> Days)
{
    /// <summary>Most values that are remembered of a kind.</summary>
    public const int MostValues = 1_000;
}

/// <summary>Something that findings which a rule met have in common.</summary>
public sealed record HiddenTrait(HiddenTraitKind Kind, string Value, DateTimeOffset First, DateTimeOffset Last, long Occurrences);

public enum HiddenTraitKind
{
    /// <summary>Who did it: a user, an instance, the other end of a connection.</summary>
    Actor,
    /// <summary>The finding type.</summary>
    Type,
    /// <summary>The level, such as <c>High</c>.</summary>
    Severity,
}
