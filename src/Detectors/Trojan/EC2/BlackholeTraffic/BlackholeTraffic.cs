using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance talks to an address that swallows the traffic of taken-down malware.</summary>
public static class BlackholeTraffic
{
    public static ListedPeerType Type { get; } =
        new(new("Trojan:EC2/BlackholeTraffic"), ThreatCategory.Sinkhole, Inbound: false, Severity.Medium);
}
