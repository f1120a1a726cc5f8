using System.Globalization;
using System.Text.Json;
using Yagura.Core.FindingTypes;

namespace Yagura.Core.Findings;

/// <summary>Reads back what <see cref="FindingJson"/> writes; keys it does not know are passed over.</summary>
/// <remarks>The first value that does not fit is remembered by its path and the rest reads as absent, so the code below stays free of checks.</remarks>
internal sealed partial class FindingReader
{
    private string? _error;

    /// <summary>The finding, or why the bytes are none: the first path that does not fit. Never throws on bad input.</summary>
    public static (Finding? Finding, string? Error) Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var reader = new FindingReader();
            var finding = reader.Finding(document.RootElement);
            return reader._error is null ? (finding, null) : (null, reader._error);
        }
        catch (JsonException bad)
        {
            return (null, $"not JSON: line {bad.LineNumber + 1}, byte {bad.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            // The only way to learn that a JSON string holds half a surrogate pair.
            return (null, "a text holds an escape that is no character");
        }
    }

    private Finding Finding(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) _error ??= "not a JSON object";
        var type = Required(root, "type");
        if (_error is null && !FindingType.IsWellFormed(type)) _error = "type: not the name of a finding type";
        return new(
            Required(root, "accountId"), Required(root, "region"), Required(root, "id"), new FindingType(type), Number(root, "severity") ?? Missing<double>("severity"),
            Required(root, "title"), Required(root, "description"), Resource(Child(root, "resource")), Service(Child(root, "service")),
            Time(root, "createdAt"), Time(root, "updatedAt"), Explanation(Child(root, "yagura")))
        {
            AssociatedAttackSequenceArn = Text(root, "associatedAttackSequenceArn"),
        };
    }

    private Resource Resource(JsonElement resource) => new(Choice<ResourceType>(resource, "resourceType"))
    {
        AccessKeyDetails = Child(resource, "accessKeyDetails") is { ValueKind: JsonValueKind.Object } key
            ? new(Text(key, "accessKeyId"), Text(key, "principalId"), Text(key, "userName"), Text(key, "userType")) : null,
        InstanceDetails = Child(resource, "instanceDetails") is { ValueKind: JsonValueKind.Object } instance ? Instance(instance) : null,
        S3BucketDetails = Items(resource, "s3BucketDetails", Bucket),
    };

    private InstanceDetails Instance(JsonElement instance) => new()
    {
        InstanceId = Text(instance, "instanceId"),
        InstanceType = Text(instance, "instanceType"),
        LaunchTime = Child(instance, "launchTime").ValueKind == JsonValueKind.Undefined ? null : Time(instance, "launchTime"),
        Platform = Text(instance, "platform"),
        InstanceState = Text(instance, "instanceState"),
        AvailabilityZone = Text(instance, "availabilityZone"),
        ImageId = Text(instance, "imageId"),
        ImageDescription = Text(instance, "imageDescription"),
        OutpostArn = Text(instance, "outpostArn"),
        IamInstanceProfile = Child(instance, "iamInstanceProfile") is { ValueKind: JsonValueKind.Object } profile
            ? new(Text(profile, "arn"), Text(profile, "id")) : null,
        ProductCodes = Items(instance, "productCodes", code => new ProductCode(Text(code, "productCodeId"), Text(code, "productCodeType"))),
        Tags = Items(instance, "tags", Tag),
        NetworkInterfaces = Items(instance, "networkInterfaces", network => new NetworkInterface
        {
            NetworkInterfaceId = Text(network, "networkInterfaceId"),
            PrivateIpAddress = Text(network, "privateIpAddress"),
            PrivateDnsName = Text(network, "privateDnsName"),
            PrivateIpAddresses = Items(network, "privateIpAddresses",
                address => new PrivateIpAddress(Text(address, "privateDnsName"), Text(address, "privateIpAddress"))),
            PublicIp = Text(network, "publicIp"),
            PublicDnsName = Text(network, "publicDnsName"),
            Ipv6Addresses = Texts(network, "ipv6Addresses"),
            SubnetId = Text(network, "subnetId"),
            VpcId = Text(network, "vpcId"),
            SecurityGroups = Items(network, "securityGroups", group => new SecurityGroup(Text(group, "groupId"), Text(group, "groupName"))),
        }),
    };

    private S3BucketDetails Bucket(JsonElement bucket) => new(Required(bucket, "name"), Required(bucket, "type"))
    {
        CreatedAt = EpochSeconds(bucket, "createdAt"),
        OwnerId = Text(Child(bucket, "owner"), "id"),
        Tags = Items(bucket, "tags", Tag),
        PublicAccess = Child(bucket, "publicAccess") is { ValueKind: JsonValueKind.Object } access ? PublicAccess(access) : null,
    };

    private S3PublicAccess PublicAccess(JsonElement access)
    {
        var permissions = Child(access, "permissionConfiguration");
        var ofBucket = Child(permissions, "bucketLevelPermissions");
        return new(Required(access, "effectivePermission"))
        {
            AccessControlList = Grants(Child(ofBucket, "accessControlList")),
            BucketPolicy = Grants(Child(ofBucket, "bucketPolicy")),
            BucketBlockPublicAccess = Block(Child(ofBucket, "blockPublicAccess")),
            AccountBlockPublicAccess = Block(Child(Child(permissions, "accountLevelPermissions"), "blockPublicAccess")),
        };
    }

    private PublicGrants? Grants(JsonElement grants) => grants.ValueKind == JsonValueKind.Undefined
        ? null : new(Flag(grants, "allowsPublicReadAccess"), Flag(grants, "allowsPublicWriteAccess"));

    private BlockPublicAccess? Block(JsonElement block) => block.ValueKind == JsonValueKind.Undefined ? null : new(
        Flag(block, "ignorePublicAcls"), Flag(block, "restrictPublicBuckets"), Flag(block, "blockPublicAcls"), Flag(block, "blockPublicPolicy"));

    private Tag Tag(JsonElement tag) => new(Required(tag, "key"), Required(tag, "value"));

    private Service Service(JsonElement service) => new(
        Required(service, "detectorId"), Child(service, "action").ValueKind == JsonValueKind.Undefined ? null : Action(Child(service, "action")),
        Child(service, "resourceRole").ValueKind == JsonValueKind.Undefined ? null : Choice<ResourceRole>(service, "resourceRole"),
        Items(Child(service, "evidence"), "threatIntelligenceDetails",
            threat => new ThreatIntelligenceDetail(Required(threat, "threatListName"), Texts(threat, "threatNames"), Text(threat, "threatFileSha256"))),
        AdditionalInfo(Child(service, "additionalInfo")), Time(service, "eventFirstSeen"), Time(service, "eventLastSeen"), Whole(service, "count"),
        Flag(service, "archived"))
    {
        FeatureName = Text(service, "featureName"),
        UserFeedback = Feedback(Text(service, "userFeedback")),
        Sequence = Sequence(Child(Child(service, "detection"), "sequence")),
    };

    private UserFeedback? Feedback(string? text)
    {
        switch (text)
        {
            case null: return null;
            case "USEFUL": return UserFeedback.Useful;
            case "NOT_USEFUL": return UserFeedback.NotUseful;
            default:
                _error ??= "userFeedback: not a known value";
                return null;
        }
    }

    private FindingAction Action(JsonElement action)
    {
        switch (Required(action, "actionType"))
        {
            case "AWS_API_CALL":
                var call = Child(action, "awsApiCallAction");
                var account = Child(call, "remoteAccountDetails");
                return new AwsApiCallAction(Required(call, "api"), Required(call, "serviceName"), Required(call, "callerType"),
                    Child(call, "remoteIpDetails") is { ValueKind: JsonValueKind.Object } caller ? Remote(caller) : null)
                {
                    ErrorCode = Text(call, "errorCode"),
                    UserAgent = Text(call, "userAgent"),
                    Domain = Text(Child(call, "domainDetails"), "domain"),
                    RemoteAccount = account.ValueKind == JsonValueKind.Undefined ? null : new(Required(account, "accountId"), Flag(account, "affiliated")),
                    AffectedResources = Members(Child(call, "affectedResources")),
                };
            case "NETWORK_CONNECTION":
                var connection = Child(action, "networkConnectionAction");
                return new NetworkConnectionAction(Choice<ConnectionDirection>(connection, "connectionDirection"), Required(connection, "protocol"),
                    Flag(connection, "blocked"), Port(connection, "localPortDetails"), Port(connection, "remotePortDetails"),
                    Address(Child(connection, "localIpDetails")), Remote(Child(connection, "remoteIpDetails")))
                {
                    LocalNetworkInterface = Text(connection, "localNetworkInterface"),
                };
            case "PORT_PROBE":
                var probe = Child(action, "portProbeAction");
                return new PortProbeAction(Flag(probe, "blocked"), Items(probe, "portProbeDetails", one => new PortProbe(
                    Port(one, "localPortDetails") ?? Missing<int>("localPortDetails"), Address(Child(one, "localIpDetails")), Remote(Child(one, "remoteIpDetails")))));
            case "DNS_REQUEST":
                var dns = Child(action, "dnsRequestAction");
                return new DnsRequestAction(Required(dns, "domain"), Text(dns, "domainWithSuffix"), Required(dns, "protocol"), Flag(dns, "blocked"))
                {
                    VpcOwnerAccountId = Text(dns, "vpcOwnerAccountId"),
                };
            default:
                _error ??= "actionType: not one that is written here";
                return new AwsApiCallAction("", "", "", null);
        }
    }

    private RemoteIp Remote(JsonElement remote)
    {
        var organization = Child(remote, "organization");
        var asn = Text(organization, "asn");
        if (asn is not null && !long.TryParse(asn, NumberStyles.None, CultureInfo.InvariantCulture, out _)) _error ??= "asn: not a number";
        return new(Address(remote))
        {
            CountryName = Text(Child(remote, "country"), "countryName"),
            CountryCode = Text(Child(remote, "country"), "countryCode"),
            CityName = Text(Child(remote, "city"), "cityName"),
            Latitude = Number(Child(remote, "geoLocation"), "lat"),
            Longitude = Number(Child(remote, "geoLocation"), "lon"),
            Asn = long.TryParse(asn, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
            AsnOrganization = Text(organization, "asnOrg"),
            Isp = Text(organization, "isp"),
            Organization = Text(organization, "org"),
        };
    }

    private IpAddress Address(JsonElement details)
    {
        var text = Text(details, "ipAddressV4") ?? Text(details, "ipAddressV6");
        if (text is null) return IpAddress.None;
        if (IpAddress.TryParse(text, out var address)) return address;
        _error ??= "ipAddress: not an address";
        return IpAddress.None;
    }

    private int? Port(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.Object } details ? (int)Math.Clamp(Whole(details, "port"), 0, ushort.MaxValue) : null;

    private List<KeyValuePair<string, string>> AdditionalInfo(JsonElement info)
    {
        if (Text(info, "value") is not { } text) return [];
        using var decoded = JsonDocument.Parse(text);
        var members = new List<KeyValuePair<string, string>>();
        Flatten(decoded.RootElement, "", members);
        return members;
    }

    private void Flatten(JsonElement map, string path, List<KeyValuePair<string, string>> members)
    {
        if (map.ValueKind != JsonValueKind.Object) return;
        foreach (var member in map.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object) Flatten(member.Value, $"{path}{member.Name}.", members);
            else if (member.Value.ValueKind == JsonValueKind.String) members.Add(new(path + member.Name, member.Value.GetString()!));
            else _error ??= $"{member.Name}: not a text";
        }
    }

    private Explanation Explanation(JsonElement explanation) => new(
        Required(explanation, "why"),
        Items(explanation, "evidence", record => new EvidenceRecord(Required(record, "object"), Whole(record, "record"), Time(record, "time"),
            Required(record, "identity"), Required(record, "summary"))),
        Flag(explanation, "countIsEstimate"), Required(explanation, "version"), Required(explanation, "configuration"), Text(explanation, "intelligence"))
    {
        Anomaly = Child(explanation, "anomaly") is { ValueKind: JsonValueKind.Object } anomaly ? Anomaly(anomaly) : null,
    };

    private Anomaly Anomaly(JsonElement anomaly) => new(
        Amount(anomaly, "score"), Amount(anomaly, "threshold"), Required(anomaly, "unit"), History(Child(anomaly, "history")),
        Items(anomaly, "parts", part => new ScorePart(Required(part, "feature"), Required(part, "seen"), Amount(part, "score"), Items(part, "compared", Comparison))),
        Texts(anomaly, "quiet"))
    {
        Profile = Child(anomaly, "profile") is { ValueKind: JsonValueKind.Object } profile ? Profile(profile) : null,
    };

    private LearningProgress History(JsonElement history) => new(
        Required(history, "entity"), Days(history, "days"), Days(history, "window"), Days(history, "needed"), Day(history, "since"));

    private Comparison Comparison(JsonElement level) => new(
        Required(level, "level"), Required(level, "whom"), Child(level, "daysSeen").ValueKind == JsonValueKind.Undefined ? null : Days(level, "daysSeen"), Days(level, "days"),
        Day(level, "firstSeen"), Child(level, "usual") is { ValueKind: JsonValueKind.Object } usual
            ? new Quantiles(Whole(usual, "count"), Amount(usual, "median"), Amount(usual, "p90"), Amount(usual, "most"), Required(usual, "unit")) : null);

    private BehaviourProfile Profile(JsonElement profile) => new(
        Items(profile, "anomalousApis", api => new AnomalousApi(Required(api, "service"), Required(api, "api"), Required(api, "outcome"))),
        Items(profile, "usual", values => new UsualValues(Choice<BehaviourKind>(values, "kind"), Choice<BehaviourScope>(values, "scope"))
        {
            Rare = Texts(values, "rare"), Infrequent = Texts(values, "infrequent"), Frequent = Texts(values, "frequent"), Unusual = Texts(values, "unusual"),
        }))
    {
        Volumes = Items(profile, "volumes", volume => new CallVolume(
            Choice<VolumeScope>(volume, "scope"), Whole(volume, "past24Hours"), Amount(volume, "dailyAverage"), Whole(volume, "dailyMost"))),
        IsUnusualUserIdentity = Flag(profile, "isUnusualUserIdentity"),
    };

    /// <summary>The member, or an undefined element where it is absent or null.</summary>
    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? child : default;

    private string? Text(JsonElement parent, string name)
    {
        var child = Child(parent, name);
        if (child.ValueKind == JsonValueKind.String) return child.GetString();
        if (child.ValueKind != JsonValueKind.Undefined) _error ??= $"{name}: not a text";
        return null;
    }

    private string Required(JsonElement parent, string name) => Text(parent, name) ?? Missing<string>(name) ?? "";

    private T? Missing<T>(string name)
    {
        _error ??= $"{name}: missing";
        return default;
    }

    private double? Number(JsonElement parent, string name)
    {
        var child = Child(parent, name);
        if (child.ValueKind == JsonValueKind.Number && child.TryGetDouble(out var number)) return number;
        if (child.ValueKind != JsonValueKind.Undefined) _error ??= $"{name}: not a number";
        return null;
    }

    private double Amount(JsonElement parent, string name) => Number(parent, name) ?? Missing<double>(name);

    private int Days(JsonElement parent, string name) => (int)Math.Clamp(Whole(parent, name), 0, int.MaxValue);

    private DateOnly? Day(JsonElement parent, string name)
    {
        if (Text(parent, name) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        _error ??= $"{name}: not a day";
        return null;
    }

    private long Whole(JsonElement parent, string name)
    {
        var child = Child(parent, name);
        if (child.ValueKind == JsonValueKind.Number && child.TryGetInt64(out var number)) return number;
        _error ??= $"{name}: not a whole number";
        return 0;
    }

    private bool Flag(JsonElement parent, string name)
    {
        var child = Child(parent, name);
        if (child.ValueKind is JsonValueKind.True or JsonValueKind.False) return child.GetBoolean();
        _error ??= $"{name}: not true or false";
        return false;
    }

    private T Choice<T>(JsonElement parent, string name)
        where T : struct, Enum
    {
        var text = Required(parent, name);
        // Names only: Enum.TryParse would take "7" for a value.
        if (text.Length > 0 && char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value)) return value;
        _error ??= $"{name}: not a known value";
        return default;
    }

    private DateTimeOffset Time(JsonElement parent, string name)
    {
        var text = Required(parent, name);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        _error ??= $"{name}: not a time";
        return default;
    }

    private DateTimeOffset? EpochSeconds(JsonElement parent, string name)
    {
        const long Latest = 253_402_300_799; // the end of the year 9999
        if (Number(parent, name) is not { } seconds) return null;
        if (seconds is >= 0 and <= Latest) return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
        _error ??= $"{name}: not a time";
        return null;
    }

    private List<T> Items<T>(JsonElement parent, string name, Func<JsonElement, T> read)
    {
        var list = new List<T>();
        var child = Child(parent, name);
        if (child.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in child.EnumerateArray()) list.Add(read(item));
        }
        else if (child.ValueKind != JsonValueKind.Undefined) _error ??= $"{name}: not a list";
        return list;
    }

    private List<string> Texts(JsonElement parent, string name) => Items(parent, name, item =>
    {
        if (item.ValueKind == JsonValueKind.String) return item.GetString()!;
        _error ??= $"{name}: not a list of texts";
        return "";
    });

    private List<KeyValuePair<string, string>> Members(JsonElement map)
    {
        var members = new List<KeyValuePair<string, string>>();
        if (map.ValueKind != JsonValueKind.Object) return members;
        foreach (var member in map.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String) _error ??= $"{member.Name}: not a text";
            else members.Add(new(member.Name, member.Value.GetString()!));
        }
        return members;
    }
}
