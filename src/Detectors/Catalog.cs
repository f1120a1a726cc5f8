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
        new ListedPeer([]),
    ];

    /// <summary>Detectors that need to have seen other flow records.</summary>
    public static IReadOnlyList<StatefulDetector<FlowRecord>> StatefulFlows { get; } = [];

    /// <summary>Detectors of single DNS queries.</summary>
    public static IReadOnlyList<Detector<DnsQuery>> DnsQueries { get; } =
    [
        new ListedDomain([]),
    ];
}
