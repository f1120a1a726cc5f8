using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Yagura.Core.Findings;

/// <summary>A finding as GuardDuty sends it: the tree of the EventBridge detail and of the export to S3, with a block <c>yagura</c> at the end.</summary>
/// <remarks>Keys stand in the order that was observed in real findings. A fact that is not known is left out; <c>evidence</c> alone is null where no
/// list took part, as in the real service. Times are ISO 8601 in UTC with milliseconds; the creation of a bucket, and times of signals, are numbers of epoch seconds.
/// Source: GuardDuty API model 2017-11-28.</remarks>
public static class FindingJson
{
    // Type names hold '&' and must stay searchable. The text is JSON for machines: whoever puts it into HTML has to escape it there.
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The finding on one line, without a line feed.</summary>
    public static string ToJson(Finding finding) => Encoding.UTF8.GetString(ToUtf8(finding));

    /// <inheritdoc cref="ToJson"/>
    public static byte[] ToUtf8(Finding finding)
    {
        var bytes = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(bytes, Options)) Write(json, finding);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads a finding that was written here; keys it does not know are passed over. Never throws on bad input.</summary>
    /// <param name="error">The first path that does not fit.</param>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out Finding? finding, [NotNullWhen(false)] out string? error)
    {
        (finding, error) = FindingReader.Read(json);
        return finding is not null;
    }

    public static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("schemaVersion", Finding.SchemaVersion);
        json.WriteString("accountId", finding.AccountId);
        json.WriteString("region", finding.Region);
        json.WriteString("partition", finding.Partition);
        json.WriteString("id", finding.Id);
        json.WriteString("arn", finding.Arn);
        json.WriteString("type", finding.Type.Name);
        WriteResource(json, finding.Resource, finding.Partition);
        WriteService(json, finding.Service, finding.Partition, finding.Explanation.Anomaly?.Profile);
        json.WriteNumber("severity", finding.Severity);
        Time(json, "createdAt", finding.CreatedAt);
        Time(json, "updatedAt", finding.UpdatedAt);
        json.WriteString("title", finding.Title);
        json.WriteString("description", finding.Description);
        Text(json, "associatedAttackSequenceArn", finding.AssociatedAttackSequenceArn);
        WriteExplanation(json, finding.Explanation);
        json.WriteEndObject();
    }

    /// <summary>ISO 8601 in UTC with milliseconds, such as <c>2022-11-17T09:33:19.224Z</c>.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteResource(Utf8JsonWriter json, Resource resource, string partition)
    {
        json.WriteStartObject("resource");
        json.WriteString("resourceType", resource.ResourceType.ToString());
        if (resource.AccessKeyDetails is { } key)
        {
            json.WriteStartObject("accessKeyDetails");
            Text(json, "accessKeyId", key.AccessKeyId);
            Text(json, "principalId", key.PrincipalId);
            Text(json, "userName", key.UserName);
            Text(json, "userType", key.UserType);
            json.WriteEndObject();
        }
        if (resource.S3BucketDetails.Count > 0) Array(json, "s3BucketDetails", resource.S3BucketDetails, (json, bucket) => WriteBucket(json, bucket, partition));
        if (resource.InstanceDetails is { } instance) WriteInstance(json, instance);
        json.WriteEndObject();
    }

    private static void WriteInstance(Utf8JsonWriter json, InstanceDetails instance)
    {
        json.WriteStartObject("instanceDetails");
        Text(json, "instanceId", instance.InstanceId);
        Text(json, "instanceType", instance.InstanceType);
        Text(json, "outpostArn", instance.OutpostArn);
        if (instance.LaunchTime is { } launched) Time(json, "launchTime", launched);
        Text(json, "platform", instance.Platform);
        Array(json, "productCodes", instance.ProductCodes, static (json, code) =>
        {
            json.WriteStartObject();
            Text(json, "productCodeId", code.ProductCodeId);
            Text(json, "productCodeType", code.ProductCodeType);
            json.WriteEndObject();
        });
        if (instance.IamInstanceProfile is { } profile)
        {
            json.WriteStartObject("iamInstanceProfile");
            Text(json, "arn", profile.Arn);
            Text(json, "id", profile.Id);
            json.WriteEndObject();
        }
        Array(json, "networkInterfaces", instance.NetworkInterfaces, WriteInterface);
        Array(json, "tags", instance.Tags, WriteTag);
        Text(json, "instanceState", instance.InstanceState);
        Text(json, "availabilityZone", instance.AvailabilityZone);
        Text(json, "imageId", instance.ImageId);
        Text(json, "imageDescription", instance.ImageDescription);
        json.WriteEndObject();
    }

    private static void WriteInterface(Utf8JsonWriter json, NetworkInterface network)
    {
        json.WriteStartObject();
        Array(json, "ipv6Addresses", network.Ipv6Addresses, static (json, address) => json.WriteStringValue(address));
        Text(json, "networkInterfaceId", network.NetworkInterfaceId);
        Text(json, "privateDnsName", network.PrivateDnsName);
        Text(json, "privateIpAddress", network.PrivateIpAddress);
        Array(json, "privateIpAddresses", network.PrivateIpAddresses, static (json, address) =>
        {
            json.WriteStartObject();
            Text(json, "privateDnsName", address.PrivateDnsName);
            Text(json, "privateIpAddress", address.Address);
            json.WriteEndObject();
        });
        Text(json, "subnetId", network.SubnetId);
        Text(json, "vpcId", network.VpcId);
        Array(json, "securityGroups", network.SecurityGroups, static (json, group) =>
        {
            json.WriteStartObject();
            Text(json, "groupName", group.GroupName);
            Text(json, "groupId", group.GroupId);
            json.WriteEndObject();
        });
        Text(json, "publicDnsName", network.PublicDnsName);
        Text(json, "publicIp", network.PublicIp);
        json.WriteEndObject();
    }

    private static void WriteBucket(Utf8JsonWriter json, S3BucketDetails bucket, string partition)
    {
        json.WriteStartObject();
        json.WriteString("arn", $"arn:{partition}:s3:::{bucket.Name}");
        json.WriteString("name", bucket.Name);
        if (bucket.CreatedAt is { } created) EpochSeconds(json, "createdAt", created);
        Array(json, "tags", bucket.Tags, WriteTag);
        if (bucket.OwnerId is not null)
        {
            json.WriteStartObject("owner");
            json.WriteString("id", bucket.OwnerId);
            json.WriteEndObject();
        }
        if (bucket.PublicAccess is { } access) WritePublicAccess(json, access);
        json.WriteString("type", bucket.Type);
        json.WriteEndObject();
    }

    private static void WritePublicAccess(Utf8JsonWriter json, S3PublicAccess access)
    {
        json.WriteStartObject("publicAccess");
        json.WriteStartObject("permissionConfiguration");
        json.WriteStartObject("bucketLevelPermissions");
        WriteGrants(json, "accessControlList", access.AccessControlList);
        WriteGrants(json, "bucketPolicy", access.BucketPolicy);
        WriteBlock(json, access.BucketBlockPublicAccess);
        json.WriteEndObject();
        json.WriteStartObject("accountLevelPermissions");
        WriteBlock(json, access.AccountBlockPublicAccess);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("effectivePermission", access.EffectivePermission);
        json.WriteEndObject();
    }

    private static void WriteGrants(Utf8JsonWriter json, string name, PublicGrants? grants)
    {
        if (grants is null) return;
        json.WriteStartObject(name);
        json.WriteBoolean("allowsPublicReadAccess", grants.AllowsPublicReadAccess);
        json.WriteBoolean("allowsPublicWriteAccess", grants.AllowsPublicWriteAccess);
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json, BlockPublicAccess? block)
    {
        if (block is null) return;
        json.WriteStartObject("blockPublicAccess");
        json.WriteBoolean("ignorePublicAcls", block.IgnorePublicAcls);
        json.WriteBoolean("restrictPublicBuckets", block.RestrictPublicBuckets);
        json.WriteBoolean("blockPublicAcls", block.BlockPublicAcls);
        json.WriteBoolean("blockPublicPolicy", block.BlockPublicPolicy);
        json.WriteEndObject();
    }

    internal static void WriteTag(Utf8JsonWriter json, Tag tag)
    {
        json.WriteStartObject();
        json.WriteString("key", tag.Key);
        json.WriteString("value", tag.Value);
        json.WriteEndObject();
    }

    private static void WriteService(Utf8JsonWriter json, Service service, string partition, BehaviourProfile? profile)
    {
        json.WriteStartObject("service");
        json.WriteString("serviceName", Service.ServiceName);
        json.WriteString("detectorId", service.DetectorId);
        Text(json, "featureName", service.FeatureName);
        if (service.Action is { } action)
        {
            json.WriteStartObject("action");
            WriteAction(json, action);
            json.WriteEndObject();
        }
        if (service.ResourceRole is { } role) json.WriteString("resourceRole", role == ResourceRole.Target ? "TARGET" : "ACTOR");
        WriteAdditionalInfo(json, service.AdditionalInfo);
        if (service.ThreatIntelligence.Count == 0) json.WriteNull("evidence");
        else
        {
            json.WriteStartObject("evidence");
            Array(json, "threatIntelligenceDetails", service.ThreatIntelligence, static (json, threat) =>
            {
                json.WriteStartObject();
                json.WriteString("threatListName", threat.ThreatListName);
                Array(json, "threatNames", threat.ThreatNames, static (json, name) => json.WriteStringValue(name));
                Text(json, "threatFileSha256", threat.ThreatFileSha256);
                json.WriteEndObject();
            });
            json.WriteEndObject();
        }
        Time(json, "eventFirstSeen", service.EventFirstSeen);
        Time(json, "eventLastSeen", service.EventLastSeen);
        json.WriteBoolean("archived", service.Archived);
        json.WriteNumber("count", service.Count);
        if (service.UserFeedback is { } feedback) json.WriteString("userFeedback", feedback == UserFeedback.Useful ? "USEFUL" : "NOT_USEFUL");
        if (profile is not null) BehaviourLayout.WriteDetection(json, profile);
        if (service.Sequence is { } sequence)
        {
            json.WriteStartObject("detection");
            AttackSequenceJson.Write(json, sequence, partition);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, FindingAction action)
    {
        json.WriteString("actionType", action.ActionType);
        switch (action)
        {
            case AwsApiCallAction call:
                json.WriteStartObject("awsApiCallAction");
                json.WriteString("api", call.Api);
                json.WriteString("serviceName", call.ServiceName);
                json.WriteString("callerType", call.CallerType);
                Text(json, "errorCode", call.ErrorCode);
                Text(json, "userAgent", call.UserAgent);
                if (call.RemoteIp is { } caller) WriteRemote(json, caller);
                if (call.Domain is not null)
                {
                    json.WriteStartObject("domainDetails");
                    json.WriteString("domain", call.Domain);
                    json.WriteEndObject();
                }
                if (call.RemoteAccount is { } account)
                {
                    json.WriteStartObject("remoteAccountDetails");
                    json.WriteString("accountId", account.AccountId);
                    json.WriteBoolean("affiliated", account.Affiliated);
                    json.WriteEndObject();
                }
                json.WriteStartObject("affectedResources");
                foreach (var (type, name) in call.AffectedResources) json.WriteString(type, name);
                json.WriteEndObject();
                break;
            case NetworkConnectionAction connection:
                json.WriteStartObject("networkConnectionAction");
                json.WriteString("connectionDirection", connection.Direction switch
                {
                    ConnectionDirection.Inbound => "INBOUND",
                    ConnectionDirection.Outbound => "OUTBOUND",
                    _ => "UNKNOWN",
                });
                WriteRemote(json, connection.RemoteIp);
                WritePort(json, "remotePortDetails", connection.RemotePort);
                WritePort(json, "localPortDetails", connection.LocalPort);
                WriteLocal(json, connection.LocalIp);
                json.WriteString("protocol", connection.Protocol);
                json.WriteBoolean("blocked", connection.Blocked);
                Text(json, "localNetworkInterface", connection.LocalNetworkInterface);
                break;
            case PortProbeAction probe:
                json.WriteStartObject("portProbeAction");
                Array(json, "portProbeDetails", probe.Probes, static (json, one) =>
                {
                    json.WriteStartObject();
                    WritePort(json, "localPortDetails", one.LocalPort);
                    WriteRemote(json, one.RemoteIp);
                    WriteLocal(json, one.LocalIp);
                    json.WriteEndObject();
                });
                json.WriteBoolean("blocked", probe.Blocked);
                break;
            case DnsRequestAction dns:
                json.WriteStartObject("dnsRequestAction");
                json.WriteString("domain", dns.Domain);
                Text(json, "domainWithSuffix", dns.DomainWithSuffix);
                json.WriteString("protocol", dns.Protocol);
                json.WriteBoolean("blocked", dns.Blocked);
                Text(json, "vpcOwnerAccountId", dns.VpcOwnerAccountId);
                break;
        }
        json.WriteEndObject();
    }

    private static void WritePort(Utf8JsonWriter json, string name, int? port)
    {
        if (port is not { } number) return;
        json.WriteStartObject(name);
        json.WriteNumber("port", number);
        json.WriteString("portName", PortNames.Of(number));
        json.WriteEndObject();
    }

    private static void WriteLocal(Utf8JsonWriter json, IpAddress address)
    {
        json.WriteStartObject("localIpDetails");
        WriteAddress(json, address);
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, IpAddress address)
    {
        if (!address.IsNone) json.WriteString(address.IsV4 ? "ipAddressV4" : "ipAddressV6", address.ToString());
    }

    private static void WriteRemote(Utf8JsonWriter json, RemoteIp remote)
    {
        json.WriteStartObject("remoteIpDetails");
        WriteAddress(json, remote.Address);
        if (remote is not { Asn: null, AsnOrganization: null, Isp: null, Organization: null })
        {
            json.WriteStartObject("organization");
            Text(json, "asn", remote.Asn?.ToString(CultureInfo.InvariantCulture));
            Text(json, "asnOrg", remote.AsnOrganization);
            Text(json, "isp", remote.Isp);
            Text(json, "org", remote.Organization);
            json.WriteEndObject();
        }
        if (remote is not { CountryName: null, CountryCode: null })
        {
            json.WriteStartObject("country");
            Text(json, "countryName", remote.CountryName);
            Text(json, "countryCode", remote.CountryCode);
            json.WriteEndObject();
        }
        if (remote.CityName is not null)
        {
            json.WriteStartObject("city");
            json.WriteString("cityName", remote.CityName);
            json.WriteEndObject();
        }
        if (remote is { Latitude: { } latitude, Longitude: { } longitude })
        {
            json.WriteStartObject("geoLocation");
            json.WriteNumber("lat", latitude);
            json.WriteNumber("lon", longitude);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>The members, then the same members as one JSON text: the API knows only the text, events and exports carry both.</summary>
    private static void WriteAdditionalInfo(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, string>> members)
    {
        json.WriteStartObject("additionalInfo");
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var value = new Utf8JsonWriter(bytes, Options))
        {
            value.WriteStartObject();
            WriteMembers(value, members);
            value.WriteEndObject();
        }
        WriteMembers(json, members.Where(member => member.Key is not ("value" or "type")));
        json.WriteString("value", bytes.WrittenSpan);
        json.WriteString("type", "default");
        json.WriteEndObject();
    }

    // A dot in a name opens an object: "unusual.port" is {"unusual":{"port":…}}.
    private static void WriteMembers(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> members)
    {
        foreach (var group in members.GroupBy(member => member.Key.Split('.')[0], StringComparer.Ordinal))
        {
            var inner = group.Where(member => member.Key.Length > group.Key.Length).Select(member => KeyValuePair.Create(member.Key[(group.Key.Length + 1)..], member.Value)).ToList();
            if (inner.Count == 0)
            {
                json.WriteString(group.Key, group.First().Value);
                continue;
            }
            json.WriteStartObject(group.Key);
            WriteMembers(json, inner);
            json.WriteEndObject();
        }
    }

    private static void WriteExplanation(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartObject("yagura");
        json.WriteString("why", explanation.Why);
        Array(json, "evidence", explanation.Evidence, static (json, record) =>
        {
            json.WriteStartObject();
            json.WriteString("object", record.Object);
            json.WriteNumber("record", record.Record);
            Time(json, "time", record.Time);
            json.WriteString("identity", record.Identity);
            json.WriteString("summary", record.Summary);
            json.WriteEndObject();
        });
        if (explanation.Anomaly is { } anomaly) AnomalyJson.Write(json, "anomaly", anomaly);
        json.WriteBoolean("countIsEstimate", explanation.CountIsEstimate);
        json.WriteString("version", explanation.Version);
        json.WriteString("configuration", explanation.Configuration);
        Text(json, "intelligence", explanation.Intelligence);
        json.WriteEndObject();
    }

    internal static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    internal static void EpochSeconds(Utf8JsonWriter json, string name, DateTimeOffset time) => json.WriteNumber(name, time.ToUnixTimeMilliseconds() / 1000m);

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset time) => json.WriteString(name, Iso(time));

    internal static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(json, item);
        json.WriteEndArray();
    }
}
