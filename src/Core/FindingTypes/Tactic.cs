namespace Yagura.Core.FindingTypes;

/// <summary>What a step of an attack is for: the tactics of ATT&amp;CK (<see cref="FindingTypeCatalog.AttackRelease"/>), in the matrix's order.</summary>
public enum Tactic
{
    Reconnaissance, InitialAccess, Execution, Persistence, PrivilegeEscalation, DefenseEvasion, CredentialAccess, Discovery, LateralMovement, Collection,
    CommandAndControl, Exfiltration, Impact,
}

public static class Tactics
{
    /// <summary>As ATT&amp;CK writes it, such as <c>Command and Control</c>.</summary>
    public static string Name(this Tactic tactic) => tactic switch
    {
        Tactic.InitialAccess => "Initial Access",
        Tactic.PrivilegeEscalation => "Privilege Escalation",
        Tactic.DefenseEvasion => "Defense Evasion",
        Tactic.CredentialAccess => "Credential Access",
        Tactic.LateralMovement => "Lateral Movement",
        Tactic.CommandAndControl => "Command and Control",
        _ => tactic.ToString(),
    };

    /// <summary>How far into an attack the tactic belongs: 0 getting in and looking round, 1 staying and spreading, 2 what it was all for.</summary>
    public static int Phase(this Tactic tactic) => tactic switch
    {
        Tactic.Reconnaissance or Tactic.InitialAccess or Tactic.Discovery => 0,
        Tactic.Collection or Tactic.Exfiltration or Tactic.Impact => 2,
        _ => 1,
    };

    /// <summary>The tactic that findings of a type tell of; null where they tell of none: notices about a policy, sequences themselves, types that nobody here knows.</summary>
    /// <remarks>GuardDuty's purposes are older than its use of ATT&amp;CK: several stand for more than one tactic, which the family tells.</remarks>
    public static Tactic? Of(FindingType type)
    {
        var family = type.Name[(type.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        bool Is(string word) => family.Contains(word, StringComparison.Ordinal);
        return type.ThreatPurpose switch
        {
            "Backdoor" => Is("DenialOfService") || Is("Spambot") ? Tactic.Impact : Tactic.CommandAndControl,
            "Behavior" => Is("TrafficVolume") ? Tactic.Exfiltration : Tactic.CommandAndControl,
            "CryptoCurrency" => Tactic.Impact,
            "Impact" => Is("Bitcoin") ? Tactic.Impact : Is("DomainRequest") ? Tactic.CommandAndControl : Is("BruteForce") ? Tactic.LateralMovement : Is("PortSweep") ? Tactic.Discovery : Tactic.Impact,
            "PenTest" => Tactic.InitialAccess,
            "Recon" => Is("PortProbe") ? Tactic.Reconnaissance : Tactic.Discovery,
            "Stealth" => Tactic.DefenseEvasion,
            "Trojan" => Is("DropPoint") || Is("Exfiltration") ? Tactic.Exfiltration : Is("DriveBy") || Is("Phishing") ? Tactic.InitialAccess : Tactic.CommandAndControl,
            "UnauthorizedAccess" => Is("CredentialExfiltration") || Is("MetadataDNSRebind") || Is("BruteForce") ? Tactic.CredentialAccess
                : type.AffectedResource == "EC2" ? Tactic.CommandAndControl
                : Tactic.InitialAccess,
            "DefenseImpairment" => Tactic.DefenseEvasion,
            "Yagura" => Is("Beacon") ? Tactic.CommandAndControl : null,
            var purpose => Enum.TryParse<Tactic>(purpose, out var tactic) && char.IsAsciiLetter(purpose[0]) ? tactic : null,
        };
    }
}
