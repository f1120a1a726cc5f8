using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Impact.EC2;

/// <summary>An instance asks for a name of low reputation that is tied to cryptocurrency.</summary>
public static class BitcoinDomainRequestReputation
{
    public static ListedDomainType Type { get; } =
        new(new("Impact:EC2/BitcoinDomainRequest.Reputation"), ThreatCategory.MiningReputation, Severity.High);
}
