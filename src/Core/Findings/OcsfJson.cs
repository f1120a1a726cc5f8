using System.Buffers;
using System.Text.Json;
using Yagura.Core.FindingTypes;

namespace Yagura.Core.Findings;

/// <summary>A finding as an OCSF 1.1.0 Detection Finding (class 2004) with the cloud profile; what has no place there lies under <c>unmapped</c>.</summary>
/// <remarks>Times are milliseconds of the Unix epoch. 1.1.0 is the release that brought the class; those up to 1.8.0 know every attribute written here. It has
/// no place in an endpoint for its autonomous system, which is an enrichment instead. An object that would say nothing is left out, since most must hold at
/// least one of their attributes. Source: github.com/ocsf/ocsf-schema, tag v1.1.0.</remarks>
public static class OcsfJson
{
    public const string SchemaVersion = "1.1.0";

    /// <summary>The schema's limit of a text, in characters.</summary>
    public const int LongestText = 65_535;

    private static readonly SearchValues<char> HostNameCharacters = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

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
        json.WriteNumber("count", Math.Min(service.Count, int.MaxValue));
        json.WriteNumber("severity_id", (int)level + 2); // OCSF: 1 informational, 2 low … 5 critical
        json.WriteString("severity", level.ToString());
        json.WriteNumber("status_id", service.Archived ? 3 : 1);
        json.WriteString("status", service.Archived ? "Suppressed" : "New");
        Text(json, "message", finding.Title);
        WriteMetadata(json, finding);
        json.WriteStartObject("cloud");
        json.WriteString("provider", "AWS");
        Text(json, "region", finding.Region);
        json.WriteStartObject("account");
        Text(json, "uid", finding.AccountId);
        json.WriteString("type", "AWS Account");
        json.WriteNumber("type_id", 10);
        json.WriteEndObject();
        json.WriteEndObject();
        WriteInfo(json, finding);
        WriteResources(json, finding);
        WriteEvidences(json, finding);
        WriteEnrichments(json, finding);
        WriteObservables(json, finding);
        json.WriteStartObject("unmapped");
        if (service.ResourceRole is { } role) json.WriteString("resource_role", role == ResourceRole.Target ? "TARGET" : "ACTOR");
        if (service.Action is not null) json.WriteString("action_type", service.Action.ActionType);
        if (service.Action is NetworkConnectionAction { Blocked: true } or DnsRequestAction { Blocked: true } or PortProbeAction { Blocked: true }) json.WriteBoolean("blocked", true);
        if (service.Action is DnsRequestAction { Domain: var domain } && !IsHostName(domain)) json.WriteString("dns_request.domain", domain);
        foreach (var (name, value) in service.AdditionalInfo) json.WriteString($"additional_info.{name}", value);
        foreach (var threat in service.ThreatIntelligence.DistinctBy(threat => threat.ThreatListName, StringComparer.Ordinal).Take(1))
        {
            json.WriteString("threat_list", threat.ThreatListName);
        }
        json.WriteString("yagura.why", finding.Explanation.Why);
        // Later releases of the schema know anomaly_analyses; this one has no place for it.
        if (finding.Explanation.Anomaly is { } anomaly) AnomalyJson.Write(json, "yagura.anomaly", anomaly);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", SchemaVersion);
        json.WriteStartObject("product");
        json.WriteString("name", "Yagura");
        json.WriteString("vendor_name", "Yagura");
        Text(json, "version", finding.Explanation.Version);
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        json.WriteStringValue("cloud");
        json.WriteEndArray();
        // An update is another event of the same finding.
        json.WriteString("uid", $"{finding.Id}/{finding.UpdatedAt.ToUnixTimeMilliseconds()}");
        json.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject("finding_info");
        Text(json, "uid", finding.Arn);
        Text(json, "title", finding.Title);
        Text(json, "desc", finding.Description);
        json.WriteStartArray("types");
        json.WriteStringValue(finding.Type.Name);
        json.WriteEndArray();
        json.WriteNumber("created_time", finding.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("modified_time", finding.UpdatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("first_seen_time", finding.Service.EventFirstSeen.ToUnixTimeMilliseconds());
        json.WriteNumber("last_seen_time", finding.Service.EventLastSeen.ToUnixTimeMilliseconds());
        if (finding.Service.Sequence is { } sequence)
        {
            Array(json, "related_events", sequence.Signals, static (json, signal) =>
            {
                json.WriteStartObject();
                Text(json, "uid", signal.Uid);
                Text(json, "type", signal.Name);
                json.WriteEndObject();
            });
        }
        if (FindingTypeCatalog.TryGet(finding.Type.Name, out var entry))
        {
            Array(json, "data_sources", entry.DataSources, static (json, source) => json.WriteStringValue(source));
            WriteAnalytic(json, entry);
            // ATLAS is another matrix; OCSF's attacks are those of ATT&CK.
            Array(json, "attacks", [.. entry.Attack.Where(id => id[0] == 'T')], static (json, id) =>
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

    private static void WriteAnalytic(Utf8JsonWriter json, CatalogEntry entry)
    {
        var (typeId, type) = entry.Method switch
        {
            DetectionMethod.ThreatIntelligence or DetectionMethod.Rule or DetectionMethod.Correlation => (1, "Rule"),
            DetectionMethod.Anomaly => (2, "Behavioral"),
            DetectionMethod.Volume => (3, "Statistical"),
            _ => throw new ArgumentOutOfRangeException(nameof(entry)),
        };
        json.WriteStartObject("analytic");
        json.WriteString("name", entry.Type.Name);
        json.WriteNumber("type_id", typeId);
        json.WriteString("type", type);
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, Finding finding)
    {
        var resource = finding.Resource;
        var affected = new List<Affected>();
        if (resource.InstanceDetails is { InstanceId: { } id } instance)
        {
            affected.Add(new("AwsEc2Instance", $"arn:{finding.Partition}:ec2:{finding.Region}:{finding.AccountId}:instance/{id}", id, instance.Tags));
        }
        affected.AddRange(resource.S3BucketDetails.Select(bucket => new Affected("AwsS3Bucket", ArnOf(finding, bucket), bucket.Name, bucket.Tags)));
        if (resource.AccessKeyDetails is { } key && (key.AccessKeyId ?? key.PrincipalId ?? key.UserName) is not null)
        {
            affected.Add(new("AwsIamAccessKey", key.AccessKeyId ?? key.PrincipalId, key.UserName, []));
        }
        affected.AddRange((finding.Service.Sequence?.Resources ?? []).Select(one => new Affected(one.AsffType, one.Uid, one.Name, one.Tags)));
        Array(json, "resources", affected, (json, one) =>
        {
            json.WriteStartObject();
            json.WriteString("type", one.Type);
            Text(json, "uid", one.Uid);
            Text(json, "name", one.Name);
            Text(json, "region", finding.Region);
            json.WriteString("cloud_partition", finding.Partition);
            Array(json, "labels", one.Tags, static (json, tag) => json.WriteStringValue(TextLimit.Cut($"{tag.Key}={tag.Value}", LongestText)));
            json.WriteEndObject();
        });
    }

    private sealed record Affected(string Type, string? Uid, string? Name, IReadOnlyList<Tag> Tags);

    private static string ArnOf(Finding finding, S3BucketDetails bucket) => $"arn:{finding.Partition}:s3:::{bucket.Name}";

    private static void WriteEvidences(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartArray("evidences");
        json.WriteStartObject();
        if (UserOf(finding) is { } user) WriteActor(json, user);
        WriteAction(json, finding.Service.Action);
        // Written even where it is empty, for evidence must say something and a request for what is no host name has no other place.
        FindingJson.Array(json, "data", finding.Explanation.Evidence, static (json, record) =>
        {
            json.WriteStartObject();
            json.WriteString("object", record.Object);
            json.WriteNumber("record", record.Record);
            json.WriteString("identity", record.Identity);
            json.WriteString("summary", record.Summary);
            json.WriteEndObject();
        });
        json.WriteEndObject();
        json.WriteEndArray();
    }

    // A user must have a name or an identifier.
    private static AccessKeyDetails? UserOf(Finding finding) => finding.Resource.AccessKeyDetails is { } key && (key.UserName ?? key.PrincipalId) is not null ? key : null;

    private static void WriteActor(Utf8JsonWriter json, AccessKeyDetails key)
    {
        json.WriteStartObject("actor");
        json.WriteStartObject("user");
        Text(json, "name", key.UserName);
        Text(json, "uid", key.PrincipalId);
        if (key.UserType is { } type)
        {
            json.WriteNumber("type_id", 99); // other: the text is CloudTrail's own
            Text(json, "type", type);
        }
        Text(json, "credential_uid", key.AccessKeyId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, FindingAction? action)
    {
        switch (action)
        {
            case AwsApiCallAction call:
                json.WriteStartObject("api");
                Text(json, "operation", call.Api);
                Named(json, "service", "name", call.ServiceName);
                if (call.ErrorCode is not null) Named(json, "response", "error", call.ErrorCode);
                json.WriteEndObject();
                if (call.RemoteIp is null && call.Domain is not null) Named(json, "src_endpoint", "svc_name", call.Domain);
                break;
            case NetworkConnectionAction connection:
                json.WriteStartObject("connection_info");
                json.WriteNumber("direction_id", connection.Direction switch { ConnectionDirection.Inbound => 1, ConnectionDirection.Outbound => 2, _ => 0 });
                json.WriteString("direction", connection.Direction.ToString());
                Text(json, "protocol_name", connection.Protocol.ToLowerInvariant());
                json.WriteEndObject();
                var here = connection.Direction == ConnectionDirection.Inbound ? "dst_endpoint" : "src_endpoint";
                WriteEndpoint(json, here, new(connection.LocalIp), connection.LocalPort, connection.LocalNetworkInterface);
                break;
            case PortProbeAction { Probes: [var probe, ..] }:
                WriteEndpoint(json, "dst_endpoint", new(probe.LocalIp), probe.LocalPort);
                break;
            case DnsRequestAction dns when IsHostName(dns.Domain):
                Named(json, "query", "hostname", dns.Domain);
                break;
        }
        if (RemoteOf(action) is { } remote) WriteEndpoint(json, remote.Endpoint, remote.Ip, remote.Port);
    }

    /// <summary>The other side of what was done, and the endpoint of the evidence that it is; null where it is not known by its address.</summary>
    private static (string Endpoint, RemoteIp Ip, int? Port)? RemoteOf(FindingAction? action)
    {
        (string, RemoteIp Ip, int?)? remote = action switch
        {
            AwsApiCallAction { RemoteIp: { } caller } => ("src_endpoint", caller, null),
            NetworkConnectionAction connection => (connection.Direction == ConnectionDirection.Inbound ? "src_endpoint" : "dst_endpoint", connection.RemoteIp, connection.RemotePort),
            PortProbeAction { Probes: [var probe, ..] } => ("src_endpoint", probe.RemoteIp, null),
            _ => null,
        };
        return remote?.Ip.Address.IsNone == false ? remote : null;
    }

    private static void WriteEndpoint(Utf8JsonWriter json, string name, RemoteIp end, int? port, string? networkInterface = null)
    {
        if (end.Address.IsNone && networkInterface is null) return;
        json.WriteStartObject(name);
        if (!end.Address.IsNone) json.WriteString("ip", end.Address.ToString());
        if (port is { } number) json.WriteNumber("port", number);
        Text(json, "interface_uid", networkInterface);
        var place = (end.Latitude, end.Longitude) is ({ } latitude, { } longitude) ? (latitude, longitude) : ((double Latitude, double Longitude)?)null;
        if (place is not null || (end.CountryCode ?? end.CityName) is not null)
        {
            json.WriteStartObject("location");
            Text(json, "country", end.CountryCode);
            Text(json, "city", end.CityName);
            if (place is { } at) Array(json, "coordinates", [at.Longitude, at.Latitude], static (json, degrees) => json.WriteNumberValue(degrees)); // as GeoJSON has it
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteEnrichments(Utf8JsonWriter json, Finding finding)
    {
        if (RemoteOf(finding.Service.Action) is not { } remote || remote.Ip is { Asn: null, AsnOrganization: null }) return;
        json.WriteStartArray("enrichments");
        json.WriteStartObject();
        json.WriteString("name", $"evidences[].{remote.Endpoint}.ip");
        json.WriteString("value", remote.Ip.Address.ToString());
        json.WriteString("type", "autonomous_system");
        json.WriteStartObject("data");
        if (remote.Ip.Asn is { } asn) json.WriteNumber("number", asn);
        Text(json, "name", remote.Ip.AsnOrganization);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteObservables(Utf8JsonWriter json, Finding finding)
    {
        var seen = new List<Observable>();
        if (RemoteOf(finding.Service.Action) is { } remote) seen.Add(new($"evidences[].{remote.Endpoint}.ip", 2, "IP Address", remote.Ip.Address.ToString()));
        if (finding.Service.Action is DnsRequestAction dns && IsHostName(dns.Domain)) seen.Add(new("evidences[].query.hostname", 1, "Hostname", dns.Domain));
        if (UserOf(finding)?.UserName is { } user) seen.Add(new("evidences[].actor.user.name", 4, "User Name", user));
        seen.AddRange(finding.Resource.S3BucketDetails.Select(bucket => new Observable("resources[].uid", 10, "Resource UID", ArnOf(finding, bucket))));
        seen.AddRange((finding.Service.Sequence?.Resources ?? []).Select(resource => new Observable("resources[].uid", 10, "Resource UID", resource.Uid)));
        Array(json, "observables", seen, static (json, one) =>
        {
            json.WriteStartObject();
            json.WriteString("name", one.Name);
            json.WriteNumber("type_id", one.TypeId);
            json.WriteString("type", one.Type);
            Text(json, "value", one.Value);
            json.WriteEndObject();
        });
    }

    private sealed record Observable(string Name, int TypeId, string Type, string Value);

    // What the schema takes for a host name. Resolvers pass on more than that, such as underscores.
    private static bool IsHostName(string name)
    {
        foreach (var range in name.AsSpan().Split('.'))
        {
            var label = name.AsSpan(range);
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(HostNameCharacters)) return false;
        }
        return true;
    }

    private static void Named(Utf8JsonWriter json, string name, string key, string value)
    {
        json.WriteStartObject(name);
        Text(json, key, value);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, TextLimit.Cut(value, LongestText));
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count > 0) FindingJson.Array(json, name, items, write);
    }
}
