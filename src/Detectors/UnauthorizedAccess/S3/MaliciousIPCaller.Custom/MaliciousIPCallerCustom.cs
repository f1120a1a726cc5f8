using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.UnauthorizedAccess.S3;

/// <summary>Objects read or changed from an address on the organisation's own threat list.</summary>
public static class MaliciousIPCallerCustom
{
    public static ListedCallerType Type { get; } =
        new(new("UnauthorizedAccess:S3/MaliciousIPCaller.Custom"), ThreatCategory.Custom, CallKinds.S3Read | CallKinds.S3Write, Severity.High);
}
