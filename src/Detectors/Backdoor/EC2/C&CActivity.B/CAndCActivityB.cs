using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance talks to an address that is known to command infected machines.</summary>
public static class CAndCActivityB
{
    public static ListedPeerType Type { get; } =
        new(new("Backdoor:EC2/C&CActivity.B"), ThreatCategory.CommandAndControl, Inbound: false, Severity.High);
}
