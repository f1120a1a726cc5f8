using System.Text;
using System.Text.Json.Nodes;
using Yagura.Api.Signing;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Ledger;

namespace Yagura.Api.Tests;

/// <summary>What the ledger counted, as clients see it.</summary>
public sealed class UsageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly Database _database;
    private Server _server = null!;
    private NewAccessKey _admin = null!;
    private string _detector = "";

    public UsageTests() => _database = Database.Open(_folder.Path);

    public async ValueTask InitializeAsync()
    {
        _server = await Server.Start(usage: new ObjectUsage(_database));
        _admin = await _server.Key();
        _detector = (string)(await Post("/detector", """{"enable":true}"""))["detectorId"]!;
        var now = TimeProvider.System.GetUtcNow();
        UsageEntry Used(string feature, string? resource, long records, long bytes, string account = Server.Account) => new(account, "eu-west-1", feature, resource, records, bytes);
        await new ObjectLedger(_database).Record(
        [
            new(new("s3://logs/", Server.Account, "eu-west-1", "CloudTrail"), "a", "1", LedgerState.Applied, now, now)
            {
                Usage =
                [
                    Used("CLOUD_TRAIL", null, 2_000_000, 1), Used("S3_DATA_EVENTS", "photos", 10_000_000, 1), Used("S3_DATA_EVENTS", "books", 5_000_000, 1),
                    Used("FLOW_LOGS", null, 1, 3L << 30), Used("CLOUD_TRAIL", null, 9_000_000, 1, "444455556666"),
                ],
            },
            new(new("s3://logs/", Server.Account, "eu-west-1", "CloudTrail"), "old", "1", LedgerState.Applied, now, now.AddDays(-40)) { Usage = [Used("DNS_LOGS", null, 1, 1L << 40)] },
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("SUM_BY_FEATURES", "sumByFeature", "S3_DATA_EVENTS 12.00, CLOUD_TRAIL 8.00, FLOW_LOGS 3.00")]
    [InlineData("SUM_BY_DATA_SOURCE", "sumByDataSource", "S3_LOGS 12.00, CLOUD_TRAIL 8.00, FLOW_LOGS 3.00")]
    [InlineData("SUM_BY_ACCOUNT", "sumByAccount", "111122223333 23.00")]
    [InlineData("SUM_BY_RESOURCE", "sumByResource", "photos 8.00, books 4.00")]
    [InlineData("TOP_RESOURCES", "topResources", "photos 8.00, books 4.00")]
    public async Task What_was_read_in_thirty_days_is_told_in_the_money_of_the_real_service(string kind, string list, string expected)
    {
        var answer = await Post($"/detector/{_detector}/usage/statistics", $$"""{"usageStatisticsType":"{{kind}}","usageCriteria":{"features":["CLOUD_TRAIL","S3_DATA_EVENTS","FLOW_LOGS","DNS_LOGS"]},"unit":"USD"}""");
        var rows = answer["usageStatistics"]![list]!.AsArray().Select(row => row!.AsObject());
        Assert.Equal(expected, string.Join(", ", rows.Select(row => $"{row.First(field => field.Key != "total").Value} {row["total"]!["amount"]}")));
    }

    [Fact]
    public async Task Criteria_name_what_is_told()
    {
        var answer = await Post($"/detector/{_detector}/usage/statistics", """{"usageStatisticsType":"SUM_BY_RESOURCE","usageCriteria":{"features":["S3_DATA_EVENTS"],"resources":["books"]}}""");
        Assert.Equal("""[{"resource":"books","total":{"amount":"4.00","unit":"USD"}}]""", answer["usageStatistics"]!["sumByResource"]!.ToJsonString());
    }

    [Fact]
    public async Task A_trial_is_over_for_every_account_that_the_caller_sees()
    {
        var answer = await Post($"/detector/{_detector}/freeTrial/daysRemaining", """{"accountIds":["111122223333","444455556666"]}""");
        var account = Assert.Single(answer["accounts"]!.AsArray())!;
        Assert.All(account["features"]!.AsArray(), feature => Assert.Equal(0, (int)feature!["freeTrialDaysRemaining"]!));
        Assert.Equal("444455556666", (string?)Assert.Single(answer["unprocessedAccounts"]!.AsArray())!["accountId"]);
    }

    private async Task<JsonNode> Post(string path, string body)
    {
        var signed = new SignedRequest(_admin.Key.Id, _admin.Secret, TimeProvider.System.GetUtcNow()) { Path = path, Body = Encoding.UTF8.GetBytes(body) }.Sign();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Endpoint, path)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        foreach (var (name, value) in signed.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
