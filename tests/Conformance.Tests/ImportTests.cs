using System.Text.Json.Nodes;
using Yagura.Aws.GuardDuty;
using Yagura.Aws.Tests;
using Yagura.Cli.Tests;

namespace Yagura.Conformance.Tests;

/// <summary><c>yagura import guardduty</c> from one GuardDuty into another; both are ours, and signatures are checked by both.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private const string Region = "eu-west-1";

    private Server _source = null!, _target = null!;

    public async ValueTask InitializeAsync() => (_source, _target) = (await Server.Start(), await Server.Start());

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task A_dry_run_says_what_is_new_and_changes_nothing()
    {
        await SetUp(_source);
        var (exit, output, error) = await Import();
        Assert.Equal((0, 0), (exit, await Changes(_target)));
        Assert.Equal(["eu-west-1: detector", "scanners: filter", "quiet: suppression rule", "office: IP set", "intel: threat intel set"], Rows(output).Select(Named));
        Assert.All(Rows(output), row => Assert.Equal("new", (string?)row["state"]));
        Assert.Contains("nothing was changed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_taken_over_is_the_same_afterwards_and_the_source_was_only_read()
    {
        await SetUp(_source);
        var before = await Changes(_source);
        var (exit, output, error) = await Import("--apply");
        Assert.True(exit == 0, output + error);
        Assert.All(Rows(output), row => Assert.Null(row["failure"]));
        Assert.Contains("5 taken over", error, StringComparison.Ordinal);
        Assert.Equal(before, await Changes(_source));

        (_, output, _) = await Import();
        Assert.All(Rows(output), row => Assert.Equal("same", (string?)row["state"]));
        Assert.Equal(5, Rows(output).Count);
        var settings = await Writer(_target).Reader.Read(TestContext.Current.CancellationToken);
        Assert.Equal("FIFTEEN_MINUTES", (string?)settings.Detector!["findingPublishingFrequency"]);
        var rule = settings.Settings.Single(setting => setting.Name == "quiet").Value;
        Assert.Equal("""{"type":{"equals":["Recon:EC2/PortProbeUnprotectedPort"]}}""", rule["findingCriteria"]!["criterion"]!.ToJsonString());
        Assert.Equal("soc", (string?)rule["tags"]!["team"]);
    }

    [Fact]
    public async Task What_differs_is_told_and_set_right_and_what_only_Yagura_has_stays()
    {
        var detector = await SetUp(_source);
        await Import("--apply");
        await Write(_source, "UpdateDetector", ["detector", detector], """{"findingPublishingFrequency":"ONE_HOUR","features":[{"name":"S3_DATA_EVENTS","status":"DISABLED"}]}""");
        await Write(_source, "UpdateFilter", ["detector", detector, "filter", "quiet"], """{"action":"NOOP","description":"no longer"}""");
        await Write(_target, "CreateFilter", ["detector", detector, "filter"], """{"name":"own-filter","findingCriteria":{"criterion":{"severity":{"gte":7}}}}""");

        var changed = Rows((await Import()).Out).ToDictionary(Named, StringComparer.Ordinal);
        Assert.Equal("findingPublishingFrequency: FIFTEEN_MINUTES → ONE_HOUR; S3_DATA_EVENTS: ENABLED → DISABLED", (string?)changed["eu-west-1: detector"]["detail"]);
        Assert.Equal("description: probes are blocked at the edge → no longer; action: ARCHIVE → NOOP", (string?)changed["quiet: filter"]["detail"]);
        Assert.Equal("own", (string?)changed["own-filter: filter"]["state"]);

        Assert.Equal(0, (await Import("--apply")).ExitCode);
        Assert.Equal(["own", "same", "same", "same", "same", "same"], Rows((await Import()).Out).Select(row => (string)row["state"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_filters_come_page_by_page_and_in_their_order()
    {
        var detector = await SetUp(_source);
        for (var number = 0; number < 60; number++)
            await Write(_source, "CreateFilter", ["detector", detector, "filter"], $$$"""{"name":"filter-{{{number:00}}}","rank":{{{60 - number}}},"findingCriteria":{"criterion":{"severity":{"gte":{{{number % 9}}} } } } }""");
        var names = Rows((await Import()).Out).Select(row => (string)row["name"]!).Where(name => name.StartsWith("filter-", StringComparison.Ordinal)).ToList();
        Assert.Equal(60, names.Count);
        Assert.Equal(names.OrderDescending(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task A_region_without_GuardDuty_has_nothing_to_take_over()
    {
        var (exit, output, error) = await Import("--region", "us-east-1");
        Assert.Equal((0, "[]"), (exit, output.Trim()));
        Assert.Contains("us-east-1: GuardDuty is not switched on", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_are_not_accepted_and_AWS_as_the_target_are_refused()
    {
        var wrong = Environment();
        wrong["AWS_SECRET_ACCESS_KEY"] = "wrong";
        var (exit, _, error) = await Run(wrong, "--endpoint-url", _source.Endpoint, "--to", _target.Endpoint);
        Assert.Equal(1, exit);
        Assert.Contains("eu-west-1: ListDetectors: the credentials are not accepted", error, StringComparison.Ordinal);

        (exit, _, error) = await Run(Environment(), "--endpoint-url", _source.Endpoint, "--to", "https://guardduty.eu-west-1.amazonaws.com", "--apply");
        Assert.Equal(2, exit);
        Assert.Contains("Yagura never writes there", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_may_be_asked_and_refuses_to_be_changed()
    {
        await SetUp(_source);
        var environment = Environment();
        var viewer = await _target.Viewer();
        (environment["YAGURA_ACCESS_KEY_ID"], environment["YAGURA_SECRET_ACCESS_KEY"]) = (viewer.Key.Id, viewer.Secret);
        var (exit, output, _) = await Run(environment, "--endpoint-url", _source.Endpoint, "--to", _target.Endpoint, "--apply");
        Assert.Equal(1, exit);
        Assert.Contains("needed is guardduty:CreateDetector", (string?)Rows(output)[0]["failure"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_GuardDuty_that_lacks_operations_gives_what_it_has()
    {
        await using var moto = new Moto();
        await moto.Start();
        await YaguraWriter.To(moto.Endpoint, Region, "any", "any", TimeProvider.System)
            .Write(new("CreateDetector", ["detector"], new() { ["enable"] = true, ["findingPublishingFrequency"] = "ONE_HOUR" }), TestContext.Current.CancellationToken);
        var (exit, output, error) = await Run(Environment(), "--endpoint-url", moto.Endpoint.ToString(), "--to", _target.Endpoint, "--apply");
        Assert.True(exit == 0, output + error);
        var states = Rows(output).ToLookup(row => (string)row["state"]!, row => (string)row["kind"]!, StringComparer.Ordinal);
        Assert.Equal(["detector"], states["new"]);
        Assert.Contains("IP set", states["refused"]);
        Assert.Equal("ONE_HOUR", (string?)(await Writer(_target).Reader.Read(TestContext.Current.CancellationToken)).Detector!["findingPublishingFrequency"]);
    }

    private async Task<string> SetUp(Server server)
    {
        var detector = (string)(await Write(server, "CreateDetector", ["detector"], """{"enable":true,"findingPublishingFrequency":"FIFTEEN_MINUTES","features":[{"name":"RDS_LOGIN_EVENTS","status":"DISABLED"}]}"""))["detectorId"]!;
        await Write(server, "CreateFilter", ["detector", detector, "filter"], """{"name":"scanners","rank":1,"findingCriteria":{"criterion":{"service.action.networkConnectionAction.remoteIpDetails.ipAddressV4":{"eq":["192.0.2.7"]}}}}""");
        await Write(server, "CreateFilter", ["detector", detector, "filter"],
            """{"name":"quiet","rank":2,"description":"probes are blocked at the edge","action":"ARCHIVE","tags":{"team":"soc"},"findingCriteria":{"criterion":{"type":{"eq":["Recon:EC2/PortProbeUnprotectedPort"]}}}}""");
        await Write(server, "CreateIPSet", ["detector", detector, "ipset"], $$"""{"name":"office","format":"TXT","location":"{{new Uri(_target.List).AbsoluteUri}}","activate":false}""");
        await Write(server, "CreateThreatIntelSet", ["detector", detector, "threatintelset"], """{"name":"intel","format":"TXT","location":"s3://lists/threats.txt","activate":false}""");
        return detector;
    }

    private static YaguraWriter Writer(Server server) => YaguraWriter.To(new(server.Endpoint), Region, server.Keys[Server.Account].Key.Id, server.Keys[Server.Account].Secret, TimeProvider.System);

    private static Task<JsonObject> Write(Server server, string operation, string[] path, string body) =>
        Writer(server).Write(new(operation, path, (JsonObject)JsonNode.Parse(body)!), TestContext.Current.CancellationToken);

    private Dictionary<string, string> Environment()
    {
        var environment = _source.Environment();
        (environment["YAGURA_ACCESS_KEY_ID"], environment["YAGURA_SECRET_ACCESS_KEY"]) = (_target.Keys[Server.Account].Key.Id, _target.Keys[Server.Account].Secret);
        return environment;
    }

    private Task<Outcome> Import(params string[] arguments) => Run(Environment(), ["--endpoint-url", _source.Endpoint, "--to", _target.Endpoint, .. arguments]);

    private static Task<Outcome> Run(Dictionary<string, string> environment, params string[] arguments) => Cli.Tests.Program.Run(environment, ["import", "guardduty", "--format", "json", .. arguments]);

    private static IReadOnlyList<JsonObject> Rows(string output) => [.. JsonNode.Parse(output)!.AsArray().Select(row => row!.AsObject())];

    private static string Named(JsonObject row) => $"{row["name"]}: {row["kind"]}";

    /// <summary>How many changes were made to a server by its API.</summary>
    private static async Task<int> Changes(Server server) => (await server.Audit.Read(0, 1000)).Count(record => record.Record.Action is not "CreateAccessKey");
}
