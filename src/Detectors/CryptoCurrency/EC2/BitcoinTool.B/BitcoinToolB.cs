using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.CryptoCurrency.EC2;

/// <summary>An instance talks to an address of a mining pool or another cryptocurrency service.</summary>
public static class BitcoinToolB
{
    public static ListedPeerType Type { get; } =
        new(new("CryptoCurrency:EC2/BitcoinTool.B"), ThreatCategory.Mining, Inbound: false, Severity.High);
}
