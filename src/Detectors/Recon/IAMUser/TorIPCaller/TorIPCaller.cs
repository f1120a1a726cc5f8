using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Recon.IAMUser;

/// <summary>A management API that only reads, called from a Tor exit.</summary>
public static class TorIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("Recon:IAMUser/TorIPCaller"), ThreatCategory.TorExit, CallKinds.ManagementRead, Severity.Medium);
}
