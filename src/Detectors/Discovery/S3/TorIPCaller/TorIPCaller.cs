using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Discovery.S3;

/// <summary>Objects of a bucket listed or inspected from a Tor exit.</summary>
public static class TorIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("Discovery:S3/TorIPCaller"), ThreatCategory.TorExit, CallKinds.S3Discovery, Severity.Medium);
}
