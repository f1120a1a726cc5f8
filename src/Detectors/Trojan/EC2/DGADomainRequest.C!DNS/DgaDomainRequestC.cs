using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance asks for a name that is known to be made by malware.</summary>
public static class DgaDomainRequestC
{
    public static ListedDomainType Type { get; } =
        new(new("Trojan:EC2/DGADomainRequest.C!DNS"), ThreatCategory.Dga, Severity.High);
}
