using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance asks for a name of taken-down malware, known by its name or by the sinkhole address it is answered with.</summary>
public static class BlackholeTrafficDns
{
    public static ListedDomainType Type { get; } =
        new(new("Trojan:EC2/BlackholeTraffic!DNS"), ThreatCategory.Sinkhole, Severity.Medium) { AnswerCategories = ThreatCategory.Sinkhole };
}
