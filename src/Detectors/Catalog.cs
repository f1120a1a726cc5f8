using Yagura.Detectors.Behaviour;
using Yagura.Detectors.Families;
using Yagura.Detectors.Rules;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>The table of contents: every detector, in the order of its first finding type. A new detector is its folder and one line here.</summary>
public static class Catalog
{
    /// <summary>Detectors of single API calls (CloudTrail, S3 access logs).</summary>
    public static IReadOnlyList<Detector<ApiCall>> ApiCalls { get; } =
    [
        new ListedCaller(
        [
            Recon.IAMUser.MaliciousIPCaller.Type, Recon.IAMUser.MaliciousIPCallerCustom.Type, Recon.IAMUser.TorIPCaller.Type,
            UnauthorizedAccess.IAMUser.MaliciousIPCaller.Type, UnauthorizedAccess.IAMUser.MaliciousIPCallerCustom.Type,
            UnauthorizedAccess.IAMUser.TorIPCaller.Type,
            Discovery.S3.MaliciousIPCaller.Type, Discovery.S3.MaliciousIPCallerCustom.Type, Discovery.S3.TorIPCaller.Type,
            Exfiltration.S3.MaliciousIPCaller.Type, Impact.S3.MaliciousIPCaller.Type,
            UnauthorizedAccess.S3.MaliciousIPCallerCustom.Type, UnauthorizedAccess.S3.TorIPCaller.Type,
        ]),
        new PenTestAgent(
        [
            PenTest.IAMUser.KaliLinux.Type, PenTest.IAMUser.ParrotLinux.Type, PenTest.IAMUser.PentooLinux.Type,
            PenTest.S3.KaliLinux.Type, PenTest.S3.ParrotLinux.Type, PenTest.S3.PentooLinux.Type,
        ]),
        new RootCredentials(Policy.IAMUser.RootCredentialUsage.Type, Policy.IAMUser.ShortTermRootCredentialUsage.Type),
        new CredentialAccess.IAMUser.CompromisedCredentials(),
        new Policy.S3.BucketBlockPublicAccessDisabled(),
        new PublicBucket(Policy.S3.BucketAnonymousAccessGranted.Type, Policy.S3.BucketPublicAccessGranted.Type),
        new Stealth.IAMUser.EventSelectorsReduced(),
        new Stealth.IAMUser.PasswordPolicyChange(),
        new Yagura.IAMUser.WatchWeakened(),
        new RuleDetector<ApiCall>(LogType.CloudTrail, TypeRules.Of(
        [
            "DefenseEvasion:IAMUser/BedrockLoggingDisabled",
            "Policy:S3/AccountBlockPublicAccessDisabled",
            "Stealth:IAMUser/CloudTrailLoggingDisabled",
            "Stealth:S3/ServerAccessLoggingDisabled",
        ]), ofTypes: true),
    ];

    /// <summary>Detectors that need to have seen other API calls.</summary>
    public static IReadOnlyList<StatefulDetector<ApiCall>> StatefulApiCalls { get; } =
    [
        new Signals.WeakSignals(),
        new Signals.AssumedSessions(),
        new Stealth.IAMUser.TrailBucketDeleted(),
        new UnauthorizedAccess.IAMUser.ConsoleLoginSuccess(),
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
        new Floods(new(
            Backdoor.EC2.DenialOfServiceDns.Type, Backdoor.EC2.DenialOfServiceTcp.Type, Backdoor.EC2.DenialOfServiceUdp.Type,
            Backdoor.EC2.DenialOfServiceUdpOnTcpPorts.Type, Backdoor.EC2.DenialOfServiceUnusualProtocol.Type)),
        new InstanceHabits(),
        new Impact.EC2.PortSweep(),
        new PortProbes([Recon.EC2.PortProbeEmrUnprotectedPort.Type, Recon.EC2.PortProbeUnprotectedPort.Type]),
        new Recon.EC2.Portscan(),
        new GuessedLogins([UnauthorizedAccess.EC2.SshBruteForce.Type, UnauthorizedAccess.EC2.RdpBruteForce.Type, Impact.EC2.WinRmBruteForce.Type]),
        new UnauthorizedAccess.EC2.TorRelay(),
        new Yagura.EC2.Beaconing(),
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
            Trojan.EC2.DgaDomainRequestC.Type,
            Trojan.EC2.DriveBySourceTrafficDns.Type,
            Trojan.EC2.DropPointDns.Type,
            Trojan.EC2.PhishingDomainRequestDns.Type,
        ]),
        new UnauthorizedAccess.EC2.MetadataDnsRebind(),
    ];

    /// <summary>Detectors that need to have seen other DNS queries.</summary>
    public static IReadOnlyList<StatefulDetector<DnsQuery>> StatefulDnsQueries { get; } =
    [
        new Trojan.EC2.DgaDomainRequestB(),
        new Trojan.EC2.DnsDataExfiltration(),
    ];

    /// <summary>What is told of a principal or a bucket because it is out of the usual; the engine's baselines decide.</summary>
    public static IReadOnlyList<TypeBinding> Behaviour { get; } = [.. ApiFamilies.Types.Select(type => new TypeBinding(type))];

    /// <summary>What keeps the server from seeing what it should; no log shows it, so a scan does not find it.</summary>
    public static IReadOnlyList<TypeBinding> Health { get; } =
    [
        new ServerBinding("Yagura:Health/DigestFailed"),
        new ServerBinding("Yagura:Health/LagRising"),
        new ServerBinding("Yagura:Health/LogsMissing"),
        new ServerBinding("Yagura:Health/LogsStopped"),
        new ServerBinding("Yagura:Health/Quarantine"),
        new ServerBinding("Yagura:Health/SuppressionChanged"),
        new ServerBinding("Yagura:Health/SuppressionExpired"),
    ];

    private sealed record ServerBinding(string Name) : TypeBinding(Name)
    {
        public override string? Off(Knowledge knowledge) => "told by the server";
    }
}
