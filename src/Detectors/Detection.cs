using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Detectors;

/// <summary>What a detector says about one occurrence; the engine merges occurrences of one subject into a finding.</summary>
/// <param name="Subject">The resource, part of the finding's identity: a bucket, an instance or interface, or the principal itself for key types.</param>
/// <param name="Principal">The acting identity, part of the finding's identity for API types; null for network and DNS types.</param>
/// <param name="Why">One line in plain words: what in the record decided.</param>
public sealed record Detection(
    FindingType Type, string AccountId, string Region, string Subject, string? Principal, Severity Severity,
    Resource Resource, FindingAction Action, ResourceRole Role, string Why)
{
    public IReadOnlyList<ThreatIntelligenceDetail> ThreatIntelligence { get; init; } = [];

    /// <summary>Members of GuardDuty's additionalInfo, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> AdditionalInfo { get; init; } = [];

    /// <summary>What else tells findings of one rule apart, beside account, region, type, subject and principal; null for most.</summary>
    public string? Distinct { get; init; }

    /// <summary>How it was judged against what was usual, or by an amount; null for what one record shows.</summary>
    public Anomaly? Anomaly { get; init; }

    /// <summary>The rule it comes from; null for detectors that are code.</summary>
    public Rules.RuleReference? Rule { get; init; }
}
