using System.Text.Json;

namespace Yagura.Core.Findings;

/// <summary>Writes <c>service.detection.sequence</c> as the API's model has it.</summary>
/// <remarks>Its names are not those of the rest of the finding: an account's name stands under <c>account</c> beside its <c>uid</c>, an instance's profile begins with a capital, a subnet is
/// <c>subNetId</c>, and times are numbers of epoch seconds. A place or a network of which the model wants more than is known is left out.</remarks>
internal static class AttackSequenceJson
{
    public static void Write(Utf8JsonWriter json, AttackSequence sequence, string partition)
    {
        json.WriteStartObject("sequence");
        json.WriteString("uid", sequence.Uid);
        json.WriteString("description", sequence.Description);
        FindingJson.Array(json, "actors", sequence.Actors, WriteActor);
        FindingJson.Array(json, "resources", sequence.Resources, (json, resource) => WriteResource(json, resource, partition));
        FindingJson.Array(json, "endpoints", sequence.Endpoints, WriteEndpoint);
        FindingJson.Array(json, "signals", sequence.Signals, WriteSignal);
        FindingJson.Array(json, "sequenceIndicators", sequence.Indicators, WriteIndicator);
        FindingJson.Array(json, "additionalSequenceTypes", sequence.AdditionalTypes, static (json, type) => json.WriteStringValue(type));
        json.WriteEndObject();
    }

    /// <summary>The model's word for a kind of resource, such as <c>S3_BUCKET</c>.</summary>
    public static string NameOf(SequenceResourceType type) => type switch
    {
        SequenceResourceType.AccessKey => "ACCESS_KEY",
        SequenceResourceType.S3Bucket => "S3_BUCKET",
        SequenceResourceType.Ec2Instance => "EC2_INSTANCE",
        SequenceResourceType.AutoscalingAutoScalingGroup => "AUTOSCALING_AUTO_SCALING_GROUP",
        SequenceResourceType.IamInstanceProfile => "IAM_INSTANCE_PROFILE",
        SequenceResourceType.CloudformationStack => "CLOUDFORMATION_STACK",
        SequenceResourceType.Ec2LaunchTemplate => "EC2_LAUNCH_TEMPLATE",
    };

    /// <summary>The model's word for where a signal comes from, such as <c>CLOUD_TRAIL</c>.</summary>
    public static string NameOf(SignalType type) => type switch
    {
        SignalType.Finding => "FINDING",
        SignalType.CloudTrail => "CLOUD_TRAIL",
        SignalType.S3DataEvents => "S3_DATA_EVENTS",
    };

    private static void WriteActor(Utf8JsonWriter json, SequenceActor actor)
    {
        json.WriteStartObject();
        json.WriteString("id", actor.Id);
        json.WriteStartObject("user");
        json.WriteString("name", actor.User.Name);
        json.WriteString("uid", actor.User.Uid);
        json.WriteString("type", actor.User.Type);
        FindingJson.Text(json, "credentialUid", actor.User.CredentialUid);
        json.WriteStartObject("account");
        json.WriteString("uid", actor.User.AccountId);
        json.WriteEndObject();
        json.WriteEndObject();
        if (actor.Session is { } session)
        {
            json.WriteStartObject("session");
            FindingJson.Text(json, "uid", session.Uid);
            FindingJson.Text(json, "issuer", session.Issuer);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, SequenceResource resource, string partition)
    {
        json.WriteStartObject();
        json.WriteString("uid", resource.Uid);
        json.WriteString("name", resource.Name);
        json.WriteString("accountId", resource.AccountId);
        json.WriteString("resourceType", NameOf(resource.Type));
        json.WriteString("region", resource.Region);
        json.WriteString("cloudPartition", partition);
        FindingJson.Array(json, "tags", resource.Tags, FindingJson.WriteTag);
        json.WriteStartObject("data");
        if (resource.AccessKey is { } key) WriteAccessKey(json, key);
        if (resource.Bucket is { } bucket) WriteBucket(json, bucket);
        if (resource.Instance is { } instance) WriteInstance(json, instance);
        if (resource.InstanceUids.Count > 0)
        {
            json.WriteStartObject(GroupName(resource.Type));
            FindingJson.Array(json, "ec2InstanceUids", resource.InstanceUids, static (json, uid) => json.WriteStringValue(uid));
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // The model names a kind of data as it names the kind of resource, in another case.
    internal static string GroupName(SequenceResourceType type) => type switch
    {
        SequenceResourceType.AutoscalingAutoScalingGroup => "autoscalingAutoScalingGroup",
        SequenceResourceType.IamInstanceProfile => "iamInstanceProfile",
        SequenceResourceType.CloudformationStack => "cloudformationStack",
        SequenceResourceType.Ec2LaunchTemplate => "ec2LaunchTemplate",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no group of instances"),
    };

    private static void WriteAccessKey(Utf8JsonWriter json, AccessKeyDetails key)
    {
        json.WriteStartObject("accessKey");
        FindingJson.Text(json, "principalId", key.PrincipalId);
        FindingJson.Text(json, "userName", key.UserName);
        FindingJson.Text(json, "userType", key.UserType);
        json.WriteEndObject();
    }

    private static void WriteBucket(Utf8JsonWriter json, S3BucketDetails bucket)
    {
        json.WriteStartObject("s3Bucket");
        FindingJson.Text(json, "ownerId", bucket.OwnerId);
        if (bucket.CreatedAt is { } created) FindingJson.EpochSeconds(json, "createdAt", created);
        FindingJson.Text(json, "effectivePermission", bucket.PublicAccess?.EffectivePermission);
        json.WriteEndObject();
    }

    private static void WriteInstance(Utf8JsonWriter json, InstanceDetails instance)
    {
        json.WriteStartObject("ec2Instance");
        FindingJson.Text(json, "availabilityZone", instance.AvailabilityZone);
        FindingJson.Text(json, "imageDescription", instance.ImageDescription);
        FindingJson.Text(json, "instanceState", instance.InstanceState);
        if (instance.IamInstanceProfile is { } profile)
        {
            json.WriteStartObject("IamInstanceProfile");
            FindingJson.Text(json, "arn", profile.Arn);
            FindingJson.Text(json, "id", profile.Id);
            json.WriteEndObject();
        }
        FindingJson.Text(json, "instanceType", instance.InstanceType);
        FindingJson.Text(json, "outpostArn", instance.OutpostArn);
        FindingJson.Text(json, "platform", instance.Platform);
        FindingJson.Array(
            json, "ec2NetworkInterfaceUids", [.. instance.NetworkInterfaces.Select(network => network.NetworkInterfaceId).OfType<string>()],
            static (json, uid) => json.WriteStringValue(uid));
        json.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter json, SequenceEndpoint endpoint)
    {
        json.WriteStartObject();
        json.WriteString("id", endpoint.Id);
        if (endpoint.Remote is { } remote)
        {
            if (!remote.Address.IsNone) json.WriteString("ip", remote.Address.ToString());
            if (remote is { CityName: { } city, CountryCode: { } country, Latitude: { } latitude, Longitude: { } longitude })
            {
                json.WriteStartObject("location");
                json.WriteString("city", city);
                json.WriteString("country", country);
                json.WriteNumber("lat", latitude);
                json.WriteNumber("lon", longitude);
                json.WriteEndObject();
            }
            if (remote is { Asn: { } number, AsnOrganization: { } name })
            {
                json.WriteStartObject("autonomousSystem");
                json.WriteString("name", name);
                json.WriteNumber("number", number);
                json.WriteEndObject();
            }
        }
        FindingJson.Text(json, "domain", endpoint.Domain);
        if (endpoint.Port is { } port) json.WriteNumber("port", port);
        if (endpoint.Direction != ConnectionDirection.Unknown)
        {
            json.WriteStartObject("connection");
            json.WriteString("direction", endpoint.Direction == ConnectionDirection.Inbound ? "INBOUND" : "OUTBOUND");
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteSignal(Utf8JsonWriter json, Signal signal)
    {
        json.WriteStartObject();
        json.WriteString("uid", signal.Uid);
        json.WriteString("type", NameOf(signal.Type));
        json.WriteString("description", signal.Description);
        json.WriteString("name", signal.Name);
        // A signal is known from its first occurrence on.
        FindingJson.EpochSeconds(json, "createdAt", signal.FirstSeen);
        FindingJson.EpochSeconds(json, "updatedAt", signal.LastSeen);
        FindingJson.EpochSeconds(json, "firstSeenAt", signal.FirstSeen);
        FindingJson.EpochSeconds(json, "lastSeenAt", signal.LastSeen);
        if (signal.Severity is { } severity) json.WriteNumber("severity", severity);
        json.WriteNumber("count", Math.Min(signal.Count, int.MaxValue));
        FindingJson.Array(json, "resourceUids", signal.ResourceUids, static (json, uid) => json.WriteStringValue(uid));
        FindingJson.Array(json, "actorIds", signal.ActorIds, static (json, id) => json.WriteStringValue(id));
        FindingJson.Array(json, "endpointIds", signal.EndpointIds, static (json, id) => json.WriteStringValue(id));
        FindingJson.Array(json, "signalIndicators", signal.Indicators, WriteIndicator);
        json.WriteEndObject();
    }

    private static void WriteIndicator(Utf8JsonWriter json, Indicator indicator)
    {
        json.WriteStartObject();
        json.WriteString("key", indicator.Key);
        FindingJson.Array(json, "values", indicator.Values, static (json, value) => json.WriteStringValue(value));
        FindingJson.Text(json, "title", indicator.Title);
        json.WriteEndObject();
    }
}
