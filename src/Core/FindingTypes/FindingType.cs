namespace Yagura.Core.FindingTypes;

/// <summary>The name of a finding type in GuardDuty's grammar: <c>ThreatPurpose:Resource/Family.Mechanism!Artifact</c>, the last two optional.</summary>
/// <remarks>Example: <c>Backdoor:EC2/C&amp;CActivity.B!DNS</c>.</remarks>
public readonly record struct FindingType(string Name)
{
    /// <summary>The part before the colon, such as <c>Backdoor</c>.</summary>
    public string ThreatPurpose => Name[..Name.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>The affected resource, such as <c>EC2</c>, <c>IAMUser</c> or <c>S3</c>.</summary>
    public string AffectedResource => Name[(Name.IndexOf(':', StringComparison.Ordinal) + 1)..Name.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>True where the text has the three parts that every name has.</summary>
    public static bool IsWellFormed(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return colon > 0 && slash > colon + 1 && slash < name.Length - 1;
    }

    public override string ToString() => Name;
}
