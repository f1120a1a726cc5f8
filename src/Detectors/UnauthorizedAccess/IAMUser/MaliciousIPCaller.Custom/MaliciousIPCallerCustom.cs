using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.UnauthorizedAccess.IAMUser;

/// <summary>A management API that changes something, called from an address on the organisation's own threat list.</summary>
public static class MaliciousIPCallerCustom
{
    public static ListedCallerType Type { get; } =
        new(new("UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom"), ThreatCategory.Custom, CallKinds.ManagementChange, Severity.Medium);
}
