using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance asks for a name that serves malware to whoever visits it.</summary>
public static class DriveBySourceTrafficDns
{
    public static ListedDomainType Type { get; } =
        new(new("Trojan:EC2/DriveBySourceTraffic!DNS"), ThreatCategory.DriveBy, Severity.High);
}
