using System.Text.Json;
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
    public void What_the_schema_requires_is_always_there() => SampleFindings.Any.Sample(finding =>
    {
        var json = Json(finding);
        foreach (var required in (string[])["activity_id", "category_uid", "class_uid", "cloud", "finding_info", "metadata", "severity_id", "time", "type_uid"])
        {
            Assert.True(json.TryGetProperty(required, out _), required);
        }
        Assert.Equal(2004 * 100 + json.GetProperty("activity_id").GetInt32(), json.GetProperty("type_uid").GetInt32());
        Assert.False(string.IsNullOrEmpty(json.GetProperty("finding_info").GetProperty("uid").GetString()));
        Assert.False(string.IsNullOrEmpty(json.GetProperty("metadata").GetProperty("product").GetProperty("vendor_name").GetString()));
        Assert.Equal("AWS", json.GetProperty("cloud").GetProperty("provider").GetString());
    });

    [Theory]
    [InlineData(2, 2)]
    [InlineData(5, 3)]
    [InlineData(8, 4)]
    [InlineData(9, 5)]
    public void Severity_is_numbered_as_the_schema_does(double severity, int expected) =>
        Assert.Equal(expected, Json(SampleFindings.Dns with { Severity = severity }).GetProperty("severity_id").GetInt32());

    private static JsonElement Json(Finding finding) => JsonDocument.Parse(OcsfJson.ToUtf8(finding)).RootElement;
}
