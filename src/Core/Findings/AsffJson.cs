using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Yagura.Core.Findings;

/// <summary>A finding in the AWS Security Finding Format 2018-10-08, shaped as Security Hub shows findings of GuardDuty.</summary>
/// <remarks>The product ARN is GuardDuty's, so that filters and automation made for its findings apply; to import into a Security Hub that does not accept
/// it, replace it by the account's own product. The format takes no blank text and no text beyond its limits, so a blank one is left out and a long one cut:
/// much of this was typed by attackers. Source: Security Hub user guide, "AWS Security Finding Format", its API model 2018-10-26, and GuardDuty user guide,
/// "Integrating with AWS Security Hub CSPM".</remarks>
public static class AsffJson
{
    /// <summary>Limits of the format, in characters. Where the limit of a text is not published, it is that of an identifier.</summary>
    public const int LongestTitle = 256, LongestDescription = 1024, LongestIdentifier = 512, LongestRegion = 16, LongestProtocol = 64,
        LongestKey = 128, LongestTag = 256, LongestField = 2048;

    /// <summary>Limits of the format, in items.</summary>
    public const int MostProductFields = 50, MostResources = 32, MostTags = 50;

    /// <summary>Security Hub's limit of one finding, in bytes.</summary>
    public const int LargestFinding = 240_000;

    private static readonly SearchValues<char> LineBreaksAndControls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x2030).Select(code => (char)code).Where(character => char.IsControl(character) || character is '\u2028' or '\u2029')]);

    /// <summary>The finding on one line, without a line feed.</summary>
    public static byte[] ToUtf8(Finding finding)
    {
        var whole = ToUtf8(finding, isBrief: false);
        return whole.Length <= LargestFinding ? whole : ToUtf8(finding, isBrief: true);
    }

    public static void Write(Utf8JsonWriter json, Finding finding) => Write(json, finding, isBrief: ToUtf8(finding, isBrief: false).Length > LargestFinding);

    private static byte[] ToUtf8(Finding finding, bool isBrief)
    {
        var bytes = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(bytes, FindingJson.Options)) Write(json, finding, isBrief);
        return bytes.WrittenSpan.ToArray();
    }

    // A finding that texts of the greatest length have blown up goes without what is only beside the point: tags, most buckets, affected resources and the
    // details of its product fields.
    private static void Write(Utf8JsonWriter json, Finding finding, bool isBrief)
    {
        var service = finding.Service;
        var level = SeverityExtensions.ToLevel(finding.Severity).ToString().ToUpperInvariant();
        var type = AsffTypes.Of(finding.Type);
        var title = Clean(finding.Title, LongestTitle) ?? finding.Type.Name;
        json.WriteStartObject();
        json.WriteString("SchemaVersion", "2018-10-08");
        Text(json, "Id", finding.Arn, LongestIdentifier);
        json.WriteString("ProductArn", $"arn:{finding.Partition}:securityhub:{finding.Region}::product/aws/guardduty");
        json.WriteString("ProductName", "GuardDuty");
        Text(json, "Region", finding.Region, LongestRegion);
        Text(json, "GeneratorId", $"arn:{finding.Partition}:guardduty:{finding.Region}:{finding.AccountId}:detector/{service.DetectorId}", LongestIdentifier);
        json.WriteString("AwsAccountId", finding.AccountId);
        WriteTypes(json, type);
        json.WriteString("FirstObservedAt", FindingJson.Iso(service.EventFirstSeen));
        json.WriteString("LastObservedAt", FindingJson.Iso(service.EventLastSeen));
        json.WriteString("CreatedAt", FindingJson.Iso(finding.CreatedAt));
        json.WriteString("UpdatedAt", FindingJson.Iso(finding.UpdatedAt));
        var original = finding.Severity.ToString(CultureInfo.InvariantCulture);
        json.WriteStartObject("Severity");
        json.WriteNumber("Product", finding.Severity); // superseded by Original, but findings of GuardDuty have it
        json.WriteString("Label", level);
        json.WriteNumber("Normalized", (int)(finding.Severity * 10)); // not rounded: 6.95 is medium, and 70 would be high
        json.WriteString("Original", original);
        json.WriteEndObject();
        json.WriteString("Title", title);
        json.WriteString("Description", Clean(finding.Description, LongestDescription) ?? title);
        WriteProductFields(json, finding, isBrief);
        WriteResources(json, finding, isBrief);
        if (service.Action is { } action and not OtherAction) WriteAction(json, service, action, isBrief);
        if (service.Sequence is { } sequence && !isBrief) WriteSequence(json, sequence);
        json.WriteString("RecordState", service.Archived ? "ARCHIVED" : "ACTIVE");
        json.WriteStartObject("Workflow");
        json.WriteString("Status", "NEW");
        json.WriteEndObject();
        json.WriteStartObject("FindingProviderFields");
        json.WriteStartObject("Severity");
        json.WriteString("Label", level);
        json.WriteString("Original", original);
        json.WriteEndObject();
        WriteTypes(json, type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTypes(Utf8JsonWriter json, string type)
    {
        json.WriteStartArray("Types");
        json.WriteStringValue(type);
        json.WriteEndArray();
    }

    // GuardDuty's service block, flattened; what lies deepest is what goes where there is too much.
    private static void WriteProductFields(Utf8JsonWriter json, Finding finding, bool isBrief)
    {
        const string Service = "aws/guardduty/service";
        const int MostParts = 10;
        using var guardDuty = JsonDocument.Parse(FindingJson.ToUtf8(finding));
        List<KeyValuePair<string, string>> ours = [new("yagura/why", finding.Explanation.Why), new("yagura/version", finding.Explanation.Version)];
        if (finding.Explanation.Anomaly is { } anomaly)
        {
            string Amount(double score) => string.Create(CultureInfo.InvariantCulture, $"{score:0.###} {anomaly.Unit}");
            ours.AddRange([new("yagura/anomaly/score", Amount(anomaly.Score)), new("yagura/anomaly/threshold", Amount(anomaly.Threshold))]);
            ours.AddRange(anomaly.Parts.Take(MostParts).Select(part => KeyValuePair.Create($"yagura/anomaly/parts/{part.Feature}", $"{part.Seen} ({Amount(part.Score)})")));
        }
        var fields = Leaves(Service, guardDuty.RootElement.GetProperty("service"))
            .Where(field => !isBrief || !field.Key.AsSpan(Service.Length + 1).Contains('/'))
            .OrderBy(field => field.Key.Count(letter => letter == '/'));
        WriteMap(json, "ProductFields", ours.Concat(fields), MostProductFields, LongestField);
    }

    private static IEnumerable<KeyValuePair<string, string>> Leaves(string path, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves($"{path}/{member.Name}", member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, at) => Leaves(string.Create(CultureInfo.InvariantCulture, $"{path}.{at}_"), item)),
        JsonValueKind.String => [new(path, element.GetString()!)],
        JsonValueKind.True => [new(path, "true")],
        JsonValueKind.False => [new(path, "false")],
        JsonValueKind.Number => [new(path, element.GetRawText())],
        _ => [],
    };

    private static void WriteMap(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> entries, int most, int longestValue)
    {
        json.WriteStartObject(name);
        var cleaned = entries.Select(entry => (Key: Clean(entry.Key, LongestKey), Value: Clean(entry.Value, longestValue))).Where(entry => entry is { Key: not null, Value: not null });
        foreach (var (key, value) in cleaned.DistinctBy(entry => entry.Key, StringComparer.Ordinal).Take(most)) json.WriteString(key!, value);
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, Finding finding, bool isBrief)
    {
        const int FewBuckets = 8;
        var resource = finding.Resource;
        json.WriteStartArray("Resources");
        if (resource.AccessKeyDetails is { } key)
        {
            Open(json, finding, "AwsIamAccessKey", $"AWS::IAM::AccessKey:{key.AccessKeyId ?? key.PrincipalId ?? "null"}");
            OpenDetails(json, "AwsIamAccessKey");
            Text(json, "PrincipalId", key.PrincipalId);
            Text(json, "PrincipalType", key.UserType);
            Text(json, "PrincipalName", key.UserName);
            Text(json, "AccessKeyId", key.AccessKeyId);
            Close(json, []);
        }
        if (resource.InstanceDetails is { } instance)
        {
            Open(json, finding, "AwsEc2Instance", $"arn:{finding.Partition}:ec2:{finding.Region}:{finding.AccountId}:instance/{instance.InstanceId}");
            OpenDetails(json, "AwsEc2Instance");
            Text(json, "Type", instance.InstanceType);
            Text(json, "ImageId", instance.ImageId);
            var networks = instance.NetworkInterfaces;
            Texts(json, "IpV4Addresses", networks.SelectMany(network => (string?[])[network.PublicIp, network.PrivateIpAddress]));
            Texts(json, "IpV6Addresses", networks.SelectMany(network => network.Ipv6Addresses));
            Text(json, "IamInstanceProfileArn", instance.IamInstanceProfile?.Arn);
            Text(json, "VpcId", networks.FirstOrDefault()?.VpcId);
            Text(json, "SubnetId", networks.FirstOrDefault()?.SubnetId);
            if (instance.LaunchTime is { } launched) json.WriteString("LaunchedAt", FindingJson.Iso(launched));
            Close(json, isBrief ? [] : instance.Tags);
        }
        foreach (var bucket in resource.S3BucketDetails.Take(isBrief ? FewBuckets : MostResources - 2))
        {
            Open(json, finding, "AwsS3Bucket", $"arn:{finding.Partition}:s3:::{bucket.Name}");
            OpenDetails(json, "AwsS3Bucket");
            Text(json, "OwnerId", bucket.OwnerId);
            if (bucket.CreatedAt is { } created) json.WriteString("CreatedAt", FindingJson.Iso(created));
            Close(json, isBrief ? [] : bucket.Tags);
        }
        var ofSequence = finding.Service.Sequence?.Resources ?? [];
        foreach (var one in ofSequence.Take(isBrief ? FewBuckets : MostResources))
        {
            Open(json, finding, one.AsffType, one.Type == SequenceResourceType.AccessKey ? $"AWS::IAM::AccessKey:{one.Uid}" : one.Uid);
            if (one.Tags.Count > 0 && !isBrief) WriteMap(json, "Tags", one.Tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value)), MostTags, LongestTag);
            json.WriteEndObject();
        }
        if (resource is { AccessKeyDetails: null, InstanceDetails: null, S3BucketDetails.Count: 0 } && ofSequence.Count == 0)
        {
            // The format wants at least one resource; where the log names none, the account is what is concerned.
            Open(json, finding, "AwsAccount", $"AWS::::Account:{finding.AccountId}");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Open(Utf8JsonWriter json, Finding finding, string type, string id)
    {
        json.WriteStartObject();
        json.WriteString("Type", type);
        Text(json, "Id", id, LongestIdentifier);
        json.WriteString("Partition", finding.Partition);
        Text(json, "Region", finding.Region, LongestRegion);
        if (finding.Service.ResourceRole is { } role) json.WriteString("ResourceRole", role == ResourceRole.Target ? "Target" : "Actor");
    }

    private static void OpenDetails(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject("Details");
        json.WriteStartObject(type);
    }

    private static void Close(Utf8JsonWriter json, IReadOnlyList<Tag> tags)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        if (tags.Count > 0) WriteMap(json, "Tags", tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value)), MostTags, LongestTag);
        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, Service service, FindingAction action, bool isBrief)
    {
        json.WriteStartObject("Action");
        json.WriteString("ActionType", action.ActionType);
        switch (action)
        {
            case AwsApiCallAction call:
                json.WriteStartObject("AwsApiCallAction");
                Text(json, "Api", call.Api, LongestKey);
                Text(json, "ServiceName", call.ServiceName, LongestKey);
                json.WriteString("CallerType", call.RemoteIp is null ? "domain" : "remoteIp");
                if (call.RemoteIp is { } caller) WriteRemote(json, caller);
                if (call.Domain is not null)
                {
                    json.WriteStartObject("DomainDetails");
                    Text(json, "Domain", call.Domain, LongestKey);
                    json.WriteEndObject();
                }
                if (!isBrief) WriteMap(json, "AffectedResources", call.AffectedResources, MostResources, LongestIdentifier);
                json.WriteString("FirstSeen", FindingJson.Iso(service.EventFirstSeen));
                json.WriteString("LastSeen", FindingJson.Iso(service.EventLastSeen));
                break;
            case NetworkConnectionAction connection:
                json.WriteStartObject("NetworkConnectionAction");
                json.WriteString("ConnectionDirection", connection.Direction.ToString().ToUpperInvariant());
                WriteRemote(json, connection.RemoteIp);
                WritePort(json, "RemotePortDetails", connection.RemotePort);
                WritePort(json, "LocalPortDetails", connection.LocalPort);
                Text(json, "Protocol", connection.Protocol, LongestProtocol);
                json.WriteBoolean("Blocked", connection.Blocked);
                break;
            case PortProbeAction probe:
                json.WriteStartObject("PortProbeAction");
                FindingJson.Array(json, "PortProbeDetails", probe.Probes, static (json, one) =>
                {
                    json.WriteStartObject();
                    WritePort(json, "LocalPortDetails", one.LocalPort);
                    if (one.LocalIp.IsV4)
                    {
                        json.WriteStartObject("LocalIpDetails");
                        json.WriteString("IpAddressV4", one.LocalIp.ToString());
                        json.WriteEndObject();
                    }
                    WriteRemote(json, one.RemoteIp);
                    json.WriteEndObject();
                });
                json.WriteBoolean("Blocked", probe.Blocked);
                break;
            case DnsRequestAction dns:
                json.WriteStartObject("DnsRequestAction");
                Text(json, "Domain", dns.Domain, LongestKey);
                Text(json, "Protocol", dns.Protocol, LongestProtocol);
                json.WriteBoolean("Blocked", dns.Blocked);
                break;
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Not all of it has room here, and times are milliseconds.
    private static void WriteSequence(Utf8JsonWriter json, AttackSequence sequence)
    {
        const int Few = 10;
        json.WriteStartObject("Detection");
        json.WriteStartObject("Sequence");
        Text(json, "Uid", sequence.Uid);
        FindingJson.Array(json, "Actors", [.. sequence.Actors.Take(Few)], static (json, actor) =>
        {
            json.WriteStartObject();
            Text(json, "Id", actor.Id);
            json.WriteStartObject("User");
            Text(json, "Name", actor.User.Name);
            Text(json, "Uid", actor.User.Uid);
            Text(json, "Type", actor.User.Type);
            Text(json, "CredentialUid", actor.User.CredentialUid);
            json.WriteStartObject("Account");
            Text(json, "Uid", actor.User.AccountId);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });
        FindingJson.Array(json, "Endpoints", [.. sequence.Endpoints.Take(Few)], static (json, endpoint) =>
        {
            json.WriteStartObject();
            Text(json, "Id", endpoint.Id);
            Text(json, "Ip", endpoint.Remote is { Address.IsNone: false } remote ? remote.Address.ToString() : null);
            Text(json, "Domain", endpoint.Domain);
            if (endpoint.Port is { } port) json.WriteNumber("Port", port);
            json.WriteEndObject();
        });
        FindingJson.Array(json, "Signals", sequence.Signals, static (json, signal) =>
        {
            json.WriteStartObject();
            Text(json, "Type", AttackSequenceJson.NameOf(signal.Type));
            Text(json, "Id", signal.Uid);
            Text(json, "Title", signal.Description);
            Text(json, "Name", signal.Name);
            json.WriteNumber("CreatedAt", signal.FirstSeen.ToUnixTimeMilliseconds());
            json.WriteNumber("UpdatedAt", signal.LastSeen.ToUnixTimeMilliseconds());
            json.WriteNumber("FirstSeenAt", signal.FirstSeen.ToUnixTimeMilliseconds());
            json.WriteNumber("LastSeenAt", signal.LastSeen.ToUnixTimeMilliseconds());
            if (signal.Severity is { } severity) json.WriteNumber("Severity", severity);
            json.WriteNumber("Count", Math.Min(signal.Count, int.MaxValue));
            Texts(json, "ResourceIds", signal.ResourceUids);
            Texts(json, "ActorIds", signal.ActorIds);
            Texts(json, "EndpointIds", signal.EndpointIds);
            WriteIndicators(json, "SignalIndicators", signal.Indicators);
            json.WriteEndObject();
        });
        WriteIndicators(json, "SequenceIndicators", sequence.Indicators);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteIndicators(Utf8JsonWriter json, string name, IReadOnlyList<Indicator> indicators) => FindingJson.Array(json, name, indicators, static (json, indicator) =>
    {
        json.WriteStartObject();
        Text(json, "Key", indicator.Key);
        Texts(json, "Values", indicator.Values);
        Text(json, "Title", indicator.Title);
        json.WriteEndObject();
    });

    private static void WritePort(Utf8JsonWriter json, string name, int? port)
    {
        if (port is not { } number) return;
        json.WriteStartObject(name);
        json.WriteNumber("Port", number);
        json.WriteString("PortName", PortNames.Of(number));
        json.WriteEndObject();
    }

    /// <summary>The format has no place for an IPv6 peer here; it stays in the description.</summary>
    private static void WriteRemote(Utf8JsonWriter json, RemoteIp remote)
    {
        json.WriteStartObject("RemoteIpDetails");
        if (remote.Address.IsV4) json.WriteString("IpAddressV4", remote.Address.ToString());
        json.WriteStartObject("Organization");
        if (remote.Asn is { } asn and <= int.MaxValue) json.WriteNumber("Asn", asn);
        Text(json, "AsnOrg", remote.AsnOrganization);
        Text(json, "Isp", remote.Isp);
        Text(json, "Org", remote.Organization);
        json.WriteEndObject();
        json.WriteStartObject("Country");
        Text(json, "CountryCode", remote.CountryCode);
        Text(json, "CountryName", remote.CountryName);
        json.WriteEndObject();
        json.WriteStartObject("City");
        Text(json, "CityName", remote.CityName);
        json.WriteEndObject();
        json.WriteStartObject("GeoLocation");
        if (remote is { Latitude: { } latitude, Longitude: { } longitude })
        {
            json.WriteNumber("Lon", longitude);
            json.WriteNumber("Lat", latitude);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string?> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts.Select(text => Clean(text, LongestIdentifier)).OfType<string>().Distinct(StringComparer.Ordinal)) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text, int longest = LongestIdentifier)
    {
        if (Clean(text, longest) is { } clean) json.WriteString(name, clean);
    }

    /// <summary>The text on one line and within its limit; null where it is blank. The format's pattern of a text, <c>.*\S.*</c>, knows no line breaks.</summary>
    private static string? Clean(string? text, int longest)
    {
        if (text is null) return null;
        var line = TextLimit.Cut(text, longest);
        if (line.AsSpan().ContainsAny(LineBreaksAndControls))
        {
            line = string.Create(line.Length, line, static (to, from) => from.AsSpan().ReplaceAny(to, LineBreaksAndControls, ' '));
        }
        return string.IsNullOrWhiteSpace(line) ? null : line;
    }
}
