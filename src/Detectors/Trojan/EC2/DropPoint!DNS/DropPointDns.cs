using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance asks for a name where malware leaves what it stole.</summary>
public static class DropPointDns
{
    public static ListedDomainType Type { get; } =
        new(new("Trojan:EC2/DropPoint!DNS"), ThreatCategory.DropPoint, Severity.Medium);
}
