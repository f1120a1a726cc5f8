using System.Text.Json.Nodes;
using Yagura.Api.Suppressions;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Documents;
using Yagura.Storage.Embedded.Findings;
using Yagura.Tests;

namespace Yagura.Cli.Tests;

/// <summary>A rule from the first idea to its end, on the command line beside what a server would do at the same time.</summary>
public sealed class SuppressionsCommandTests : IAsyncLifetime
{
    private const string Criteria = """{"Criterion":{"type":{"Equals":["Backdoor:EC2/C&CActivity.B"]}}}"""; // as the aws command line writes it

    private readonly Scratch _scratch = new();
    private Database _database = null!;
    private FindingStore _findings = null!;

    public async ValueTask InitializeAsync()
    {
        _database = Database.Open(Data);
        _findings = await FindingStore.Open(_database);
    }

    public async ValueTask DisposeAsync()
    {
        _findings.Dispose();
        await _database.DisposeAsync();
        _scratch.Dispose();
    }

    private string Data => System.IO.Path.Combine(_scratch.Path, "data");

    [Fact]
    public async Task A_rule_is_previewed_tried_activated_renewed_and_removed()
    {
        await Store(TimeProvider.System, Numbered(1), Numbered(2));
        await _findings.SetFeedback(FindingScope.Everything, [Id(1)], UserFeedback.Useful);

        var preview = await Ok("preview", "--criteria", Criteria);
        Assert.Contains("warning: 1 finding it would have hidden was marked as real by a person", preview, StringComparison.Ordinal);
        Assert.Contains("warning: 2 findings it would have hidden are High", preview, StringComparison.Ordinal);
        Assert.Contains("warning: it would have hidden every finding of the type Backdoor:EC2/C&CActivity.B (2)", preview, StringComparison.Ordinal);
        Assert.Equal(2, (int)JsonNode.Parse(await Ok("preview", "--criteria", Criteria, "--format", "json"))!["findings"]!);

        var (code, _, error) = await Program.Run([.. Suppressions("add", "scanner", "--criteria", Criteria, "--owner", "alice", "--reason", "our own scanner", "--expires", "90d", "--shadow")]);
        Assert.Equal((ExitCodes.Usage, "--account and --region are needed: there is no detector yet"), (code, error.Trim()));
        await Ok("add", "scanner", "--criteria", Criteria, "--owner", "alice", "--reason", "our own scanner", "--expires", "90d", "--shadow", "--account", "111122223333", "--region", "eu-west-1");

        await Store(TimeProvider.System, Numbered(3));
        Assert.False(await IsArchived(3));
        Assert.Contains("would 1", await Ok("show", "scanner"), StringComparison.Ordinal);

        await Ok("activate", "scanner");
        await Store(TimeProvider.System, Numbered(3), Numbered(4));
        Assert.Equal((false, true), (await IsArchived(3), await IsArchived(4)));
        Assert.Equal([Id(4), Id(3)], Lines(await Ok("hits", "scanner", "--format", "jsonl")).Select(hit => (string?)hit["findingId"]));
        Assert.Contains(Id(4), await Ok("hits", "scanner"), StringComparison.Ordinal);

        // Later somebody else does the same.
        var later = new ManualTime(TimeProvider.System.GetUtcNow().AddDays(2));
        await Store(later, Numbered(5) with { Service = Dns });
        Assert.True(await IsArchived(5));
        Assert.Contains("warning: scanner: it now hides another actor: elsewhere.example; 2 were expected", await Ok("list"), StringComparison.Ordinal);
        Assert.Equal("actor", (string?)Assert.Single(Lines(await Ok("list", "--format", "jsonl")))["warnings"]![0]!["kind"]);

        // It expires, and findings are seen again.
        later.Now = later.Now.AddDays(90);
        await Store(later, Numbered(6));
        Assert.False(await IsArchived(6));

        await Ok("renew", "scanner", "--expires", "200d", "--reason", "our own scanner, asked again");
        await Store(later, Numbered(7));
        Assert.True(await IsArchived(7));
        await Ok("shadow", "scanner");
        Assert.Equal(("shadow", "our own scanner, asked again"), JsonNode.Parse(await Ok("show", "scanner", "--format", "json")) is { } rule ? ((string?)rule["state"], (string?)rule["reason"]) : default);
        await Ok("remove", "scanner");
        Assert.Equal((ExitCodes.Failed, "there is no suppression rule scanner"), await Program.Run([.. Suppressions("show", "scanner")]) is var gone ? (gone.ExitCode, gone.Error.Trim()) : default);

        // Who did what is written down, each entry bound to those before it.
        Assert.Equal(
            ["AddSuppression", "ActivateSuppression", "RenewSuppression", "ShadowSuppression", "RemoveSuppression"],
            Lines((await Program.Run("audit", "list", "--data", Data, "--format", "jsonl")).Out).Select(entry => (string?)entry["action"]));
        var verified = await Program.Run("audit", "verify", "--data", Data);
        Assert.Equal((ExitCodes.Done, "5 entries, whole."), (verified.ExitCode, verified.Error.Trim()));
        Assert.Equal(ExitCodes.Done, (await Program.Run("audit", "verify", "--data", Data, "--head", verified.Out.Trim())).ExitCode);
        var forged = await Program.Run("audit", "verify", "--data", Data, "--head", "5:" + new string('0', 64));
        Assert.Equal((ExitCodes.Failed, "the audit log was tampered with: entry 5 is another one than the one that was noted"), (forged.ExitCode, forged.Error.Trim()));
    }

    [Fact]
    public async Task All_mistakes_of_a_new_rule_are_told_at_once()
    {
        var (code, _, error) = await Program.Run(
            [.. Suppressions("add", "a b", "--criteria", Criteria, "--owner", " ", "--reason", "r", "--expires", "2001-01-01", "--account", "1", "--region", "eu-west-1")]);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Equal(
            ["account: 12 digits are expected", "name: 3 to 64 letters, digits, '.', '_' or '-' are allowed", "owner is missing: who answers for the rule", "expires: a time to come is expected"],
            error.Trim().Split('\n').Select(line => line.TrimEnd()));
        Assert.Contains("--reason", (await Program.Run([.. Suppressions("add", "scanner", "--criteria", Criteria, "--owner", "alice", "--expires", "90d")])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_stranger_wrote_is_shown_as_text()
    {
        await Ok("add", "scanner", "--criteria", Criteria, "--owner", "[red]alice[/]\e[2J", "--reason", "[link=https://yagura.example]r[/]", "--expires", "90d", "--account", "111122223333", "--region", "eu-west-1");
        var shown = await Ok("list");
        Assert.Contains("[red]alice[/]\uFFFD[2J", shown.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shown);
    }

    private static Service Dns => SampleFindings.Connection.Service with { Action = new DnsRequestAction("elsewhere.example", null, "UDP", false) };

    private static string Id(int number) => $"{number:x32}";

    private static Finding Numbered(int number) => SampleFindings.Connection with { Id = Id(number) };

    private static IEnumerable<JsonNode> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);

    private async Task Store(TimeProvider time, params Finding[] findings)
    {
        var suppressed = await new Suppressor(new DocumentStore(_database), time).Apply(findings);
        await _findings.Put(suppressed.Findings, suppressed.Hits);
    }

    private async Task<bool> IsArchived(int number) => Assert.Single(await _findings.Get(FindingScope.Everything, [Id(number)])).Finding.Service.Archived;

    private IEnumerable<string> Suppressions(params string[] arguments) => ["suppressions", .. arguments, "--data", Data];

    private async Task<string> Ok(params string[] arguments)
    {
        var outcome = await Program.Run([.. Suppressions(arguments)]);
        Assert.True(outcome.ExitCode == ExitCodes.Done, outcome.Error);
        return outcome.Out;
    }
}
