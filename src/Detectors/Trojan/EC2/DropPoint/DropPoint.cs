using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance talks to an address where malware leaves what it stole.</summary>
public static class DropPoint
{
    public static ListedPeerType Type { get; } =
        new(new("Trojan:EC2/DropPoint"), ThreatCategory.DropPoint, Inbound: false, Severity.Medium);
}
