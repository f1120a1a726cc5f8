using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance asks for a name that is known to command infected machines.</summary>
public static class CAndCActivityBDns
{
    public static ListedDomainType Type { get; } =
        new(new("Backdoor:EC2/C&CActivity.B!DNS"), ThreatCategory.CommandAndControl, Severity.High);
}
