using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Impact.EC2;

/// <summary>An instance asks for a name that looks bad without being tied to a known threat.</summary>
public static class SuspiciousDomainRequestReputation
{
    public static ListedDomainType Type { get; } =
        new(new("Impact:EC2/SuspiciousDomainRequest.Reputation"), ThreatCategory.Suspicious, Severity.Low);
}
