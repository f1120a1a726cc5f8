using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Impact.EC2;

/// <summary>An instance asks for a name of low reputation that is tied to known bad names or addresses.</summary>
public static class MaliciousDomainRequestReputation
{
    public static ListedDomainType Type { get; } =
        new(new("Impact:EC2/MaliciousDomainRequest.Reputation"), ThreatCategory.MaliciousReputation | ThreatCategory.Malicious, Severity.High);
}
