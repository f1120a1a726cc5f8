using System.Text.Json;

namespace Yagura.Core.Findings;

/// <remarks>The part that reads <see cref="AttackSequence"/>.</remarks>
internal sealed partial class FindingReader
{
    private AttackSequence? Sequence(JsonElement sequence) => sequence.ValueKind != JsonValueKind.Object ? null : new(
        Required(sequence, "uid"), Required(sequence, "description"), Items(sequence, "actors", Actor), Items(sequence, "resources", SequenceResource),
        Items(sequence, "endpoints", Endpoint), Items(sequence, "signals", Signal), Items(sequence, "sequenceIndicators", Indicator))
    {
        AdditionalTypes = Texts(sequence, "additionalSequenceTypes"),
    };

    private SequenceActor Actor(JsonElement actor)
    {
        var user = Child(actor, "user");
        var session = Child(actor, "session");
        return new(
            Required(actor, "id"),
            new(Required(user, "name"), Required(user, "uid"), Required(user, "type"), Text(user, "credentialUid"), Required(Child(user, "account"), "uid")),
            session.ValueKind == JsonValueKind.Undefined ? null : new(Text(session, "uid"), Text(session, "issuer")));
    }

    private SequenceResource SequenceResource(JsonElement resource)
    {
        var type = Named(resource, "resourceType", Enum.GetValues<SequenceResourceType>(), AttackSequenceJson.NameOf);
        var data = Child(resource, "data");
        var (uid, name) = (Required(resource, "uid"), Required(resource, "name"));
        return new(uid, type, name, Required(resource, "accountId"), Required(resource, "region"))
        {
            Tags = Items(resource, "tags", Tag),
            AccessKey = Child(data, "accessKey") is { ValueKind: JsonValueKind.Object } key ? new(uid, Text(key, "principalId"), Text(key, "userName"), Text(key, "userType")) : null,
            Bucket = Child(data, "s3Bucket") is { ValueKind: JsonValueKind.Object } bucket ? SequenceBucket(name, bucket) : null,
            Instance = Child(data, "ec2Instance") is { ValueKind: JsonValueKind.Object } instance ? SequenceInstance(name, instance) : null,
            InstanceUids = type is SequenceResourceType.AccessKey or SequenceResourceType.S3Bucket or SequenceResourceType.Ec2Instance
                ? [] : Texts(Child(data, AttackSequenceJson.GroupName(type)), "ec2InstanceUids"),
        };
    }

    private S3BucketDetails SequenceBucket(string name, JsonElement bucket) => new(name)
    {
        OwnerId = Text(bucket, "ownerId"),
        CreatedAt = EpochSeconds(bucket, "createdAt"),
        PublicAccess = Text(bucket, "effectivePermission") is { } permission ? new(permission) : null,
    };

    private InstanceDetails SequenceInstance(string id, JsonElement instance) => new()
    {
        InstanceId = id,
        AvailabilityZone = Text(instance, "availabilityZone"),
        ImageDescription = Text(instance, "imageDescription"),
        InstanceState = Text(instance, "instanceState"),
        IamInstanceProfile = Child(instance, "IamInstanceProfile") is { ValueKind: JsonValueKind.Object } profile ? new(Text(profile, "arn"), Text(profile, "id")) : null,
        InstanceType = Text(instance, "instanceType"),
        OutpostArn = Text(instance, "outpostArn"),
        Platform = Text(instance, "platform"),
        NetworkInterfaces = [.. Texts(instance, "ec2NetworkInterfaceUids").Select(network => new NetworkInterface { NetworkInterfaceId = network })],
    };

    private SequenceEndpoint Endpoint(JsonElement endpoint)
    {
        var place = Child(endpoint, "location");
        var network = Child(endpoint, "autonomousSystem");
        var address = IpAddress.None;
        if (Text(endpoint, "ip") is { } text && !IpAddress.TryParse(text, out address)) _error ??= "ip: not an address";
        var remote = address.IsNone ? null : new RemoteIp(address)
        {
            CityName = Text(place, "city"),
            CountryCode = Text(place, "country"),
            Latitude = Number(place, "lat"),
            Longitude = Number(place, "lon"),
            Asn = network.ValueKind == JsonValueKind.Undefined ? null : Whole(network, "number"),
            AsnOrganization = Text(network, "name"),
        };
        return new(
            Required(endpoint, "id"), remote, Text(endpoint, "domain"), Child(endpoint, "port").ValueKind == JsonValueKind.Undefined ? null : (int)Math.Clamp(Whole(endpoint, "port"), 0, ushort.MaxValue),
            Child(endpoint, "connection") is { ValueKind: JsonValueKind.Object } connection ? Choice<ConnectionDirection>(connection, "direction") : ConnectionDirection.Unknown);
    }

    private Signal Signal(JsonElement signal) => new(
        Required(signal, "uid"), Named(signal, "type", Enum.GetValues<SignalType>(), AttackSequenceJson.NameOf), Required(signal, "name"), Required(signal, "description"),
        EpochSeconds(signal, "firstSeenAt") ?? Missing<DateTimeOffset>("firstSeenAt"), EpochSeconds(signal, "lastSeenAt") ?? Missing<DateTimeOffset>("lastSeenAt"),
        Number(signal, "severity"), Whole(signal, "count"), Texts(signal, "resourceUids"), Texts(signal, "actorIds"), Texts(signal, "endpointIds"),
        Items(signal, "signalIndicators", Indicator));

    private Indicator Indicator(JsonElement indicator) => new(Required(indicator, "key"), Texts(indicator, "values"), Text(indicator, "title"));

    private T Named<T>(JsonElement parent, string name, IReadOnlyList<T> values, Func<T, string> nameOf) where T : struct
    {
        var text = Required(parent, name);
        foreach (var value in values)
            if (nameOf(value) == text) return value;
        _error ??= $"{name}: not a known value";
        return default;
    }
}
