using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.CryptoCurrency.EC2;

/// <summary>An instance asks for the name of a mining pool or another cryptocurrency service.</summary>
public static class BitcoinToolBDns
{
    public static ListedDomainType Type { get; } =
        new(new("CryptoCurrency:EC2/BitcoinTool.B!DNS"), ThreatCategory.Mining, Severity.High);
}
