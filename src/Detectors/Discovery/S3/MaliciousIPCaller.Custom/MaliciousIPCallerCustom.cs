using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Discovery.S3;

/// <summary>Objects of a bucket listed or inspected from an address on the organisation's own threat list.</summary>
public static class MaliciousIPCallerCustom
{
    public static ListedCallerType Type { get; } =
        new(new("Discovery:S3/MaliciousIPCaller.Custom"), ThreatCategory.Custom, CallKinds.S3Discovery, Severity.High);
}
