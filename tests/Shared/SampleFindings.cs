using CsCheck;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Tests;

/// <summary>Findings for tests: four as they come out of a scan, and random ones that use every field.</summary>
internal static class SampleFindings
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 4, 5, 6, 789, TimeSpan.Zero);

    private static readonly RemoteIp Remote = new(Ip("198.51.100.7"))
    {
        CountryName = "Japan", CountryCode = "JP", CityName = "Tokyo", Latitude = 35.69, Longitude = 139.69, Asn = 64496, AsnOrganization = "Example Transit",
        Isp = "Example ISP", Organization = "Example Org",
    };

    private static readonly InstanceDetails Instance = new()
    {
        InstanceId = "i-0123456789abcdef0", InstanceType = "t3.micro", LaunchTime = At.AddDays(-9), InstanceState = "running", AvailabilityZone = "eu-west-1a",
        ImageId = "ami-0123456789abcdef0", IamInstanceProfile = new("arn:aws:iam::111122223333:instance-profile/web", "AIPAEXAMPLE"),
        Tags = [new("Name", "web-1")],
        NetworkInterfaces =
        [
            new()
            {
                NetworkInterfaceId = "eni-0123456789abcdef0", PrivateIpAddress = "10.0.0.5", PrivateDnsName = "ip-10-0-0-5.example",
                PrivateIpAddresses = [new("ip-10-0-0-5.example", "10.0.0.5")], PublicIp = "203.0.113.10", SubnetId = "subnet-0a", VpcId = "vpc-0a",
                Ipv6Addresses = ["2001:db8::5"], SecurityGroups = [new("sg-0a", "web")],
            },
        ],
    };

    /// <summary>A bucket opened to the world by an API call.</summary>
    public static Finding ApiCall { get; } = Finding("Policy:S3/BucketAnonymousAccessGranted", 8, ResourceRole.Target,
        new(ResourceType.AccessKey)
        {
            AccessKeyDetails = new("AKIAIOSFODNN7EXAMPLE", "AIDAEXAMPLE", "alice", "IAMUser"),
            S3BucketDetails =
            [
                new("example-bucket")
                {
                    CreatedAt = At.AddDays(-100), OwnerId = "canonical-owner", Tags = [new("team", "web")],
                    PublicAccess = new("UNKNOWN") { BucketPolicy = new(true, false), BucketBlockPublicAccess = new(false, false, true, true) },
                },
            ],
        },
        new AwsApiCallAction("PutBucketPolicy", "s3.amazonaws.com", "Remote IP", Remote)
        {
            UserAgent = "aws-cli/2.15 \"quoted\"", RemoteAccount = new("444455556666", true), AffectedResources = [new("AWS::S3::Bucket", "example-bucket")],
        });

    /// <summary>An instance that talks to a listed address.</summary>
    public static Finding Connection { get; } = Finding("Backdoor:EC2/C&CActivity.B", 8, ResourceRole.Actor,
        new(ResourceType.Instance) { InstanceDetails = Instance },
        new NetworkConnectionAction(ConnectionDirection.Outbound, "TCP", false, 40022, 443, Ip("10.0.0.5"), Remote) { LocalNetworkInterface = "eni-0123456789abcdef0" },
        new ThreatIntelligenceDetail("c2.txt", ["command and control"]));

    /// <summary>An instance that asks for a listed name.</summary>
    public static Finding Dns { get; } = Finding("Trojan:EC2/PhishingDomainRequest!DNS", 5, ResourceRole.Actor,
        new(ResourceType.Instance) { InstanceDetails = new() { InstanceId = "i-0123456789abcdef0" } },
        new DnsRequestAction("login.phish.example", "phish.example", "UDP", true) { VpcOwnerAccountId = "111122223333" },
        new ThreatIntelligenceDetail("phishing.txt", ["phishing"]));

    private static readonly BehaviourProfile Profile = new(
        [new("secretsmanager.amazonaws.com", "GetSecretValue", "success"), new("secretsmanager.amazonaws.com", "ListSecrets", "AccessDenied"), new("kms.amazonaws.com", "Decrypt", "success")],
        [
            new(BehaviourKind.Apis, BehaviourScope.Account) { Rare = ["CreateUser"], Frequent = ["DescribeInstances", "GetObject"] },
            new(BehaviourKind.Apis, BehaviourScope.UserIdentity) { Infrequent = ["ListBuckets"], Frequent = ["DescribeInstances"], Unusual = ["GetSecretValue", "Decrypt"] },
            new(BehaviourKind.UserTypes, BehaviourScope.Account) { Frequent = ["AssumedRole", "IAMUser"] },
            new(BehaviourKind.UserNames, BehaviourScope.Account) { Frequent = ["alice", "deploy"] },
            new(BehaviourKind.Asns, BehaviourScope.Account) { Frequent = [BehaviourProfile.Network(64500, "Example Office"), BehaviourProfile.Network(64501, null)], Unusual = [BehaviourProfile.Network(64496, "Example Transit")] },
            new(BehaviourKind.Asns, BehaviourScope.UserIdentity) { Rare = [BehaviourProfile.Network(64496, "Example Transit")], Unusual = [BehaviourProfile.Network(64496, "Example Transit")] },
            new(BehaviourKind.UserAgents, BehaviourScope.UserIdentity) { Frequent = ["aws-cli"] },
        ])
    {
        Volumes = [new(VolumeScope.BucketUserIdentity, 2_400, 41.6, 96)],
    };

    private static readonly Anomaly Strange = new(
        21.4567, 14, "bits", new("arn:aws:iam::111122223333:user/alice", 26, 30, 14, new DateOnly(2026, 1, 29)),
        [
            new("API", "secretsmanager.amazonaws.com GetSecretValue", 11.2567,
            [
                new("userIdentity", "arn:aws:iam::111122223333:user/alice", 0, 26, null),
                new("peers", "41 users of 111122223333", 1, 30, new DateOnly(2026, 2, 20)),
                new("world", "share of 1,000 accounts", null, 30, null),
            ]),
            new("network", "64496 Example Transit", 7.9, [new("userIdentity", "arn:aws:iam::111122223333:user/alice", 0, 26, null)]),
            new("number of reads in 24 hours", "2,400 reads", 3.3,
                [new("userIdentity", "arn:aws:iam::111122223333:user/alice", null, 26, null, new(26, 38.5, 70, 96, "reads a day"))]),
            new("user agent", "aws-cli", -1, [new("userIdentity", "arn:aws:iam::111122223333:user/alice", 24, 26, new DateOnly(2026, 1, 29))]),
        ],
        ["alice calls GetSecretValue on 3 more days", "the network 64496 is seen for alice on another day"])
    {
        Profile = Profile,
    };

    /// <summary>A user who reads secrets from a network of her own for the first time.</summary>
    public static Finding Behaviour { get; } = Anomalous(Finding("CredentialAccess:IAMUser/AnomalousBehavior", 5, ResourceRole.Target,
        new(ResourceType.AccessKey) { AccessKeyDetails = new("AKIAIOSFODNN7EXAMPLE", "AIDAEXAMPLE", "alice", "IAMUser") },
        new AwsApiCallAction("GetSecretValue", "secretsmanager.amazonaws.com", "Remote IP", Remote) { UserAgent = "aws-cli/2.15" }), Strange);

    private static Finding Anomalous(Finding finding, Anomaly anomaly) => finding with
    {
        Explanation = finding.Explanation with { Anomaly = anomaly },
        Service = finding.Service with
        {
            AdditionalInfo = [.. finding.Service.AdditionalInfo, new("userAgent.fullUserAgent", "aws-cli/2.15"), new("userAgent.userAgentCategory", "aws-cli"), .. BehaviourLayout.AdditionalInfo(anomaly.Profile!)],
        },
    };

    /// <summary>Two findings and a weak signal of one user, put together.</summary>
    public static Finding Sequence { get; } = new(
        "111122223333", "eu-west-1", "0123456789abcdef0123456789abcdef", new("AttackSequence:S3/CompromisedData"), 9, "A title.", "A description.", new(ResourceType.AttackSequence),
        new("fedcba9876543210fedcba9876543210", null, null, [], [], At.AddHours(-2), At.AddHours(-1), 1)
        {
            Sequence = new(
                "0123456789abcdef0123456789abcdef", "04:00 alice did one thing\n05:00 alice did another",
                [new("alice", new("alice", "AIDAEXAMPLE", "IAMUser", "AKIAIOSFODNN7EXAMPLE", "111122223333"), null), new("deploy", new("deploy", "AROAEXAMPLE", "AssumedRole", "ASIAEXAMPLE", "111122223333"), new("s", "arn:aws:iam::111122223333:role/deploy"))],
                [
                    new("AKIAIOSFODNN7EXAMPLE", SequenceResourceType.AccessKey, "AKIAIOSFODNN7EXAMPLE", "111122223333", "eu-west-1") { AccessKey = new("AKIAIOSFODNN7EXAMPLE", "AIDAEXAMPLE", "alice", "IAMUser") },
                    new("arn:aws:s3:::example-bucket", SequenceResourceType.S3Bucket, "example-bucket", "111122223333", "eu-west-1") { Bucket = new("example-bucket") { CreatedAt = At, OwnerId = "owner", PublicAccess = new("UNKNOWN") } },
                    new("arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0", SequenceResourceType.Ec2Instance, "i-0123456789abcdef0", "111122223333", "eu-west-1") { Instance = Instance, Tags = Instance.Tags },
                    new("arn:aws:iam::111122223333:instance-profile/web", SequenceResourceType.IamInstanceProfile, "web", "111122223333", "eu-west-1") { InstanceUids = ["arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0"] },
                ],
                [new("198.51.100.7", Remote, null, null, ConnectionDirection.Unknown), new("c2.example", null, "c2.example", 443, ConnectionDirection.Outbound)],
                [
                    new("11111111111111111111111111111111", SignalType.Finding, "Stealth:IAMUser/CloudTrailLoggingDisabled", "one", At.AddHours(-2), At.AddHours(-2), 8, 1, ["AKIAIOSFODNN7EXAMPLE"], ["alice"], ["198.51.100.7"], [new("ATTACK_TACTIC", ["Defense Evasion"])]),
                    new("22222222222222222222222222222222", SignalType.CloudTrail, "CreateAccessKey", "two", At.AddHours(-1), At.AddHours(-1), null, 2, ["AKIAIOSFODNN7EXAMPLE"], ["alice"], [], [new("HIGH_RISK_API", ["iam:CreateAccessKey"], "one that gives rights")]),
                ],
                [new("ATTACK_TACTIC", ["Defense Evasion", "Persistence"])])
            { AdditionalTypes = ["AttackSequence:IAM/CompromisedCredentials"] },
        },
        At, At, new("two tactics", [new("trail.json.gz", 7, At.AddHours(-2), "11111111-2222-3333-4444-555555555555", "StopLogging by alice")], false, "0.1.0", "none", null));

    private static Finding Finding(
        string type, double severity, ResourceRole role, Resource resource, FindingAction action, params ThreatIntelligenceDetail[] threats) => new(
        "111122223333", "eu-west-1", "0123456789abcdef0123456789abcdef", new FindingType(type), severity, "A title.", "A description.", resource,
        new("fedcba9876543210fedcba9876543210", action, role, threats,
            threats.Length == 0 ? [] : [new("threatListName", threats[0].ThreatListName)], At.AddHours(-2), At.AddHours(-1), 3),
        At, At, new("the record says so", [new("trail.json.gz", 7, At.AddHours(-2), "11111111-2222-3333-4444-555555555555", "PutBucketPolicy by alice")],
            false, "0.1.0", "none", threats.Length == 0 ? null : "sha256:00"));

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String, Pick("\0", "\u0001", "\u001f", "\u007f", "\u2028", "\U0001F600", "<", "&", "\"", "'", "\\", "{", "]", "\r\n", "a").Array[0, 9].Select(string.Concat),
        Gen.Const("</script><script>alert(1)</script>"));

    private static readonly Gen<string?> Maybe = Gen.OneOf(Text.Select(text => (string?)text), Gen.Const((string?)null));
    private static readonly Gen<DateTimeOffset> Time = Gen.Long[0, 4_102_444_800_000].Select(DateTimeOffset.FromUnixTimeMilliseconds);
    private static readonly Gen<List<Tag>> Tags = Gen.Select(Text, Text, (key, value) => new Tag(key, value)).List[0, 2];
    private static readonly Gen<IpAddress> Address = Gen.OneOf(Gen.UInt.Select(IpAddress.FromV4), Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new IpAddress(high | 1, low)));

    private static readonly Gen<RemoteIp> RemoteIps = Gen.Select(Address, Maybe, Maybe, Gen.Double[-90, 90], Gen.Long[0, uint.MaxValue], Gen.Bool,
        (address, one, two, degrees, asn, located) => new RemoteIp(address)
        {
            CountryName = one, CountryCode = two, CityName = one, Latitude = located ? degrees : null, Longitude = located ? -degrees : null,
            Asn = located ? asn : null, AsnOrganization = two, Isp = one, Organization = two,
        });

    private static readonly Gen<FindingAction> Actions = Gen.OneOf(
        Gen.Select(Text, Text, RemoteIps, Maybe, Gen.Bool, (api, name, remote, maybe, flag) => (FindingAction)new AwsApiCallAction(api, name, "Remote IP", flag ? remote : null)
        {
            ErrorCode = maybe, UserAgent = maybe, Domain = flag ? null : maybe, RemoteAccount = flag ? new("111122223333", flag) : null,
            AffectedResources = flag ? [new("AWS::S3::Bucket", name)] : [],
        }),
        Gen.Select(Gen.Enum<ConnectionDirection>(), Text, Gen.Bool, Gen.Int[0, 65535], Address, RemoteIps, Maybe, (direction, protocol, flag, port, local, remote, network) =>
            (FindingAction)new NetworkConnectionAction(direction, protocol, flag, flag ? port : null, port, local, remote) { LocalNetworkInterface = network }),
        Gen.Select(Gen.Int[0, 65535], Address, RemoteIps, Gen.Bool, (port, local, remote, flag) => (FindingAction)new PortProbeAction(flag, [new(port, local, remote)])),
        Gen.Select(Text, Maybe, Text, Gen.Bool, Maybe, (domain, suffix, protocol, flag, owner) =>
            (FindingAction)new DnsRequestAction(domain, suffix, protocol, flag) { VpcOwnerAccountId = owner }));

    private static readonly Gen<InstanceDetails> Instances = Gen.Select(Maybe, Maybe, Time, Tags, Gen.Bool, (one, two, time, tags, flag) => new InstanceDetails
    {
        InstanceId = one, InstanceType = two, LaunchTime = flag ? time : null, Platform = one, InstanceState = two, AvailabilityZone = one, ImageId = two,
        ImageDescription = one, OutpostArn = two, IamInstanceProfile = flag ? new(one, two) : null, ProductCodes = flag ? [new(one, two)] : [], Tags = tags,
        NetworkInterfaces =
        [
            new()
            {
                NetworkInterfaceId = one, PrivateIpAddress = two, PrivateDnsName = one, PrivateIpAddresses = [new(one, two)], PublicIp = two, PublicDnsName = one,
                Ipv6Addresses = [one ?? ""], SubnetId = two, VpcId = one, SecurityGroups = [new(one, two)],
            },
        ],
    });

    private static readonly Gen<S3BucketDetails> Buckets = Gen.Select(Text, Time, Maybe, Tags, Gen.Bool, (name, time, owner, tags, flag) => new S3BucketDetails(name)
    {
        CreatedAt = flag ? time : null, OwnerId = owner, Tags = tags,
        PublicAccess = flag ? new("PUBLIC") { AccessControlList = new(flag, false), AccountBlockPublicAccess = new(false, flag, false, flag) } : null,
    });

    private static readonly Gen<Resource> Resources = Gen.Select(Gen.Enum<ResourceType>(), Maybe, Instances, Buckets.List[0, 2], Gen.Bool, (type, text, instance, buckets, flag) =>
        new Resource(type) { AccessKeyDetails = flag ? new(text, text, text, text) : null, InstanceDetails = flag ? null : instance, S3BucketDetails = buckets });

    private static readonly Gen<KeyValuePair<string, string>> Infos = Gen.Select(
        Pick("threatListName", "threatName", "context", "value", "type", "localPort", "unusual.port", "unusual.asnOrg", "a.b.c", "a.b.d"), Text, (name, text) => new KeyValuePair<string, string>(name, text));

    private static readonly Gen<Service> Services = Gen.Select(Actions, Gen.Enum<ResourceRole>(), Text, Infos.List[0, 3], Time, Gen.Long[1, long.MaxValue], Maybe,
        (action, role, text, infos, time, count, feature) => new Service(
            "fedcba9876543210fedcba9876543210", action, role, count % 2 == 0 ? [] : [new(text, [text, "b"], feature)],
            [.. infos.DistinctBy(info => info.Key)], time, time.AddSeconds(5), count, count % 3 == 0)
        { FeatureName = feature, UserFeedback = (count % 5) switch { 0 => UserFeedback.Useful, 1 => UserFeedback.NotUseful, _ => null } });

    private static readonly Gen<double> Amount = Gen.Double[-1e12, 1e12];
    private static readonly Gen<DateOnly?> Day = Gen.OneOf(Gen.Int[0, 3_652_058].Select(day => (DateOnly?)DateOnly.FromDayNumber(day)), Gen.Const((DateOnly?)null));
    private static readonly Gen<List<string>> Texts = Text.List[0, 3];

    private static readonly Gen<Comparison> Comparisons = Gen.Select(Text, Gen.Int[0, 90], Day, Amount, Gen.Bool,
        (text, days, day, amount, counted) => new Comparison(text, text, counted ? days : null, days, day, counted ? null : new(days, amount, amount, amount, text)));

    private static readonly Gen<BehaviourProfile> Profiles = Gen.Select(Text, Texts, Gen.Enum<BehaviourKind>(), Gen.Enum<BehaviourScope>(), Gen.Enum<VolumeScope>(), Gen.Double[0, 1e9], Gen.Bool,
        (text, texts, kind, scope, volume, amount, flag) => new BehaviourProfile(
            [new(text, text, text)], [new(kind, scope) { Rare = texts, Frequent = [text], Unusual = flag ? texts : [] }, new(BehaviourKind.Asns, scope) { Infrequent = texts }])
        {
            Volumes = flag ? [new(volume, (long)amount, amount, 7)] : [], IsUnusualUserIdentity = flag,
        });

    private static readonly Gen<Anomaly> Anomalies = Gen.Select(Amount, Text, Day, Gen.Int[0, 90], Comparisons.List[0, 3], Texts, Profiles, Gen.Bool,
        (amount, text, day, days, compared, quiet, profile, flag) => new Anomaly(
            amount, -amount, text, new(text, days, 90, 14, day), [new(text, text, amount, compared)], quiet)
        {
            Profile = flag ? profile : null,
        });

    /// <summary>Random findings whose texts may hold control characters, quotes and markup.</summary>
    public static Gen<Finding> Any { get; } = Gen.Select(
        Pick("eu-west-1", "cn-north-1", "us-gov-west-1"), Pick("Backdoor:EC2/C&CActivity.B!DNS", "Recon:IAMUser/TorIPCaller"), Gen.Double[1, 10],
        Text, Resources, Services, Time, Gen.Select(Maybe, Anomalies, Gen.Bool),
        (region, type, severity, text, resource, service, time, more) => new Finding(
            "111122223333", region, "0123456789abcdef0123456789abcdef", new FindingType(type), severity, text, text, resource, service, time, time.AddDays(1),
            new(text, [new(text, 3, time, text, text)], service.Archived, "0.1.0", text, more.Item1)
            {
                Anomaly = more.Item3 ? more.Item2 : null,
            }));

    /// <summary>Those above as they come out of a scan, a signal, and so many random ones.</summary>
    public static IReadOnlyList<Finding> Some(int random)
    {
        var findings = new List<Finding> { ApiCall, Connection, Dns, Behaviour, Sequence, Dns with { AssociatedAttackSequenceArn = Sequence.Arn } };
        Any.Sample(findings.Add, iter: random, threads: 1);
        return findings;
    }

    private static Gen<string> Pick(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    private static IpAddress Ip(string text) => IpAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
