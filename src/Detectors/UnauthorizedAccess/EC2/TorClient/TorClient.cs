using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.UnauthorizedAccess.EC2;

/// <summary>An instance connects to the Tor network's guards or directory authorities, as a Tor client does.</summary>
public static class TorClient
{
    public static ListedPeerType Type { get; } =
        new(new("UnauthorizedAccess:EC2/TorClient"), ThreatCategory.TorRelay, Inbound: false, Severity.High);
}
