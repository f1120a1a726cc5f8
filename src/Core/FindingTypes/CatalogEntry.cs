using Yagura.Core.Findings;

namespace Yagura.Core.FindingTypes;

/// <summary>What is known of one finding type, whether or not this program can detect it.</summary>
/// <param name="Group">Where the GuardDuty guide lists the type: EC2, IAM, AI, S3, EKS, RDS, Lambda, Runtime, Malware, AttackSequence or
/// CustomDetectionRule; <see cref="FindingTypeCatalog.OwnGroup"/> for a type of ours, which the guide does not have.</param>
/// <param name="DataSources">The logs that can raise it, the main one first.</param>
/// <param name="Feature">The detector feature that must be on; null where the type belongs to none.</param>
/// <param name="Severities">The default level first, if there is one, then the levels that need a condition.</param>
/// <param name="ResourceTypes">Possible values of <c>resource.resourceType</c>.</param>
/// <param name="ActionType">The value of <c>service.action.actionType</c>; null where the finding has no action.</param>
/// <param name="ResourceRoles">Possible values of <c>service.resourceRole</c>; empty where the finding has none.</param>
/// <param name="Attack">Techniques of <see cref="FindingTypeCatalog.AttackRelease"/>, and of <see cref="FindingTypeCatalog.AtlasRelease"/>
/// where they start with <c>AML.</c>.</param>
/// <param name="Since">The year in which the type was first documented.</param>
/// <param name="CustomList">True where the type works on a list of the customer's own.</param>
/// <param name="Title">A template of one sentence, at most 90 characters.</param>
/// <param name="Description">A template of one or two sentences.</param>
public sealed record CatalogEntry(
    FindingType Type, string Group, IReadOnlyList<string> DataSources, string? Feature, IReadOnlyList<SeverityRule> Severities,
    DetectionMethod Method, IReadOnlyList<string> ResourceTypes, string? ActionType, IReadOnlyList<ResourceRole> ResourceRoles,
    IReadOnlyList<string> Attack, int Since, bool CustomList, string Title, string Description)
{
    /// <summary>True for a type of ours, which GuardDuty does not have.</summary>
    public bool IsOwn => Group == FindingTypeCatalog.OwnGroup;

    /// <summary>The level that needs no condition; null where every level needs one.</summary>
    public Severity? DefaultSeverity => Severities is [{ When: null } rule, ..] ? rule.Level : null;
}

/// <summary>One level of a type and the condition under which it holds.</summary>
/// <param name="Level">Null where the level follows what was found, such as the threat in a scanned file.</param>
/// <param name="When">A condition in words that follow "when"; null for the default level.</param>
public sealed record SeverityRule(Severity? Level, string? When);

/// <summary>How a type is decided.</summary>
public enum DetectionMethod
{
    /// <summary>An address, name, key or file is on a list.</summary>
    ThreatIntelligence,
    /// <summary>A condition on one or a few records.</summary>
    Rule,
    /// <summary>An amount or a pattern of traffic.</summary>
    Volume,
    /// <summary>A break with what was learnt to be normal.</summary>
    Anomaly,
    /// <summary>Several findings and signals in an order.</summary>
    Correlation,
}
