using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Exfiltration.S3;

/// <summary>Objects read from an address on a threat list.</summary>
public static class MaliciousIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("Exfiltration:S3/MaliciousIPCaller"), ListedCaller.MaliciousCaller, CallKinds.S3Read, Severity.High);
}
