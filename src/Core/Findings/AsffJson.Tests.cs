using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Core;
using Yagura.Core.Findings;

namespace Yagura.Tests.Core.Findings;

public sealed class AsffJsonTests
{
    [Fact]
    public void An_api_call_is_shaped_as_security_hub_shows_it() => Snapshot.Match("api-call.asff.json", SnapshotText.Of(Json(SampleFindings.ApiCall)));

    [Fact]
    public void A_network_connection_is_shaped_as_security_hub_shows_it() => Snapshot.Match("connection.asff.json", SnapshotText.Of(Json(SampleFindings.Connection)));

    [Fact]
    public void A_dns_request_is_shaped_as_security_hub_shows_it() => Snapshot.Match("dns.asff.json", SnapshotText.Of(Json(SampleFindings.Dns)));

    [Fact]
    public void Unusual_behaviour_is_shaped_as_security_hub_shows_it() => Snapshot.Match("behaviour.asff.json", SnapshotText.Of(Json(SampleFindings.Behaviour)));

    [Fact]
    public void An_attack_sequence_is_shaped_as_security_hub_shows_it() => Snapshot.Match("sequence.asff.json", SnapshotText.Of(Json(SampleFindings.Sequence)));

    /// <summary>Limits that the API reference gives, in characters, by the name of the member.</summary>
    private static readonly Dictionary<string, int> Longest = new()
    {
        ["Title"] = 256, ["Description"] = 1024, ["Id"] = 512, ["ProductArn"] = 2048, ["GeneratorId"] = 512, ["Region"] = 16, ["Original"] = 64,
        ["Api"] = 128, ["ServiceName"] = 128, ["Domain"] = 128, ["PortName"] = 128, ["Protocol"] = 64,
    };

    [Fact]
    public void What_the_format_requires_is_there_and_within_its_limits() => SampleFindings.Any.Sample(finding => AssertWithinLimits(Json(finding)));

    [Fact]
    public void Long_and_hostile_texts_are_cut_and_kept_on_one_line()
    {
        var text = "a\r\n\u2028\0b" + string.Concat(Enumerable.Repeat("\U0001F600", 3000));
        KeyValuePair<string, string>[] many = [.. Enumerable.Range(0, 99).Select(i => KeyValuePair.Create($"{i}{text}", text))];
        var instance = new InstanceDetails { InstanceId = text, InstanceType = text, ImageId = text, Tags = [.. many.Select(one => new Tag(one.Key, one.Value)), new("empty", "")] };
        FindingAction[] actions =
        [
            new AwsApiCallAction(text, text, text, null) { Domain = text, ErrorCode = text, UserAgent = text, AffectedResources = many },
            new NetworkConnectionAction(ConnectionDirection.Inbound, text, false, 1, 1, IpAddress.FromV4(1), new(IpAddress.FromV4(2)) { CityName = text, AsnOrganization = text }),
            new DnsRequestAction(text, text, text, false),
        ];
        foreach (var action in actions)
        {
            var json = Json(SampleFindings.ApiCall with
            {
                Title = text,
                Description = text,
                Explanation = SampleFindings.ApiCall.Explanation with { Why = text },
                Service = SampleFindings.ApiCall.Service with { Action = action, AdditionalInfo = many },
                Resource = new(ResourceType.AccessKey) { AccessKeyDetails = new(text, text, text, text), InstanceDetails = instance, S3BucketDetails = [.. many.Select(one => new S3BucketDetails(one.Key))] },
            });
            AssertWithinLimits(json);
            Assert.InRange(Encoding.UTF8.GetByteCount(json.GetRawText()), 1, 240_000);
            Assert.StartsWith("a    b\U0001F600", json.GetProperty("Title").GetString(), StringComparison.Ordinal);
            Assert.EndsWith("\U0001F600…", json.GetProperty("Title").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_blank_title_and_description_are_replaced_by_the_type()
    {
        var json = Json(SampleFindings.Dns with { Title = " \n", Description = "" });
        Assert.Equal("Trojan:EC2/PhishingDomainRequest!DNS", json.GetProperty("Title").GetString());
        Assert.Equal("Trojan:EC2/PhishingDomainRequest!DNS", json.GetProperty("Description").GetString());
    }

    [Theory]
    [InlineData(1, "LOW", 10)]
    [InlineData(3.96, "LOW", 39)]
    [InlineData(6.99, "MEDIUM", 69)]
    [InlineData(8.95, "HIGH", 89)]
    [InlineData(9, "CRITICAL", 90)]
    public void The_normalized_severity_lies_in_the_range_of_its_label(double severity, string label, int normalized)
    {
        var json = Json(SampleFindings.Dns with { Severity = severity }).GetProperty("Severity");
        Assert.Equal((label, normalized), (json.GetProperty("Label").GetString(), json.GetProperty("Normalized").GetInt32()));
    }

    [Fact]
    public void A_network_number_beyond_the_range_of_the_format_is_left_out()
    {
        var action = (NetworkConnectionAction)SampleFindings.Connection.Service.Action!;
        var json = Json(SampleFindings.Connection with { Service = SampleFindings.Connection.Service with { Action = action with { RemoteIp = action.RemoteIp with { Asn = 4_200_000_000 } } } });
        Assert.False(json.GetProperty("Action").GetProperty("NetworkConnectionAction").GetProperty("RemoteIpDetails").GetProperty("Organization").TryGetProperty("Asn", out _));
    }

    /// <summary>The counterpart is the model that the AWS CLI and boto3 send findings with.</summary>
    [Fact]
    public void Boto3_would_import_every_finding()
    {
        const string Script = """
            import json
            import botocore.session
            from botocore.validate import ParamValidator
            shape = botocore.session.get_session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape
            for line in sys.stdin:
                report = ParamValidator().validate({"Findings": [json.loads(line)]}, shape)
                if report.has_errors(): print(report.generate_report())
            print("done")
            """;
        Assert.Equal("done", Botocore.Run(Script, SampleFindings.Some(50).Select(finding => Encoding.UTF8.GetString(AsffJson.ToUtf8(finding)))));
    }

    [Fact]
    public void A_finding_without_a_known_resource_is_about_its_account() =>
        Assert.Equal("AwsAccount", Json(SampleFindings.Dns with { Resource = new(ResourceType.Instance) }).GetProperty("Resources")[0].GetProperty("Type").GetString());

    private static void AssertWithinLimits(JsonElement json)
    {
        foreach (var required in (string[])["SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "CreatedAt", "UpdatedAt", "Title", "Description"])
        {
            Assert.True(json.TryGetProperty(required, out _), required);
        }
        Assert.InRange(json.GetProperty("Resources").GetArrayLength(), 1, 32);
        Assert.InRange(json.GetProperty("Severity").GetProperty("Normalized").GetInt32(), 0, 100);
        AssertMap(json.GetProperty("ProductFields"), 50, 128, 2048);
        Assert.All(json.GetProperty("Resources").EnumerateArray(), resource =>
        {
            if (resource.TryGetProperty("Tags", out var tags)) AssertMap(tags, 50, 128, 256);
        });
        AssertTexts("", json);
    }

    private static void AssertMap(JsonElement map, int most, int longestKey, int longestValue)
    {
        Assert.True(map.EnumerateObject().Count() <= most);
        Assert.All(map.EnumerateObject(), entry => Assert.True(entry.Name.Length <= longestKey && entry.Value.GetString()!.Length <= longestValue, entry.Name));
    }

    // NonEmptyString of the API: .*\S.*
    private static void AssertTexts(string name, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(element.EnumerateObject().Count(), element.EnumerateObject().DistinctBy(member => member.Name).Count());
                foreach (var member in element.EnumerateObject()) AssertTexts(member.Name, member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) AssertTexts(name, item);
                break;
            case JsonValueKind.String:
                var text = element.GetString()!;
                Assert.True(!string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl), $"{name}: blank or more than a line");
                Assert.True(text.Length <= Longest.GetValueOrDefault(name, 2048), $"{name}: {text.Length} characters");
                break;
        }
    }

    private static JsonElement Json(Finding finding) => JsonDocument.Parse(AsffJson.ToUtf8(finding)).RootElement;
}
