using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Discovery.S3;

/// <summary>Objects of a bucket listed or inspected from an address on a threat list.</summary>
public static class MaliciousIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("Discovery:S3/MaliciousIPCaller"), ListedCaller.MaliciousCaller, CallKinds.S3Discovery, Severity.High);
}
