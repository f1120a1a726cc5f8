using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.UnauthorizedAccess.S3;

/// <summary>Objects read or changed from a Tor exit.</summary>
public static class TorIPCaller
{
    public static ListedCallerType Type { get; } =
        new(new("UnauthorizedAccess:S3/TorIPCaller"), ThreatCategory.TorExit, CallKinds.S3Read | CallKinds.S3Write, Severity.High);
}
