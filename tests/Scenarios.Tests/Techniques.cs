using Yagura.Core.FindingTypes;
using Yagura.Matching.Sigma;

namespace Yagura.Scenarios.Tests;

/// <summary>The techniques that our rules name, with their tactics in release <see cref="FindingTypeCatalog.AttackRelease"/> of ATT&amp;CK for enterprises.</summary>
/// <remarks>Checked against the release's data. A rule with a technique that is not here needs a line, after a look at attack.mitre.org.</remarks>
internal static class Techniques
{
    private static readonly Dictionary<string, string[]> TacticsOf = new(StringComparer.Ordinal)
    {
        ["T1005"] = ["collection"], ["T1078.004"] = ["defense-evasion", "initial-access", "persistence", "privilege-escalation"],
        ["T1087.004"] = ["discovery"], ["T1098"] = ["persistence", "privilege-escalation"], ["T1098.001"] = ["persistence", "privilege-escalation"],
        ["T1098.003"] = ["persistence", "privilege-escalation"], ["T1098.006"] = ["persistence", "privilege-escalation"],
        ["T1110"] = ["credential-access"], ["T1133"] = ["initial-access", "persistence"], ["T1136.003"] = ["persistence"], ["T1190"] = ["initial-access"],
        ["T1484.002"] = ["defense-evasion", "privilege-escalation"], ["T1485"] = ["impact"], ["T1485.001"] = ["impact"], ["T1486"] = ["impact"],
        ["T1489"] = ["impact"], ["T1490"] = ["impact"], ["T1525"] = ["persistence"], ["T1526"] = ["discovery"], ["T1528"] = ["credential-access"],
        ["T1530"] = ["collection"], ["T1537"] = ["exfiltration"], ["T1543.005"] = ["persistence", "privilege-escalation"],
        ["T1552.001"] = ["credential-access"], ["T1552.007"] = ["credential-access"], ["T1555.006"] = ["credential-access"],
        ["T1556"] = ["credential-access", "defense-evasion", "persistence"], ["T1562"] = ["defense-evasion"], ["T1562.001"] = ["defense-evasion"],
        ["T1562.007"] = ["defense-evasion"], ["T1562.008"] = ["defense-evasion"], ["T1578.002"] = ["defense-evasion"], ["T1578.003"] = ["defense-evasion"],
        ["T1580"] = ["discovery"], ["T1609"] = ["execution"], ["T1610"] = ["defense-evasion", "execution"], ["T1611"] = ["privilege-escalation"],
        ["T1621"] = ["credential-access"], ["T1648"] = ["execution"], ["T1657"] = ["impact"],
    };

    /// <summary>The finding types whose condition is a rule.</summary>
    public static IReadOnlyList<string> TypesWithRules { get; } =
    [
        "DefenseEvasion:IAMUser/BedrockLoggingDisabled", "Policy:S3/AccountBlockPublicAccessDisabled",
        "Stealth:IAMUser/CloudTrailLoggingDisabled", "Stealth:S3/ServerAccessLoggingDisabled",
    ];

    /// <summary>What is wrong with the tags of a rule: each technique needs one of its tactics, and each tactic a technique.</summary>
    public static IEnumerable<string> Mistakes(RuleHeader rule)
    {
        var tactics = rule.Tags.Where(tag => tag.StartsWith("attack.", StringComparison.Ordinal)).Select(tag => tag["attack.".Length..]).Where(tag => !(tag[0] == 't' && char.IsAsciiDigit(tag[1]))).ToList();
        if (rule.Yagura.Attack != "v" + FindingTypeCatalog.AttackRelease) yield return $"{rule.Title}: of release {rule.Yagura.Attack}";
        if (rule.Techniques.Count == 0) yield return $"{rule.Title}: no technique";
        foreach (var technique in rule.Techniques)
        {
            if (!TacticsOf.TryGetValue(technique, out var its)) yield return $"{rule.Title}: {technique} is not known";
            else if (!its.Intersect(tactics, StringComparer.Ordinal).Any()) yield return $"{rule.Title}: {technique} belongs to {string.Join(", ", its)}";
        }
        foreach (var tactic in tactics.Where(tactic => !rule.Techniques.Any(technique => TacticsOf.GetValueOrDefault(technique, []).Contains(tactic, StringComparer.Ordinal))))
            yield return $"{rule.Title}: nothing that it names belongs to {tactic}";
    }
}
