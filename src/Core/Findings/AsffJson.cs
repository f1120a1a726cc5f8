using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Yagura.Core.Findings;

/// <summary>A finding in the AWS Security Finding Format 2018-10-08, shaped as Security Hub shows findings of GuardDuty.</summary>
/// <remarks>The product ARN is GuardDuty's, so that filters and automation made for its findings apply; to import into a Security Hub that does not accept
/// it, replace it by the account's own product. Texts are cut to the limits of
/// the format. Source: Security Hub user guide, "AWS Security Finding Format", and API model 2018-10-26.</remarks>
public static class AsffJson
{
    /// <summary>Limits of the format, in characters; for product fields of name and value.</summary>
    public const int LongestTitle = 256, LongestDescription = 1024, LongestField = 2048, LongestName = 128;

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
        var level = SeverityExtensions.ToLevel(finding.Severity).ToString().ToUpperInvariant();
        var type = AsffTypes.Of(finding.Type);
        json.WriteStartObject();
        json.WriteString("SchemaVersion", "2018-10-08");
        json.WriteString("Id", finding.Arn);
        json.WriteString("ProductArn", $"arn:{finding.Partition}:securityhub:{finding.Region}::product/aws/guardduty");
        json.WriteString("ProductName", "GuardDuty");
        json.WriteString("Region", finding.Region);
        json.WriteString("GeneratorId", $"arn:{finding.Partition}:guardduty:{finding.Region}:{finding.AccountId}:detector/{service.DetectorId}");
        json.WriteString("AwsAccountId", finding.AccountId);
        WriteTypes(json, type);
        json.WriteString("FirstObservedAt", FindingJson.Iso(service.EventFirstSeen));
        json.WriteString("LastObservedAt", FindingJson.Iso(service.EventLastSeen));
        json.WriteString("CreatedAt", FindingJson.Iso(finding.CreatedAt));
        json.WriteString("UpdatedAt", FindingJson.Iso(finding.UpdatedAt));
        json.WriteStartObject("Severity");
        json.WriteNumber("Product", finding.Severity);
        json.WriteString("Label", level);
        json.WriteNumber("Normalized", (int)Math.Round(finding.Severity * 10));
        json.WriteEndObject();
        json.WriteString("Title", TextLimit.Cut(finding.Title, LongestTitle));
        json.WriteString("Description", TextLimit.Cut(finding.Description, LongestDescription));
        WriteProductFields(json, finding);
        WriteResources(json, finding);
        WriteAction(json, service);
        json.WriteString("RecordState", service.Archived ? "ARCHIVED" : "ACTIVE");
        json.WriteStartObject("Workflow");
        json.WriteString("Status", "NEW");
        json.WriteEndObject();
        json.WriteStartObject("FindingProviderFields");
        json.WriteStartObject("Severity");
        json.WriteString("Label", level);
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

    private static void WriteProductFields(Utf8JsonWriter json, Finding finding)
    {
        const int MostInfos = 20; // the format allows 50 fields in all
        var service = finding.Service;
        json.WriteStartObject("ProductFields");
        json.WriteString("aws/guardduty/service/serviceName", Service.ServiceName);
        json.WriteString("aws/guardduty/service/detectorId", service.DetectorId);
        json.WriteString("aws/guardduty/service/action/actionType", service.Action.ActionType);
        json.WriteString("aws/guardduty/service/resourceRole", service.ResourceRole == ResourceRole.Target ? "TARGET" : "ACTOR");
        json.WriteString("aws/guardduty/service/count", service.Count.ToString(CultureInfo.InvariantCulture));
        json.WriteString("aws/guardduty/service/archived", service.Archived ? "true" : "false");
        json.WriteString("aws/guardduty/service/eventFirstSeen", FindingJson.Iso(service.EventFirstSeen));
        json.WriteString("aws/guardduty/service/eventLastSeen", FindingJson.Iso(service.EventLastSeen));
        if (service.Action is AwsApiCallAction { ErrorCode: { } error }) Field(json, "aws/guardduty/service/action/awsApiCallAction/errorCode", error);
        foreach (var (name, value) in service.AdditionalInfo.Take(MostInfos)) Field(json, $"aws/guardduty/service/additionalInfo/{name}", value);
        Field(json, "yagura/why", finding.Explanation.Why);
        Field(json, "yagura/version", finding.Explanation.Version);
        json.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter json, string name, string value) => json.WriteString(TextLimit.Cut(name, LongestName), TextLimit.Cut(value, LongestField));

    private static void WriteResources(Utf8JsonWriter json, Finding finding)
    {
        var resource = finding.Resource;
        json.WriteStartArray("Resources");
        if (resource.AccessKeyDetails is { } key)
        {
            Open(json, finding, "AwsIamAccessKey", $"AWS::IAM::AccessKey:{key.AccessKeyId ?? key.PrincipalId ?? "null"}");
            json.WriteStartObject("AwsIamAccessKey");
            FindingJson.Text(json, "PrincipalId", key.PrincipalId);
            FindingJson.Text(json, "PrincipalType", key.UserType);
            FindingJson.Text(json, "PrincipalName", key.UserName);
            FindingJson.Text(json, "AccessKeyId", key.AccessKeyId);
            Close(json, []);
        }
        if (resource.InstanceDetails is { } instance)
        {
            Open(json, finding, "AwsEc2Instance", $"arn:{finding.Partition}:ec2:{finding.Region}:{finding.AccountId}:instance/{instance.InstanceId}");
            json.WriteStartObject("AwsEc2Instance");
            FindingJson.Text(json, "Type", instance.InstanceType);
            FindingJson.Text(json, "ImageId", instance.ImageId);
            var networks = instance.NetworkInterfaces;
            Texts(json, "IpV4Addresses", networks.SelectMany(network => (string?[])[network.PublicIp, network.PrivateIpAddress]));
            Texts(json, "IpV6Addresses", networks.SelectMany(network => network.Ipv6Addresses));
            FindingJson.Text(json, "IamInstanceProfileArn", instance.IamInstanceProfile?.Arn);
            FindingJson.Text(json, "VpcId", networks.FirstOrDefault()?.VpcId);
            FindingJson.Text(json, "SubnetId", networks.FirstOrDefault()?.SubnetId);
            if (instance.LaunchTime is { } launched) json.WriteString("LaunchedAt", FindingJson.Iso(launched));
            Close(json, instance.Tags);
        }
        foreach (var bucket in resource.S3BucketDetails)
        {
            Open(json, finding, "AwsS3Bucket", $"arn:{finding.Partition}:s3:::{bucket.Name}");
            json.WriteStartObject("AwsS3Bucket");
            FindingJson.Text(json, "OwnerId", bucket.OwnerId);
            if (bucket.CreatedAt is { } created) json.WriteString("CreatedAt", FindingJson.Iso(created));
            Close(json, bucket.Tags);
        }
        if (resource is { AccessKeyDetails: null, InstanceDetails: null, S3BucketDetails.Count: 0 })
        {
            // The format wants at least one resource; where the log names none, the account is what is concerned.
            Open(json, finding, "AwsAccount", $"AWS::::Account:{finding.AccountId}");
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Open(Utf8JsonWriter json, Finding finding, string type, string id)
    {
        json.WriteStartObject();
        json.WriteString("Type", type);
        json.WriteString("Id", TextLimit.Cut(id, 512));
        json.WriteString("Partition", finding.Partition);
        json.WriteString("Region", finding.Region);
        json.WriteString("ResourceRole", finding.Service.ResourceRole == ResourceRole.Target ? "Target" : "Actor");
        json.WriteStartObject("Details");
    }

    private static void Close(Utf8JsonWriter json, IReadOnlyList<Tag> tags)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        if (tags.Count > 0)
        {
            json.WriteStartObject("Tags");
            foreach (var tag in tags.DistinctBy(tag => tag.Key, StringComparer.Ordinal).Take(50)) json.WriteString(TextLimit.Cut(tag.Key, LongestName), TextLimit.Cut(tag.Value, 256));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, Service service)
    {
        json.WriteStartObject("Action");
        json.WriteString("ActionType", service.Action.ActionType);
        switch (service.Action)
        {
            case AwsApiCallAction call:
                json.WriteStartObject("AwsApiCallAction");
                json.WriteString("Api", call.Api);
                json.WriteString("ServiceName", call.ServiceName);
                json.WriteString("CallerType", call.RemoteIp is null ? "domain" : "remoteIp");
                if (call.RemoteIp is { } caller) WriteRemote(json, caller);
                if (call.Domain is not null)
                {
                    json.WriteStartObject("DomainDetails");
                    json.WriteString("Domain", call.Domain);
                    json.WriteEndObject();
                }
                json.WriteStartObject("AffectedResources");
                foreach (var (type, name) in call.AffectedResources) json.WriteString(type, name);
                json.WriteEndObject();
                json.WriteString("FirstSeen", FindingJson.Iso(service.EventFirstSeen));
                json.WriteString("LastSeen", FindingJson.Iso(service.EventLastSeen));
                break;
            case NetworkConnectionAction connection:
                json.WriteStartObject("NetworkConnectionAction");
                json.WriteString("ConnectionDirection", connection.Direction.ToString().ToUpperInvariant());
                WriteRemote(json, connection.RemoteIp);
                WritePort(json, "RemotePortDetails", connection.RemotePort);
                WritePort(json, "LocalPortDetails", connection.LocalPort);
                json.WriteString("Protocol", connection.Protocol);
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
                json.WriteString("Domain", dns.Domain);
                json.WriteString("Protocol", dns.Protocol);
                json.WriteBoolean("Blocked", dns.Blocked);
                break;
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

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
        FindingJson.Text(json, "AsnOrg", remote.AsnOrganization);
        FindingJson.Text(json, "Isp", remote.Isp);
        FindingJson.Text(json, "Org", remote.Organization);
        json.WriteEndObject();
        json.WriteStartObject("Country");
        FindingJson.Text(json, "CountryCode", remote.CountryCode);
        FindingJson.Text(json, "CountryName", remote.CountryName);
        json.WriteEndObject();
        json.WriteStartObject("City");
        FindingJson.Text(json, "CityName", remote.CityName);
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
        foreach (var text in texts.OfType<string>().Distinct(StringComparer.Ordinal)) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
