using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Detectors;

/// <summary>What a detector says about one occurrence; the engine merges occurrences of one subject into a finding.</summary>
/// <param name="Principal">The acting identity, part of the finding's identity for API types; null for network and DNS types.</param>
/// <param name="Subject">The resource, part of the finding's identity: bucket, instance, interface or access key owner.</param>
/// <param name="Why">One line in plain words: what in the record decided.</param>
public sealed record Detection(
    FindingType Type, string AccountId, string Region, string Subject, string? Principal, Severity Severity,
    Resource Resource, FindingAction Action, ResourceRole Role, string Why)
{
    public IReadOnlyList<ThreatIntelligenceDetail> ThreatIntelligence { get; init; } = [];

    /// <summary>Members of GuardDuty's additionalInfo, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> AdditionalInfo { get; init; } = [];

    /// <summary>Values for the placeholders of the type's title and description in the catalogue.</summary>
    public required string SubjectName { get; init; }
}
