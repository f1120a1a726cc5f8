using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Recon.IAMUser;

/// <summary>A management API that only reads, called from an address on a threat list.</summary>
public static class MaliciousIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("Recon:IAMUser/MaliciousIPCaller"), ListedCaller.MaliciousCaller, CallKinds.ManagementRead, Severity.Medium);
}
