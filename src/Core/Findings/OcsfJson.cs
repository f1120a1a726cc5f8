using System.Buffers;
using System.Text.Json;
using Yagura.Core.FindingTypes;

namespace Yagura.Core.Findings;

/// <summary>A finding as an OCSF 1.1.0 Detection Finding (class 2004) with the cloud profile; what has no place there lies under <c>unmapped</c>.</summary>
/// <remarks>Times are milliseconds of the Unix epoch. Source: schema.ocsf.io, Detection Finding.</remarks>
public static class OcsfJson
{
    /// <summary>The finding on one line, without a line feed.</summary>
    public static byte[] ToUtf8(Finding finding)
    {
        var bytes = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(bytes, FindingJson.Options)) Write(json, finding);
        return bytes.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, Finding finding)
    {
        var service = finding.Service;
        var isNew = finding.CreatedAt == finding.UpdatedAt;
        var level = SeverityExtensions.ToLevel(finding.Severity);
        json.WriteStartObject();
        json.WriteNumber("activity_id", isNew ? 1 : 2);
        json.WriteString("activity_name", isNew ? "Create" : "Update");
        json.WriteNumber("category_uid", 2);
        json.WriteString("category_name", "Findings");
        json.WriteNumber("class_uid", 2004);
        json.WriteString("class_name", "Detection Finding");
        json.WriteNumber("type_uid", isNew ? 200401 : 200402);
        json.WriteString("type_name", isNew ? "Detection Finding: Create" : "Detection Finding: Update");
        json.WriteNumber("time", finding.UpdatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("start_time", service.EventFirstSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("end_time", service.EventLastSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("count", service.Count);
        json.WriteNumber("severity_id", (int)level + 2); // OCSF: 1 informational, 2 low … 5 critical
        json.WriteString("severity", level.ToString());
        json.WriteNumber("status_id", service.Archived ? 3 : 1);
        json.WriteString("status", service.Archived ? "Suppressed" : "New");
        json.WriteString("message", finding.Title);
        WriteMetadata(json, finding);
        json.WriteStartObject("cloud");
        json.WriteString("provider", "AWS");
        json.WriteString("region", finding.Region);
        json.WriteStartObject("account");
        json.WriteString("uid", finding.AccountId);
        json.WriteString("type", "AWS Account");
        json.WriteNumber("type_id", 10);
        json.WriteEndObject();
        json.WriteEndObject();
        WriteInfo(json, finding);
        WriteResources(json, finding);
        json.WriteStartArray("evidences");
        json.WriteStartObject();
        WriteEvidence(json, finding);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteObservables(json, finding);
        json.WriteStartObject("unmapped");
        json.WriteString("resource_role", service.ResourceRole == ResourceRole.Target ? "TARGET" : "ACTOR");
        json.WriteString("action_type", service.Action.ActionType);
        if (service.Action is NetworkConnectionAction { Blocked: true } or DnsRequestAction { Blocked: true } or PortProbeAction { Blocked: true }) json.WriteBoolean("blocked", true);
        foreach (var (name, value) in service.AdditionalInfo) json.WriteString($"additional_info.{name}", value);
        foreach (var threat in service.ThreatIntelligence.DistinctBy(threat => threat.ThreatListName, StringComparer.Ordinal).Take(1))
        {
            json.WriteString("threat_list", threat.ThreatListName);
        }
        json.WriteString("yagura.why", finding.Explanation.Why);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", "1.1.0");
        json.WriteStartObject("product");
        json.WriteString("name", "Yagura");
        json.WriteString("vendor_name", "Yagura");
        json.WriteString("version", finding.Explanation.Version);
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        json.WriteStringValue("cloud");
        json.WriteEndArray();
        json.WriteString("uid", finding.Id);
        json.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject("finding_info");
        json.WriteString("uid", finding.Arn);
        json.WriteString("title", finding.Title);
        json.WriteString("desc", finding.Description);
        json.WriteStartArray("types");
        json.WriteStringValue(finding.Type.Name);
        json.WriteEndArray();
        json.WriteNumber("created_time", finding.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("modified_time", finding.UpdatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("first_seen_time", finding.Service.EventFirstSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("last_seen_time", finding.Service.EventLastSeen.ToUnixTimeMilliseconds());
        if (FindingTypeCatalog.TryGet(finding.Type.Name, out var entry))
        {
            FindingJson.Array(json, "data_sources", entry.DataSources, static (json, source) => json.WriteStringValue(source));
            // ATLAS is another matrix; OCSF's attacks are those of ATT&CK.
            FindingJson.Array(json, "attacks", [.. entry.Attack.Where(id => id[0] == 'T')], static (json, id) =>
            {
                var dot = id.IndexOf('.', StringComparison.Ordinal);
                json.WriteStartObject();
                json.WriteString("version", FindingTypeCatalog.AttackRelease);
                Named(json, "technique", "uid", dot < 0 ? id : id[..dot]);
                if (dot >= 0) Named(json, "sub_technique", "uid", id);
                json.WriteEndObject();
            });
        }
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, Finding finding)
    {
        var resource = finding.Resource;
        json.WriteStartArray("resources");
        if (resource.InstanceDetails is { } instance)
        {
            WriteResource(json, finding, "AwsEc2Instance", $"arn:{finding.Partition}:ec2:{finding.Region}:{finding.AccountId}:instance/{instance.InstanceId}", instance.InstanceId, instance.Tags);
        }
        foreach (var bucket in resource.S3BucketDetails) WriteResource(json, finding, "AwsS3Bucket", $"arn:{finding.Partition}:s3:::{bucket.Name}", bucket.Name, bucket.Tags);
        if (resource.AccessKeyDetails is { } key) WriteResource(json, finding, "AwsIamAccessKey", key.AccessKeyId ?? key.PrincipalId, key.UserName, []);
        json.WriteEndArray();
    }

    private static void WriteResource(Utf8JsonWriter json, Finding finding, string type, string? uid, string? name, IReadOnlyList<Tag> tags)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        FindingJson.Text(json, "uid", uid);
        FindingJson.Text(json, "name", name);
        json.WriteString("region", finding.Region);
        json.WriteString("cloud_partition", finding.Partition);
        if (tags.Count > 0) FindingJson.Array(json, "labels", tags, static (json, tag) => json.WriteStringValue($"{tag.Key}={tag.Value}"));
        json.WriteEndObject();
    }

    private static void WriteEvidence(Utf8JsonWriter json, Finding finding)
    {
        if (finding.Resource.AccessKeyDetails is { } key)
        {
            json.WriteStartObject("actor");
            json.WriteStartObject("user");
            FindingJson.Text(json, "name", key.UserName);
            FindingJson.Text(json, "uid", key.PrincipalId);
            FindingJson.Text(json, "type", key.UserType);
            FindingJson.Text(json, "credential_uid", key.AccessKeyId);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        switch (finding.Service.Action)
        {
            case AwsApiCallAction call:
                json.WriteStartObject("api");
                json.WriteString("operation", call.Api);
                Named(json, "service", "name", call.ServiceName);
                if (call.ErrorCode is not null)
                {
                    json.WriteStartObject("response");
                    json.WriteString("error", call.ErrorCode);
                    json.WriteEndObject();
                }
                json.WriteEndObject();
                if (call.RemoteIp is { } caller) WriteEndpoint(json, "src_endpoint", caller, null);
                else if (call.Domain is not null) Named(json, "src_endpoint", "domain", call.Domain);
                break;
            case NetworkConnectionAction connection:
                var inbound = connection.Direction == ConnectionDirection.Inbound;
                json.WriteStartObject("connection_info");
                json.WriteNumber("direction_id", connection.Direction switch { ConnectionDirection.Inbound => 1, ConnectionDirection.Outbound => 2, _ => 0 });
                json.WriteString("direction", connection.Direction.ToString());
                json.WriteString("protocol_name", connection.Protocol.ToLowerInvariant());
                json.WriteEndObject();
                WriteEndpoint(json, inbound ? "src_endpoint" : "dst_endpoint", connection.RemoteIp, connection.RemotePort);
                WriteEndpoint(json, inbound ? "dst_endpoint" : "src_endpoint", new(connection.LocalIp), connection.LocalPort);
                break;
            case PortProbeAction { Probes: [var probe, ..] }:
                WriteEndpoint(json, "src_endpoint", probe.RemoteIp, null);
                WriteEndpoint(json, "dst_endpoint", new(probe.LocalIp), probe.LocalPort);
                break;
            case DnsRequestAction dns:
                Named(json, "query", "hostname", dns.Domain);
                break;
        }
        FindingJson.Array(json, "data", finding.Explanation.Evidence, static (json, record) =>
        {
            json.WriteStartObject();
            json.WriteString("object", record.Object);
            json.WriteNumber("record", record.Record);
            json.WriteString("identity", record.Identity);
            json.WriteString("summary", record.Summary);
            json.WriteEndObject();
        });
    }

    private static void WriteEndpoint(Utf8JsonWriter json, string name, RemoteIp remote, int? port)
    {
        json.WriteStartObject(name);
        if (!remote.Address.IsNone) json.WriteString("ip", remote.Address.ToString());
        if (port is { } number) json.WriteNumber("port", number);
        if (remote is not { Asn: null, AsnOrganization: null })
        {
            json.WriteStartObject("autonomous_system");
            if (remote.Asn is { } asn) json.WriteNumber("number", asn);
            FindingJson.Text(json, "name", remote.AsnOrganization);
            json.WriteEndObject();
        }
        if (remote is not { CountryCode: null, CityName: null, Latitude: null })
        {
            json.WriteStartObject("location");
            FindingJson.Text(json, "country", remote.CountryCode);
            FindingJson.Text(json, "city", remote.CityName);
            if (remote is { Latitude: { } latitude, Longitude: { } longitude })
            {
                json.WriteNumber("lat", latitude);
                json.WriteNumber("long", longitude);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteObservables(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartArray("observables");
        switch (finding.Service.Action)
        {
            case AwsApiCallAction { RemoteIp.Address: { IsNone: false } caller }: Observe(json, "evidences[].src_endpoint.ip", 2, "IP Address", caller.ToString()); break;
            case NetworkConnectionAction connection:
                Observe(json, connection.Direction == ConnectionDirection.Inbound ? "evidences[].src_endpoint.ip" : "evidences[].dst_endpoint.ip", 2, "IP Address", connection.RemoteIp.Address.ToString());
                break;
            case PortProbeAction { Probes: [var probe, ..] }: Observe(json, "evidences[].src_endpoint.ip", 2, "IP Address", probe.RemoteIp.Address.ToString()); break;
            case DnsRequestAction dns: Observe(json, "evidences[].query.hostname", 1, "Hostname", dns.Domain); break;
        }
        if (finding.Resource.AccessKeyDetails?.UserName is { } user) Observe(json, "evidences[].actor.user.name", 4, "User Name", user);
        foreach (var bucket in finding.Resource.S3BucketDetails) Observe(json, "resources[].uid", 10, "Resource UID", $"arn:{finding.Partition}:s3:::{bucket.Name}");
        json.WriteEndArray();
    }

    private static void Observe(Utf8JsonWriter json, string name, int typeId, string type, string value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("type_id", typeId);
        json.WriteString("type", type);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static void Named(Utf8JsonWriter json, string name, string key, string value)
    {
        json.WriteStartObject(name);
        json.WriteString(key, value);
        json.WriteEndObject();
    }
}
