using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Impact.S3;

/// <summary>Objects, or the permissions on them, changed from an address on a threat list.</summary>
public static class MaliciousIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("Impact:S3/MaliciousIPCaller"), ListedCaller.MaliciousCaller, CallKinds.S3Write, Severity.High);
}
