using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Impact.EC2;

/// <summary>An instance asks for a name on the organisation's own threat list.</summary>
public static class MaliciousDomainRequestCustom
{
    public static ListedDomainType Type { get; } =
        new(new("Impact:EC2/MaliciousDomainRequest.Custom"), ThreatCategory.Custom, Severity.Medium);
}
