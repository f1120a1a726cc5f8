using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.UnauthorizedAccess.IAMUser;

/// <summary>A management API that changes something, called from a Tor exit.</summary>
public static class TorIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("UnauthorizedAccess:IAMUser/TorIPCaller"), ThreatCategory.TorExit, CallKinds.ManagementChange, Severity.Medium);
}
