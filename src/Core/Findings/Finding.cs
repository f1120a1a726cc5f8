using Yagura.Core.FindingTypes;

namespace Yagura.Core.Findings;

/// <summary>One finding in GuardDuty's shape, schema version 2.0.</summary>
/// <remarks>Property names and nesting are those of the wire; <c>FindingJson</c> writes it. Absent facts are null, never empty strings.
/// Source: the GuardDuty API model 2017-11-28.</remarks>
/// <param name="AccountId">The account in which the activity happened.</param>
/// <param name="Id">32 lower-case hex digits, the same for as long as the same issue repeats.</param>
/// <param name="Severity">1.0 to 10.0; see <see cref="Findings.Severity"/>.</param>
public sealed record Finding(
    string AccountId, string Region, string Id, FindingType Type, double Severity, string Title, string Description,
    Resource Resource, Service Service, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, Explanation Explanation)
{
    public const string SchemaVersion = "2.0";

    public string Partition => Partitions.Of(Region);

    /// <summary>The sequence of which the finding is a signal; of several the one that began first. Null for most.</summary>
    public string? AssociatedAttackSequenceArn { get; init; }

    public string Arn => $"arn:{Partition}:guardduty:{Region}:{AccountId}:detector/{Service.DetectorId}/finding/{Id}";
}

/// <summary>What the finding is about. <see cref="ResourceType"/> names the main block; others may be filled beside it.</summary>
public sealed record Resource(ResourceType ResourceType)
{
    public AccessKeyDetails? AccessKeyDetails { get; init; }
    public InstanceDetails? InstanceDetails { get; init; }
    public IReadOnlyList<S3BucketDetails> S3BucketDetails { get; init; } = [];
}

/// <remarks>An attack sequence names what it is about in <see cref="Service.Sequence"/> alone.</remarks>
public enum ResourceType { AccessKey, Instance, S3Bucket, AttackSequence }

/// <param name="UserType">CloudTrail's <c>userIdentity.type</c>.</param>
public sealed record AccessKeyDetails(string? AccessKeyId, string? PrincipalId, string? UserName, string? UserType);

public sealed record InstanceDetails
{
    public string? InstanceId { get; init; }
    public string? InstanceType { get; init; }
    public DateTimeOffset? LaunchTime { get; init; }
    public string? Platform { get; init; }
    public string? InstanceState { get; init; }
    public string? AvailabilityZone { get; init; }
    public string? ImageId { get; init; }
    public string? ImageDescription { get; init; }
    public string? OutpostArn { get; init; }
    public IamInstanceProfile? IamInstanceProfile { get; init; }
    public IReadOnlyList<ProductCode> ProductCodes { get; init; } = [];
    public IReadOnlyList<Tag> Tags { get; init; } = [];
    public IReadOnlyList<NetworkInterface> NetworkInterfaces { get; init; } = [];
}

public sealed record IamInstanceProfile(string? Arn, string? Id);
public sealed record ProductCode(string? ProductCodeId, string? ProductCodeType);
public sealed record Tag(string Key, string Value);
public sealed record PrivateIpAddress(string? PrivateDnsName, string? Address);
public sealed record SecurityGroup(string? GroupId, string? GroupName);

public sealed record NetworkInterface
{
    public string? NetworkInterfaceId { get; init; }
    public string? PrivateIpAddress { get; init; }
    public string? PrivateDnsName { get; init; }
    public IReadOnlyList<PrivateIpAddress> PrivateIpAddresses { get; init; } = [];
    public string? PublicIp { get; init; }
    public string? PublicDnsName { get; init; }
    public IReadOnlyList<string> Ipv6Addresses { get; init; } = [];
    public string? SubnetId { get; init; }
    public string? VpcId { get; init; }
    public IReadOnlyList<SecurityGroup> SecurityGroups { get; init; } = [];
}

/// <param name="Type"><c>Destination</c> or <c>Source</c>.</param>
public sealed record S3BucketDetails(string Name, string Type = "Destination")
{
    public DateTimeOffset? CreatedAt { get; init; }
    public string? OwnerId { get; init; }
    public IReadOnlyList<Tag> Tags { get; init; } = [];
    public S3PublicAccess? PublicAccess { get; init; }
}

/// <summary>What an ACL or policy change made public. <see cref="EffectivePermission"/> stays <c>UNKNOWN</c> where the log alone cannot decide,
/// for example because Block Public Access settings are not in it.</summary>
public sealed record S3PublicAccess(string EffectivePermission)
{
    public PublicGrants? AccessControlList { get; init; }
    public PublicGrants? BucketPolicy { get; init; }
    public BlockPublicAccess? BucketBlockPublicAccess { get; init; }
    public BlockPublicAccess? AccountBlockPublicAccess { get; init; }
}

public sealed record PublicGrants(bool AllowsPublicReadAccess, bool AllowsPublicWriteAccess);
public sealed record BlockPublicAccess(bool IgnorePublicAcls, bool RestrictPublicBuckets, bool BlockPublicAcls, bool BlockPublicPolicy);

/// <summary>How the finding came about.</summary>
/// <param name="DetectorId">32 hex digits; one per account and region.</param>
/// <param name="Action">Null for attack sequences, whose signals have actions.</param>
/// <param name="ResourceRole">Null for attack sequences.</param>
/// <param name="Count">Distinct occurrences merged into the finding, at least 1.</param>
/// <param name="AdditionalInfo">Members of GuardDuty's additionalInfo, in the order they are written.</param>
public sealed record Service(
    string DetectorId, FindingAction? Action, ResourceRole? ResourceRole, IReadOnlyList<ThreatIntelligenceDetail> ThreatIntelligence,
    IReadOnlyList<KeyValuePair<string, string>> AdditionalInfo, DateTimeOffset EventFirstSeen, DateTimeOffset EventLastSeen, long Count, bool Archived = false)
{
    public const string ServiceName = "guardduty";
    public string? FeatureName { get; init; }

    /// <summary>What a person said of the finding; null where nobody has.</summary>
    public UserFeedback? UserFeedback { get; init; }

    /// <summary>Of attack sequences; null for all else.</summary>
    public AttackSequence? Sequence { get; init; }
}

public enum ResourceRole { Target, Actor }

/// <summary>Whether a finding was of use to whoever looked at it.</summary>
public enum UserFeedback { Useful, NotUseful }

public sealed record ThreatIntelligenceDetail(string ThreatListName, IReadOnlyList<string> ThreatNames, string? ThreatFileSha256 = null);

/// <summary>What was done; the kinds are GuardDuty's action types.</summary>
public abstract record FindingAction
{
    /// <summary>GuardDuty's name of the kind, such as <c>AWS_API_CALL</c>.</summary>
    public abstract string ActionType { get; }
}

public sealed record AwsApiCallAction(string Api, string ServiceName, string CallerType, RemoteIp? RemoteIp) : FindingAction
{
    public override string ActionType => "AWS_API_CALL";
    public string? ErrorCode { get; init; }
    public string? UserAgent { get; init; }
    /// <summary>The caller's domain where an AWS service or a name, not an address, made the call.</summary>
    public string? Domain { get; init; }
    public RemoteAccount? RemoteAccount { get; init; }
    /// <summary>CloudFormation resource type to name, such as <c>AWS::S3::Bucket</c> to the bucket.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> AffectedResources { get; init; } = [];
}

public sealed record RemoteAccount(string AccountId, bool Affiliated);

public sealed record NetworkConnectionAction(
    ConnectionDirection Direction, string Protocol, bool Blocked, int? LocalPort, int? RemotePort, IpAddress LocalIp, RemoteIp RemoteIp) : FindingAction
{
    public override string ActionType => "NETWORK_CONNECTION";
    public string? LocalNetworkInterface { get; init; }
}

public enum ConnectionDirection { Unknown, Inbound, Outbound }

public sealed record PortProbeAction(bool Blocked, IReadOnlyList<PortProbe> Probes) : FindingAction
{
    public override string ActionType => "PORT_PROBE";
}

public sealed record PortProbe(int LocalPort, IpAddress LocalIp, RemoteIp RemoteIp);

/// <param name="DomainWithSuffix">The registrable domain by the public suffix list.</param>
public sealed record DnsRequestAction(string Domain, string? DomainWithSuffix, string Protocol, bool Blocked) : FindingAction
{
    public override string ActionType => "DNS_REQUEST";
    public string? VpcOwnerAccountId { get; init; }
}

/// <summary>A remote address with what is known of its place and network.</summary>
public sealed record RemoteIp(IpAddress Address)
{
    public string? CountryName { get; init; }
    public string? CountryCode { get; init; }
    public string? CityName { get; init; }
    public double? Latitude { get; init; }
    public double? Longitude { get; init; }
    public long? Asn { get; init; }
    public string? AsnOrganization { get; init; }
    public string? Isp { get; init; }
    public string? Organization { get; init; }
}

/// <summary>Yagura's own block beside GuardDuty's: why the finding exists, from which records, made by which version and knowledge.</summary>
/// <param name="Why">One line in plain words: what in the records decided.</param>
/// <param name="CountIsEstimate">True when more occurrences were seen than are told apart exactly.</param>
/// <param name="Intelligence">Hash of the intelligence snapshot that took part; null where none did.</param>
public sealed record Explanation(
    string Why, IReadOnlyList<EvidenceRecord> Evidence, bool CountIsEstimate, string Version, string Configuration, string? Intelligence)
{
    /// <summary>How a break with what was usual was judged; null where nothing learnt took part.</summary>
    public Anomaly? Anomaly { get; init; }
}

/// <summary>One log record that caused a finding.</summary>
/// <param name="Object">File, folder entry or S3 URL as it was given.</param>
/// <param name="Record">1-based record or line within the object.</param>
/// <param name="Identity">The record's own identity where the log has one (CloudTrail <c>eventID</c>), else a hash of its content.</param>
public sealed record EvidenceRecord(string Object, long Record, DateTimeOffset Time, string Identity, string Summary);
