using Yagura.Core.FindingTypes;

namespace Yagura.Core.Findings;

/// <summary>The name of a finding type in the taxonomy of the AWS Security Finding Format: <c>namespace/category/classifier</c>, the category optional.</summary>
/// <remarks>GuardDuty's own naming has many exceptions, and automation matches it exactly; a type that is not in its table is named as most others of its
/// purpose are. Where the table has two names (bitcoin in Lambda), this is the first. Source: GuardDuty user guide, "Integrating with AWS Security Hub CSPM".</remarks>
internal static class AsffTypes
{
    private const string Anomaly = "AnomalousBehavior";

    public static string Of(FindingType type)
    {
        var (purpose, resource) = (type.ThreatPurpose, type.AffectedResource);
        var name = type.Name[(purpose.Length + resource.Length + 2)..];
        return $"{Category(purpose, resource, name)}/{Classifier(purpose, resource, name)}";
    }

    private static string Category(string purpose, string resource, string name) => (purpose, resource, name) switch
    {
        (_, "Kubernetes", _) when name.StartsWith(Anomaly + ".", StringComparison.Ordinal) => "TTPs/AnomalousBehavior",
        ("Behavior", _, _) => "Unusual Behaviors/VM",
        ("Policy", "Kubernetes", _) => "Software and Configuration Checks/AWS Security Best Practices",
        ("PrivilegeEscalation", "Runtime", "SuspiciousCommand") => "Software and Configuration Checks",
        ("Yagura", "Health", _) => "Software and Configuration Checks",
        ("Policy", "S3", "BucketBlockPublicAccessDisabled") => "Effects/Data Exposure",

        ("AttackSequence" or "PenTest" or "Policy", _, _) => "TTPs",
        ("Discovery" or "Exfiltration" or "Impact" or "UnauthorizedAccess", "S3", _) => "TTPs",
        ("Impact", "EC2", _) when name.EndsWith(".Reputation", StringComparison.Ordinal) => "TTPs",
        ("UnauthorizedAccess", _, "MetadataDNSRebind") => "TTPs",
        ("UnauthorizedAccess", "IAMUser", "ConsoleLoginSuccess.B" or "MaliciousIPCaller" or "MaliciousIPCaller.Custom") => "TTPs",

        ("Trojan", _, "DriveBySourceTraffic!DNS") => "TTPs/Initial Access",
        ("Trojan", _, "DropPoint" or "DropPoint!DNS") => "Effects/Data Exfiltration",
        ("Backdoor" or "CryptoCurrency" or "Trojan", _, _) or ("Yagura", "EC2", "Beaconing") => "TTPs/Command and Control",
        ("UnauthorizedAccess", _, "MaliciousIPCaller.Custom" or "TorIPCaller") => "TTPs/Command and Control",
        ("UnauthorizedAccess", _, "TorClient" or "TorRelay") => "Effects/Resource Consumption",
        ("UnauthorizedAccess", "IAMUser", _) when name.Contains("CredentialExfiltration", StringComparison.Ordinal) => "Effects/Data Exfiltration",
        ("UnauthorizedAccess", _, _) => "TTPs/Initial Access",
        ("Recon", _, _) => "TTPs/Discovery",
        ("Stealth", _, _) => "TTPs/Defense Evasion",

        ("CredentialAccess" or "DefenseEvasion" or "PrivilegeEscalation", "Kubernetes", _) => $"TTPs/{purpose}",
        ("DefenseEvasion", "EC2", _) or ("DefenseEvasion", "Runtime", "PtraceAntiDebugging" or "SuspiciousCommand") => $"TTPs/{purpose}",
        _ => $"TTPs/{InWords(purpose)}",
    };

    private static string Classifier(string purpose, string resource, string name) => (purpose, resource, name) switch
    {
        (_, "Kubernetes", _) when name.StartsWith(Anomaly + ".", StringComparison.Ordinal) => $"{purpose}:{resource}-{name[(Anomaly.Length + 1)..]}",
        (_, "IAMUser", Anomaly) or ("Discovery", "RDS", _) => $"{resource}-{name}",
        ("AttackSequence", _, _) or ("PenTest", "IAMUser", _) => $"{purpose}:{resource}/{name}",
        ("DefenseEvasion", "EC2", "UnusualDNSResolver") => "EC2:Unusual-DNS-Resolver",
        ("DefenseEvasion", "EC2", "UnusualDoHActivity") => "EC2:Unusual-DoH-Activity",
        ("DefenseEvasion", "EC2", "UnusualDoTActivity") => "EC2:Unusual-DoT-Activity",
        _ => $"{purpose}:{resource}-{name}",
    };

    // "CredentialAccess" to "Credential Access".
    private static string InWords(string purpose) => string.Concat(purpose.Select((letter, at) => at > 0 && char.IsAsciiLetterUpper(letter) ? $" {letter}" : $"{letter}"));
}
