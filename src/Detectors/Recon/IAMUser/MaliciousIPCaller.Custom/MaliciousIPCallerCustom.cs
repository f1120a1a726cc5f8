using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Recon.IAMUser;

/// <summary>A management API that only reads, called from an address on the organisation's own threat list.</summary>
public static class MaliciousIPCallerCustom
{
    public static ListedCallerType Type { get; } =
        new(new("Recon:IAMUser/MaliciousIPCaller.Custom"), ThreatCategory.Custom, CallKinds.ManagementRead, Severity.Medium);
}
