using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.UnauthorizedAccess.IAMUser;

/// <summary>A management API that changes something, called from an address on a threat list.</summary>
public static class MaliciousIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("UnauthorizedAccess:IAMUser/MaliciousIPCaller"), ListedCaller.MaliciousCaller, CallKinds.ManagementChange, Severity.Medium);
}
