using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Impact.EC2;

/// <summary>An instance asks for a name in a zone where anyone gets names for nothing, such as dynamic DNS.</summary>
public static class AbusedDomainRequestReputation
{
    public static ListedDomainType Type { get; } =
        new(new("Impact:EC2/AbusedDomainRequest.Reputation"), ThreatCategory.DynamicDns, Severity.Medium);
}
