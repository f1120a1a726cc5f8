using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.UnauthorizedAccess.EC2;

/// <summary>An instance exchanges traffic, in whichever direction, with an address on the organisation's own threat list.</summary>
public static class MaliciousIPCallerCustom
{
    public static ListedPeerType Type { get; } =
        new(new("UnauthorizedAccess:EC2/MaliciousIPCaller.Custom"), ThreatCategory.Custom, Inbound: true, Severity.Medium);
}
