using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Yagura.Core.Findings;

namespace Yagura.Tests.Core.Findings;

public sealed class OcsfJsonTests
{
    [Fact]
    public void An_api_call_is_a_detection_finding() => Snapshot.Match("api-call.ocsf.json", SnapshotText.Of(Json(SampleFindings.ApiCall)));

    [Fact]
    public void A_network_connection_is_a_detection_finding() => Snapshot.Match("connection.ocsf.json", SnapshotText.Of(Json(SampleFindings.Connection)));

    [Fact]
    public void A_dns_request_is_a_detection_finding() => Snapshot.Match("dns.ocsf.json", SnapshotText.Of(Json(SampleFindings.Dns)));

    [Fact]
    public void Unusual_behaviour_is_a_detection_finding() => Snapshot.Match("behaviour.ocsf.json", SnapshotText.Of(Json(SampleFindings.Behaviour)));

    [Fact]
    public void An_attack_sequence_is_a_detection_finding() => Snapshot.Match("sequence.ocsf.json", SnapshotText.Of(Json(SampleFindings.Sequence)));

    [Fact]
    public void A_finding_is_what_the_schema_says() => SampleFindings.Any.Sample(finding => Assert.Empty(OcsfSchema.Misfits(Json(finding))));

    [Fact]
    public void A_finding_without_records_and_with_texts_beyond_the_limit_still_is() => SampleFindings.Any.Sample(finding =>
    {
        var longest = new string('x', OcsfJson.LongestText + 1);
        Assert.Empty(OcsfSchema.Misfits(Json(finding with
        {
            Title = longest,
            Description = longest,
            Explanation = finding.Explanation with { Evidence = [], Why = longest },
            Service = finding.Service with { Action = finding.Service.Action is AwsApiCallAction call ? call with { Api = longest, ServiceName = longest, ErrorCode = longest } : new PortProbeAction(false, []) },
            Resource = new(ResourceType.AccessKey) { AccessKeyDetails = new(longest, longest, longest, longest), S3BucketDetails = [new(longest) { Tags = [new(longest, longest)] }] },
        })));
    }, iter: 20);

    [Theory]
    [InlineData("login.phish.example", true)]
    [InlineData("_ldap._tcp.corp.example", false)]
    [InlineData("-a.example", false)]
    [InlineData("a..example", false)]
    public void A_name_that_is_no_host_name_is_kept_where_it_may_be(string domain, bool isHostName)
    {
        var json = Json(SampleFindings.Dns with { Service = SampleFindings.Dns.Service with { Action = new DnsRequestAction(domain, null, "UDP", false) } });
        var (query, unmapped) = (json.GetProperty("evidences")[0].TryGetProperty("query", out _), json.GetProperty("unmapped").TryGetProperty("dns_request.domain", out _));
        Assert.Equal((isHostName, !isHostName), (query, unmapped));
    }

    [Fact]
    public void A_call_made_by_a_service_comes_from_its_name()
    {
        var action = (AwsApiCallAction)SampleFindings.ApiCall.Service.Action! with { RemoteIp = null, Domain = "cloudformation.amazonaws.com" };
        var json = Json(SampleFindings.ApiCall with { Service = SampleFindings.ApiCall.Service with { Action = action } });
        Assert.Empty(OcsfSchema.Misfits(json));
        Assert.Equal("cloudformation.amazonaws.com", json.GetProperty("evidences")[0].GetProperty("src_endpoint").GetProperty("svc_name").GetString());
    }

    [Theory]
    [InlineData("severity_id", "\"4\"", "severity_id: no integer")]
    [InlineData("severity_id", "7", "severity_id: not in the enum")]
    [InlineData("severity", "\"Severe\"", "severity: not the caption of its number")]
    [InlineData("activity_id", "2", "type_uid: not class and activity")]
    [InlineData("time", "\"2026-03-01T04:05:06Z\"", "time: no timestamp")]
    [InlineData("evidences", "[]", "evidences: no array with something in it")]
    [InlineData("evidences", "[{}]", "evidences[].: none of actor, api, connection_info, data, dst_endpoint, file, process, query, src_endpoint")]
    [InlineData("resources", "[{\"arn\":\"x\",\"uid\":\"x\"}]", "resources[].arn: not in resource_details")]
    [InlineData("cloud", "{\"region\":\"eu-west-1\"}", "cloud.provider: missing")]
    [InlineData("observables", "[{\"name\":\"evidences[].src_endpoint.ip\",\"type_id\":2,\"value\":\"192.0.2.1\"}]", "observables: nothing at evidences[].src_endpoint.ip is 192.0.2.1")]
    public void The_check_names_what_does_not_fit(string attribute, string value, string expected)
    {
        var event_ = JsonNode.Parse(OcsfJson.ToUtf8(SampleFindings.ApiCall))!.AsObject();
        event_[attribute] = JsonNode.Parse(value);
        Assert.Contains(expected, OcsfSchema.Misfits(JsonSerializer.SerializeToElement(event_)));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(5, 3)]
    [InlineData(8, 4)]
    [InlineData(9, 5)]
    public void Severity_is_numbered_as_the_schema_does(double severity, int expected) =>
        Assert.Equal(expected, Json(SampleFindings.Dns with { Severity = severity }).GetProperty("severity_id").GetInt32());

    private static JsonElement Json(Finding finding) => JsonDocument.Parse(OcsfJson.ToUtf8(finding)).RootElement;
}
