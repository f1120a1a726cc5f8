using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance asks for a name of a phishing site.</summary>
public static class PhishingDomainRequestDns
{
    public static ListedDomainType Type { get; } =
        new(new("Trojan:EC2/PhishingDomainRequest!DNS"), ThreatCategory.Phishing, Severity.High);
}
