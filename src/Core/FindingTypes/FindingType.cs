namespace Yagura.Core.FindingTypes;

/// <summary>The name of a finding type in GuardDuty's grammar: <c>ThreatPurpose:Resource/Family.Mechanism!Artifact</c>, the last two optional.</summary>
/// <remarks>Example: <c>Backdoor:EC2/C&amp;CActivity.B!DNS</c>.</remarks>
public readonly record struct FindingType(string Name)
{
    /// <summary>The part before the colon, such as <c>Backdoor</c>.</summary>
    public string ThreatPurpose => Name[..Name.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>The affected resource, such as <c>EC2</c>, <c>IAMUser</c> or <c>S3</c>.</summary>
    public string AffectedResource => Name[(Name.IndexOf(':', StringComparison.Ordinal) + 1)..Name.IndexOf('/', StringComparison.Ordinal)];

    public override string ToString() => Name;
}
