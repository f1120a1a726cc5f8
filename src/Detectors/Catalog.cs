using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>The table of contents: every detector, in the order of its first finding type. A new detector is its folder and one line here.</summary>
public static class Catalog
{
    /// <summary>Detectors of single API calls (CloudTrail, S3 access logs).</summary>
    public static IReadOnlyList<Detector<ApiCall>> ApiCalls { get; } =
    [
        new ListedCaller([]),
        new PenTestAgent([]),
    ];

    /// <summary>Detectors that need to have seen other API calls.</summary>
    public static IReadOnlyList<StatefulDetector<ApiCall>> StatefulApiCalls { get; } =
    [
        new UnauthorizedAccess.IAMUser.InstanceCredentialExfiltration(),
        new UnauthorizedAccess.IAMUser.ResourceCredentialExfiltration(),
    ];

    /// <summary>Detectors of single flow records.</summary>
    public static IReadOnlyList<Detector<FlowRecord>> Flows { get; } =
    [
        new ListedPeer(
        [
            Backdoor.EC2.CAndCActivityB.Type,
            CryptoCurrency.EC2.BitcoinToolB.Type,
            Trojan.EC2.BlackholeTraffic.Type,
            Trojan.EC2.DropPoint.Type,
            UnauthorizedAccess.EC2.MaliciousIPCallerCustom.Type,
            UnauthorizedAccess.EC2.TorClient.Type,
        ]),
    ];

    /// <summary>Detectors that need to have seen other flow records.</summary>
    public static IReadOnlyList<StatefulDetector<FlowRecord>> StatefulFlows { get; } =
    [
        new UnauthorizedAccess.EC2.TorRelay(),
    ];

    /// <summary>Detectors of single DNS queries.</summary>
    public static IReadOnlyList<Detector<DnsQuery>> DnsQueries { get; } =
    [
        new ListedDomain(
        [
            Backdoor.EC2.CAndCActivityBDns.Type,
            CryptoCurrency.EC2.BitcoinToolBDns.Type,
            Impact.EC2.AbusedDomainRequestReputation.Type,
            Impact.EC2.BitcoinDomainRequestReputation.Type,
            Impact.EC2.MaliciousDomainRequestCustom.Type,
            Impact.EC2.MaliciousDomainRequestReputation.Type,
            Impact.EC2.SuspiciousDomainRequestReputation.Type,
            Trojan.EC2.BlackholeTrafficDns.Type,
            Trojan.EC2.DriveBySourceTrafficDns.Type,
            Trojan.EC2.DropPointDns.Type,
            Trojan.EC2.PhishingDomainRequestDns.Type,
        ]),
        new UnauthorizedAccess.EC2.MetadataDnsRebind(),
    ];
}
