namespace Yagura.Core.Findings;

/// <summary>Signals of one attack in the order of time: what is found in <c>service.detection.sequence</c>.</summary>
/// <remarks>Ids of actors, resources and endpoints hold within the sequence; signals name them. Source: GuardDuty API model 2017-11-28, shape <c>Sequence</c>.</remarks>
/// <param name="Uid">The finding's id.</param>
/// <param name="Description">The attack step by step, a line each.</param>
/// <param name="Signals">At least one, by the time they began.</param>
/// <param name="Indicators">What the signals show, put together.</param>
public sealed record AttackSequence(
    string Uid, string Description, IReadOnlyList<SequenceActor> Actors, IReadOnlyList<SequenceResource> Resources, IReadOnlyList<SequenceEndpoint> Endpoints,
    IReadOnlyList<Signal> Signals, IReadOnlyList<Indicator> Indicators)
{
    /// <summary>Limits of the model, in characters and items.</summary>
    public const int LongestDescription = 4_096, LongestSignalDescription = 2_000, MostSignals = 100, MostActors = 400, MostResources = 400, MostEndpoints = 400, MostValues = 400;

    /// <summary>Types of other sequences that the same signals make.</summary>
    public IReadOnlyList<string> AdditionalTypes { get; init; } = [];
}

/// <param name="Session">Null where the actor used keys that belong to no session.</param>
public sealed record SequenceActor(string Id, SequenceUser User, SequenceSession? Session);

/// <param name="Uid">The principal id, such as <c>AIDAEXAMPLE</c>, or the ARN where the records have none.</param>
/// <param name="Type">CloudTrail's <c>userIdentity.type</c>.</param>
/// <param name="CredentialUid">The access key id.</param>
public sealed record SequenceUser(string Name, string Uid, string Type, string? CredentialUid, string AccountId);

/// <param name="Uid">The session's name.</param>
/// <param name="Issuer">The ARN of the role.</param>
public sealed record SequenceSession(string? Uid, string? Issuer);

/// <summary>Something that was attacked or misused.</summary>
/// <param name="Uid">Its ARN, or the access key id.</param>
public sealed record SequenceResource(string Uid, SequenceResourceType Type, string Name, string AccountId, string Region)
{
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Of an <see cref="SequenceResourceType.AccessKey"/>.</summary>
    public AccessKeyDetails? AccessKey { get; init; }

    /// <summary>Of an <see cref="SequenceResourceType.Ec2Instance"/>.</summary>
    public InstanceDetails? Instance { get; init; }

    /// <summary>Of an <see cref="SequenceResourceType.S3Bucket"/>.</summary>
    public S3BucketDetails? Bucket { get; init; }

    /// <summary>The ARNs of the instances that what they share makes a group; empty for what is no group.</summary>
    public IReadOnlyList<string> InstanceUids { get; init; } = [];

    /// <summary>The Security Finding Format's word for the kind.</summary>
    public string AsffType => Type switch
    {
        SequenceResourceType.AccessKey => "AwsIamAccessKey",
        SequenceResourceType.S3Bucket => "AwsS3Bucket",
        SequenceResourceType.Ec2Instance => "AwsEc2Instance",
        SequenceResourceType.AutoscalingAutoScalingGroup => "AwsAutoScalingAutoScalingGroup",
        SequenceResourceType.CloudformationStack => "AwsCloudFormationStack",
        SequenceResourceType.Ec2LaunchTemplate => "AwsEc2LaunchTemplate",
        SequenceResourceType.IamInstanceProfile => "Other",
    };
}

/// <summary>Those of the model's kinds that sequences here are about.</summary>
public enum SequenceResourceType { AccessKey, S3Bucket, Ec2Instance, AutoscalingAutoScalingGroup, IamInstanceProfile, CloudformationStack, Ec2LaunchTemplate }

/// <summary>The other end of what was done.</summary>
/// <param name="Remote">Null where only a domain is known.</param>
/// <param name="Direction"><see cref="ConnectionDirection.Unknown"/> for API calls.</param>
public sealed record SequenceEndpoint(string Id, RemoteIp? Remote, string? Domain, int? Port, ConnectionDirection Direction);

/// <summary>One step: a finding, or calls that tell a step of an attack without being a finding by themselves.</summary>
/// <param name="Uid">The finding's id, or a name that is the same for the same calls.</param>
/// <param name="Name">The finding's type, or the API.</param>
/// <param name="Severity">Null where nothing was found.</param>
/// <param name="Count">Occurrences of the whole finding, at least 1.</param>
public sealed record Signal(
    string Uid, SignalType Type, string Name, string Description, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, double? Severity, long Count,
    IReadOnlyList<string> ResourceUids, IReadOnlyList<string> ActorIds, IReadOnlyList<string> EndpointIds, IReadOnlyList<Indicator> Indicators);

/// <summary>Those of the model's kinds that signals here come from.</summary>
public enum SignalType { Finding, CloudTrail, S3DataEvents }

/// <param name="Key">One of the model's, such as <c>ATTACK_TACTIC</c>.</param>
/// <param name="Values">At least one.</param>
public sealed record Indicator(string Key, IReadOnlyList<string> Values, string? Title = null);
