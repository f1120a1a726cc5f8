using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Yagura.Api.Own;
using Yagura.Api.Signing;
using Yagura.Api.Suppressions;
using Yagura.Api.Wire;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Health;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Documents;
using Yagura.Storage.Embedded.Findings;
using Yagura.Storage.Embedded.Suppressions;
using Yagura.Tests;

namespace Yagura.Api.Tests;

/// <summary>A rule from the first idea to its end, over the API.</summary>
public sealed class SuppressionStoryTests : IAsyncLifetime
{
    private const string Rules = "/yagura/v1/suppressions";
    private const string Criteria = """{"criterion":{"type":{"equals":["Backdoor:EC2/C&CActivity.B"]}}}""";

    private static readonly DateTimeOffset Start = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private readonly ManualTime _time = new(Start);
    private readonly TemporaryFolder _data = new();
    private readonly HttpClient _http = new();
    private Database _database = null!;
    private FindingStore _findings = null!;
    private Server _server = null!;
    private Suppressor _suppressor = null!;
    private SuppressionReport _report = null!;
    private NewAccessKey _viewer = null!, _responder = null!, _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _database = Database.Open(_data.Path);
        _findings = await FindingStore.Open(_database);
        var documents = new DocumentStore(_database);
        var hits = new SuppressionHits(_database);
        _server = await Server.Start(new Backend(documents, _findings, new AuditLog(_database), _time) { Hits = hits });
        _suppressor = new(documents, _time);
        _report = new(new(documents, _time), hits, _time);
        (_viewer, _responder, _admin) = (await _server.Key(Role.Viewer), await _server.Key(Role.Responder), await _server.Key());
        await Ok("POST", "/detector", """{"enable":true}""", _admin);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _findings.Dispose();
        await _database.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_rule_is_tried_activated_warns_expires_and_lets_findings_be_seen_again()
    {
        // What happened before there was a rule: one of the findings was real.
        await Store(Numbered(1), Numbered(2));
        await _findings.SetFeedback(FindingScope.Everything, [Id(2)], UserFeedback.Useful);

        var preview = await Ok("POST", Rules + "/preview", $$"""{"findingCriteria":{{Criteria}}}""", _viewer);
        Assert.Equal((2, Id(2)), ((int)preview["findings"]!, (string?)preview["markedAsReal"]![0]!["findingId"]));
        Assert.Equal(
            [
                "1 finding it would have hidden was marked as real by a person", "2 findings it would have hidden are High",
                "it would have hidden every finding of the type Backdoor:EC2/C&CActivity.B (2)",
            ], preview["warnings"]!.AsArray().Select(warning => (string?)warning));

        // It is added in shadow mode and hides nothing: it counts.
        await Ok("POST", Rules, Added("shadow"), _responder);
        await Store(Numbered(3));
        Assert.False(await IsArchived(3));
        Assert.Equal(("shadow", 1, 0), await State());

        // Two days later somebody has looked at what it would have hidden and activates it.
        _time.Now = Start.AddDays(2);
        Assert.Equal([Id(3)], await Hits());
        await Ok("POST", Rules + "/scanner/activate", "", _responder);
        await Store(Numbered(1), Numbered(3), Numbered(4)); // the old ones as they were
        Assert.Equal((false, false, true), (await IsArchived(1), await IsArchived(3), await IsArchived(4)));
        Assert.Equal([Id(4), Id(3)], await Hits());
        Assert.Equal(("active", 1, 1), await State());
        Assert.Equal(4, (int)(await Ok("GET", Rules + "/scanner/preview", "", _viewer))["groups"]![0]!["findings"]!);

        // GuardDuty's API shows an ordinary filter: Terraform sees no difference, before and after an update.
        const string Filter = "/detector/7112b24d1ef769a8e57802785c24ae4f/filter";
        var filter = await Ok("GET", Filter + "/scanner", "", _viewer);
        Assert.Equal(["name", "action", "rank", "findingCriteria", "tags"], filter.AsObject().Select(member => member.Key));
        await Ok("POST", Filter + "/scanner", $$"""{"action":"ARCHIVE","rank":1,"findingCriteria":{{Criteria}}}""", _responder);
        Assert.Equal("our own scanner", (string?)(await Rule())["reason"]);

        // A person brings one back: it stays, until it occurs again.
        await Ok("POST", "/detector/7112b24d1ef769a8e57802785c24ae4f/findings/unarchive", $$"""{"findingIds":["{{Id(4)}}"]}""", _admin);
        await Store(Numbered(4));
        Assert.False(await IsArchived(4));
        await Store(Numbered(4, more: 1));
        Assert.True(await IsArchived(4));

        // Somebody else does the same, and the rule hides it, but not in silence.
        Assert.Empty(await _report.Problems());
        _time.Now += TimeSpan.FromHours(3);
        await Store(Numbered(5) with { Service = From("203.0.113.99") });
        Assert.True(await IsArchived(5));
        Assert.Equal("it now hides another actor: 203.0.113.99; 2 were expected", (string?)(await Rule())["warnings"]![0]!["why"]);
        var changed = await Tell();
        Assert.Equal(("Yagura:Health/SuppressionChanged", "scanner: it now hides another actor: 203.0.113.99; 2 were expected"), (changed.Type.Name, changed.Explanation.Why));
        Assert.Equal(new PutResult(0, 0, 1), await _findings.Put([changed])); // told once

        // It was looked at, and the rule goes on.
        await Ok("POST", Rules + "/scanner/renew", """{"expires":"2026-05-01"}""", _responder);
        Assert.Empty((await Rule())["warnings"]!.AsArray());

        // The rule expires. What it hid stays hidden, what comes is seen.
        _time.Now = new(2026, 5, 2, 0, 0, 0, TimeSpan.Zero);
        await Store(Numbered(6), Numbered(5) with { Service = From("203.0.113.99") });
        Assert.Equal((false, true), (await IsArchived(6), await IsArchived(5)));
        Assert.Equal("expired", (await State()).State);
        var expired = await Tell();
        Assert.Equal(("Yagura:Health/SuppressionExpired", "scanner of alice has expired; it was there because of this: our own scanner"), (expired.Type.Name, expired.Explanation.Why));
        await Store(Numbered(4, more: 2));
        Assert.False(await IsArchived(4)); // again
        await Ok("DELETE", Rules + "/scanner", "", _responder);
        Assert.Equal(HttpStatusCode.NotFound, (await Send("GET", Rules + "/scanner", "", _viewer)).Status);

        // Who did what is told to those who watch, and written down for good.
        var changes = await new WatchChanges(new AuditLog(_database), Start.AddDays(-1), "test").Look(CancellationToken.None);
        Assert.Equal(
            ["ActivateSuppression Low: in Yagura the filter scanner was activated, which hides findings", "UpdateFilter Low: in Yagura the filter scanner was changed, which hides findings"],
            changes.Select(finding => $"{((AwsApiCallAction)finding.Service.Action!).Api} {SeverityExtensions.ToLevel(finding.Severity)}: {finding.Explanation.Why}").Order(StringComparer.Ordinal));
        Assert.All(changes, finding => Assert.Equal(_responder.Key.Id, finding.Resource.AccessKeyDetails!.AccessKeyId));
        Assert.True(FindingJson.TryRead(FindingJson.ToUtf8(changes[0]), out _, out _));
        var entries = (await Ok("GET", "/yagura/v1/audit", "", _viewer))["entries"]!.AsArray();
        Assert.Contains("AddSuppression", entries.Select(entry => (string?)entry!["action"]));
        var head = (string)(await Ok("GET", "/yagura/v1/audit/verify", "", _viewer))["head"]!;
        Assert.True((bool)(await Ok("GET", "/yagura/v1/audit/verify?head=" + Uri.EscapeDataString(head), "", _viewer))["whole"]!);
        var forged = head.Split(':')[0] + ":" + new string('0', 64);
        Assert.False((bool)(await Ok("GET", "/yagura/v1/audit/verify?head=" + Uri.EscapeDataString(forged), "", _viewer))["whole"]!);
    }

    [Fact]
    public async Task A_filter_made_through_GuardDutys_api_has_an_owner_and_an_end()
    {
        await Ok("POST", "/detector/7112b24d1ef769a8e57802785c24ae4f/filter", $$"""{"name":"terraform","action":"ARCHIVE","findingCriteria":{{Criteria}}}""", _responder);
        await Ok("POST", "/detector/7112b24d1ef769a8e57802785c24ae4f/filter", $$"""{"name":"view","findingCriteria":{{Criteria}}}""", _responder);

        var rule = Assert.Single((await Ok("GET", Rules, "", _viewer))["suppressions"]!.AsArray())!;
        Assert.Equal(
            ("terraform", _responder.Key.Id, "made through GuardDuty's API", FindingJson.Iso(Start.AddDays(180)), "active"),
            ((string?)rule["name"], (string?)rule["owner"], (string?)rule["reason"], (string?)rule["expires"], (string?)rule["state"]));
        await Store(Numbered(1));
        Assert.True(await IsArchived(1));
    }

    [Fact]
    public async Task The_rules_of_an_administrator_hold_for_its_members()
    {
        await Ok("POST", Rules, Added("active"), _responder);
        var ofMember = Numbered(1) with { AccountId = "444455556666" };
        await Store(ofMember, Numbered(2) with { AccountId = "777788889999" }, Numbered(3) with { Region = "us-east-1" });
        Assert.Equal((false, false, false), (await IsArchived(1), await IsArchived(2), await IsArchived(3)));

        await new DocumentStore(_database).Put(new("member", Server.Account, "eu-west-1", "444455556666"),
            """{"email":"m@yagura.example","relationship":"Enabled","updatedAt":"2026-03-10T09:00:00Z"}"""u8.ToArray());
        await Store(ofMember with { Service = ofMember.Service with { Count = ofMember.Service.Count + 1 } });
        Assert.True(await IsArchived(1));
    }

    [Fact]
    public async Task Of_several_rules_the_one_of_the_lowest_rank_hides()
    {
        await Ok("POST", Rules, Added("active").Replace("scanner", "second", StringComparison.Ordinal).Replace("\"mode\"", "\"rank\":7,\"mode\"", StringComparison.Ordinal), _responder);
        await Ok("POST", Rules, Added("active").Replace("\"mode\"", "\"rank\":3,\"mode\"", StringComparison.Ordinal), _responder);
        await Store(Numbered(1));
        var rules = (await Ok("GET", Rules, "", _viewer))["suppressions"]!.AsArray();
        Assert.Equal(["scanner 1", "second 0"], rules.Select(rule => $"{rule!["name"]} {rule["hidden"]!["findings"]}"));
    }

    [Theory]
    [InlineData("""{"name":"scanner"}""", "owner")]
    [InlineData("""{"name":"scanner","owner":"alice","reason":"r","expires":"soon","findingCriteria":{"criterion":{"type":{"equals":["x"]}}}}""", "expires")]
    [InlineData("""{"name":"scanner","owner":"alice","reason":"r","expires":"2026-03-09","findingCriteria":{"criterion":{"type":{"equals":["x"]}}}}""", "a time to come is expected")]
    [InlineData("""{"name":"scanner","owner":"alice","reason":"r","expires":"2029-03-09","findingCriteria":{"criterion":{"type":{"equals":["x"]}}}}""", "at most 366 days from now")]
    [InlineData("""{"name":"a b c","owner":"alice","reason":" ","expires":"2026-04-09","findingCriteria":{"criterion":{}}}""", "name: 3 to 64 letters, digits, '.', '_' or '-' are allowed; reason is missing: why what it hides is harmless; criterion: names no path")]
    public async Task A_rule_without_an_owner_a_reason_and_an_end_is_refused(string body, string message)
    {
        var (status, answer) = await Send("POST", Rules, body, _responder);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(message, (string?)JsonNode.Parse(answer)!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_operation_is_closed_to_those_below_its_role()
    {
        foreach (var operation in YagurasOperations.All)
        {
            var path = operation.Template.Replace("{Name}", "nothing", StringComparison.Ordinal);
            var (status, answer) = await Send(operation.Method, path, "", _viewer);
            Assert.Equal(operation.Role > Role.Viewer, status == HttpStatusCode.Forbidden);
            if (status == HttpStatusCode.Forbidden) Assert.Contains($"is not authorized to perform: yagura:{operation.Name} on", answer, StringComparison.Ordinal);
            Assert.NotEqual(HttpStatusCode.Forbidden, (await Send(operation.Method, path, "", _responder)).Status);
            Assert.True((int)status < 500, $"{operation.Name}: {answer}");
        }
    }

    private static string Id(int number) => $"{number:x32}";

    private static Finding Numbered(int number, long more = 0) => SampleFindings.Connection with
    {
        Id = Id(number),
        Service = SampleFindings.Connection.Service with { Count = SampleFindings.Connection.Service.Count + more },
    };

    private static Service From(string address) =>
        SampleFindings.Connection.Service with { Action = (NetworkConnectionAction)SampleFindings.Connection.Service.Action! with { RemoteIp = new(IpAddress.TryParse(address, out var ip) ? ip : default) } };

    private static string Added(string mode) =>
        $$"""{"name":"scanner","owner":"alice","reason":"our own scanner","expires":"2026-06-30","mode":"{{mode}}","findingCriteria":{{Criteria}}}""";

    private async Task Store(params Finding[] findings)
    {
        var suppressed = await _suppressor.Apply(findings);
        await _findings.Put(suppressed.Findings, suppressed.Hits);
    }

    private async Task<Finding> Tell()
    {
        var finding = new HealthFindings(Server.Account, "test", _time).Build(Assert.Single(await _report.Problems()));
        await Store(finding);
        return finding;
    }

    private async Task<bool> IsArchived(int number) => Assert.Single(await _findings.Get(FindingScope.Everything, [Id(number)])).Finding.Service.Archived;

    private Task<JsonNode> Rule() => Ok("GET", Rules + "/scanner", "", _viewer);

    private async Task<(string? State, int Shadow, int Hidden)> State() =>
        await Rule() is var rule ? ((string?)rule["state"], (int)rule["hidden"]!["shadowFindings"]!, (int)rule["hidden"]!["findings"]!) : default;

    /// <summary>All hits, a page at a time.</summary>
    private async Task<IReadOnlyList<string?>> Hits()
    {
        var (found, token) = (new List<string?>(), "");
        do
        {
            var page = await Ok("GET", $"{Rules}/scanner/hits?maxResults=1{(token.Length > 0 ? "&nextToken=" + Uri.EscapeDataString(token) : "")}", "", _viewer);
            found.AddRange(page["hits"]!.AsArray().Select(hit => (string?)hit!["findingId"]));
            token = (string?)page["nextToken"] ?? "";
        }
        while (token.Length > 0);
        return found;
    }

    private async Task<JsonNode> Ok(string method, string target, string body, NewAccessKey key)
    {
        var (status, answer) = await Send(method, target, body, key);
        Assert.True(status == HttpStatusCode.OK, $"{method} {target}: {status} {answer}");
        return JsonNode.Parse(answer)!;
    }

    private async Task<(HttpStatusCode Status, string Body)> Send(string method, string target, string body, NewAccessKey key)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var signed = new SignedRequest(key.Key.Id, key.Secret, _time.Now)
        {
            Method = method, Path = question < 0 ? target : target[..question], Query = question < 0 ? "" : target[(question + 1)..], Body = Encoding.UTF8.GetBytes(body),
        };
        using var request = new HttpRequestMessage(new(method), new Uri(_server.Endpoint.ToString().TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in signed.Sign().Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body.Length > 0) request.Content = new ByteArrayContent(signed.Body);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
