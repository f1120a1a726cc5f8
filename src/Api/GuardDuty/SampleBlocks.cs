using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Api.GuardDuty;

/// <summary>What sample findings are made of.</summary>
internal static class SampleBlocks
{
    public static readonly string Version = typeof(SampleBlocks).Assembly.GetName().Version!.ToString(3);

    private const string Remote = "198.51.100.0", Private = "10.0.0.1";

    private static readonly RemoteIp RemoteIp = new(Ip(Remote))
    {
        CountryName = "GeneratedFindingCountryName", CityName = "GeneratedFindingCityName", Latitude = 0, Longitude = 0, Asn = 0,
        AsnOrganization = "GeneratedFindingASNOrg", Isp = "GeneratedFindingISP", Organization = "GeneratedFindingORG",
    };

    private static readonly AccessKeyDetails Key = new("GeneratedFindingAccessKeyId", "GeneratedFindingPrincipalId", "GeneratedFindingUserName", "IAMUser");

    private static readonly InstanceDetails Instance = new()
    {
        InstanceId = "i-99999999", InstanceType = "m3.xlarge", ImageId = "ami-99999999", ImageDescription = "GeneratedFindingInstanceImageDescription",
        InstanceState = "running", AvailabilityZone = "GeneratedFindingAvailabilityZone", LaunchTime = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
        IamInstanceProfile = new("arn:aws:iam::111122223333:instance-profile/GeneratedFindingInstanceProfile", "GeneratedFindingInstanceProfileId"),
        ProductCodes = [new("GeneratedFindingProductCodeId", "GeneratedFindingProductCodeType")],
        Tags = [new("GeneratedFindingInstaceTag1", "GeneratedFindingInstaceValue1"), new("GeneratedFindingInstaceTag2", "GeneratedFindingInstaceTagValue2")],
        NetworkInterfaces =
        [
            new()
            {
                NetworkInterfaceId = "eni-bfcffe88", PrivateIpAddress = Private, PrivateDnsName = "GeneratedFindingPrivateName",
                PrivateIpAddresses = [new("GeneratedFindingPrivateName", Private)], PublicIp = Remote, PublicDnsName = "GeneratedFindingPublicDNSName",
                SubnetId = "GeneratedFindingSubnetId", VpcId = "GeneratedFindingVPCId",
                SecurityGroups = [new("GeneratedFindingSecurityId", "GeneratedFindingSecurityGroupName")],
            },
        ],
    };

    private static readonly S3BucketDetails Bucket = new("GeneratedFindingS3Bucket")
    {
        CreatedAt = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), OwnerId = "GeneratedFindingOwnerId", Tags = [new("GeneratedFindingTag1", "GeneratedFindingValue1")],
        PublicAccess = new("NOT_PUBLIC")
        {
            AccessControlList = new(false, false), BucketPolicy = new(false, false), BucketBlockPublicAccess = new(true, true, true, true),
            AccountBlockPublicAccess = new(true, true, true, true),
        },
    };

    /// <summary>The words of titles and descriptions.</summary>
    public static Dictionary<string, string> Words(string account, string region) => new(StringComparer.Ordinal)
    {
        ["account"] = account, ["region"] = region, ["api"] = "GeneratedFindingAPIName", ["bucket"] = Bucket.Name, ["cluster"] = "GeneratedFindingEKSClusterName",
        ["database"] = "GeneratedFindingDBInstanceId", ["domain"] = "GeneratedFindingDomainName", ["function"] = "GeneratedFindingLambdaFunctionName",
        ["instance"] = Instance.InstanceId!, ["list"] = "GeneratedFindingThreatListName", ["port"] = "8080", ["principal"] = Key.UserName!, ["remoteIp"] = Remote,
        ["service"] = "GeneratedFindingAPIServiceName",
    };

    public static Resource Resource(CatalogEntry entry, string account, string region)
    {
        var type = Enum.Parse<ResourceType>(entry.ResourceTypes is [var first, ..] ? first : nameof(ResourceType.AttackSequence));
        var hasKey = type is ResourceType.AccessKey or ResourceType.S3Bucket or ResourceType.EKSCluster;
        return new(type)
        {
            AccessKeyDetails = hasKey ? Key : null,
            InstanceDetails = type is ResourceType.Instance or ResourceType.ECSCluster or ResourceType.Container ? Instance : null,
            S3BucketDetails = type is ResourceType.S3Bucket or ResourceType.S3Object || (type == ResourceType.AccessKey && entry.Type.AffectedResource == "S3") ? [Bucket] : [],
            Others = SampleRawBlocks.Of("resource", type.ToString(), account, region),
        };
    }

    public static FindingAction? Action(string? kind, string account, string region) => kind switch
    {
        "AWS_API_CALL" => new AwsApiCallAction("GeneratedFindingAPIName", "GeneratedFindingAPIServiceName", "Remote IP", RemoteIp) { AffectedResources = [new("AWS::S3::Bucket", Bucket.Name)] },
        "NETWORK_CONNECTION" => new NetworkConnectionAction(ConnectionDirection.Outbound, "TCP", false, 39677, 80, Ip(Private), RemoteIp) { LocalNetworkInterface = "eni-bfcffe88" },
        "PORT_PROBE" => new PortProbeAction(false, [new(80, Ip(Private), RemoteIp)]),
        "DNS_REQUEST" => new DnsRequestAction("GeneratedFindingDomainName", "GeneratedFindingDomainName", "UDP", false) { VpcOwnerAccountId = account },
        null => null,
        _ => new OtherAction(kind, SampleRawBlocks.Of("action", kind, account, region)),
    };

    /// <summary>What runtime agents and malware scans add.</summary>
    public static IReadOnlyList<RawBlock> Evidence(CatalogEntry entry, string account, string region) => SampleRawBlocks.Of("service", entry.Group switch
    {
        "Runtime" => "runtime",
        "Malware" when entry.ResourceTypes is ["Instance" or "EKSCluster" or "ECSCluster" or "Container", ..] => "volumeScan",
        "Malware" => "malwareScan",
        _ => "",
    }, account, region);

    public static AttackSequence Sequence(string id, CatalogEntry entry, string account, string region, DateTimeOffset now) => new(
        id, "GeneratedFindingSequenceDescription",
        [new("GeneratedFindingActorId", new(Key.UserName!, Key.PrincipalId!, Key.UserType!, Key.AccessKeyId, account), null)],
        [new(Key.AccessKeyId!, SequenceResourceType.AccessKey, Key.AccessKeyId!, account, region) { AccessKey = Key }],
        [new("GeneratedFindingEndpointId", RemoteIp, null, null, ConnectionDirection.Unknown)],
        [
            new($"{id}-1", SignalType.CloudTrail, "GeneratedFindingAPIName", "GeneratedFindingSignalDescription", now, now, null, 1,
                [Key.AccessKeyId!], ["GeneratedFindingActorId"], ["GeneratedFindingEndpointId"], [new("HIGH_RISK_API", ["GeneratedFindingAPIName"])]),
        ],
        [new("ATTACK_TACTIC", [entry.Type.ThreatPurpose])]);

    private static IpAddress Ip(string text) => IpAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
