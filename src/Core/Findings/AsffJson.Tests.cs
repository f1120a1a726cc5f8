using System.Text.Json;
using CsCheck;
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
    public void What_the_format_requires_is_there_and_within_its_limits() => SampleFindings.Any.Sample(finding =>
    {
        var json = Json(finding with { Title = finding.Title + new string('t', 300), Description = finding.Description + new string('d', 2000) });
        foreach (var required in (string[])["SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "CreatedAt", "UpdatedAt"])
        {
            Assert.False(string.IsNullOrEmpty(json.GetProperty(required).GetString()), required);
        }
        Assert.InRange(json.GetProperty("Title").GetString()!.Length, 1, 256);
        Assert.InRange(json.GetProperty("Description").GetString()!.Length, 1, 1024);
        Assert.InRange(json.GetProperty("Resources").GetArrayLength(), 1, 32);
        Assert.InRange(json.GetProperty("Severity").GetProperty("Normalized").GetInt32(), 0, 100);
        Assert.InRange(json.GetProperty("ProductFields").EnumerateObject().Count(), 1, 50);
        Assert.All(json.GetProperty("ProductFields").EnumerateObject(), field => Assert.True(field.Name.Length <= 128 && field.Value.GetString()!.Length <= 2048));
        Assert.All(json.GetProperty("Resources").EnumerateArray(), resource => Assert.InRange(resource.GetProperty("Id").GetString()!.Length, 1, 512));
    });

    [Fact]
    public void A_type_has_three_parts_at_most() =>
        Assert.Equal("TTPs/Command and Control/Backdoor:EC2-C&CActivity.B", Json(SampleFindings.Connection).GetProperty("Types")[0].GetString());

    [Fact]
    public void A_finding_without_a_known_resource_is_about_its_account() =>
        Assert.Equal("AwsAccount", Json(SampleFindings.Dns with { Resource = new(ResourceType.Instance) }).GetProperty("Resources")[0].GetProperty("Type").GetString());

    private static JsonElement Json(Finding finding) => JsonDocument.Parse(AsffJson.ToUtf8(finding)).RootElement;
}
