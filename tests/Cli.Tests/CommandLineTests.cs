using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Yagura.Cli.Tests;

/// <summary>The command line as its users and their scripts see it.</summary>
public sealed class CommandLineTests
{
    private static readonly byte[] RootLogin = Encoding.UTF8.GetBytes(
        """{"Records":[{"eventVersion":"1.11","userIdentity":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"},"eventTime":"2026-02-01T09:30:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-cli","requestParameters":{"userName":"x"},"responseElements":null,"eventID":"11111111-2222-3333-4444-555555555555","eventType":"AwsApiCall","recipientAccountId":"111122223333"}]}""");

    private static byte[] Gzip(byte[] content)
    {
        using var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.Optimal)) gzip.Write(content);
        return stored.ToArray();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("scan", "--help")]
    [InlineData("types", "--help")]
    [InlineData("simulate", "--help")]
    [InlineData("intel", "--help")]
    [InlineData("import", "guardduty", "--help")]
    [InlineData("import", "guardduty", "--policy")]
    public async Task Help_and_version_are_data_and_succeed(params string[] arguments)
    {
        var (exit, output, error) = await Program.Run(arguments);
        Assert.Equal((0, ""), (exit, error));
        Assert.NotEmpty(output);
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("nonsense")]
    [InlineData("scan", "-", "--format", "xml")]
    [InlineData("scan", "-", "--since", "yesterday")]
    [InlineData("scan", "-", "--since", "2026-01-02", "--until", "2026-01-01")]
    [InlineData("scan", "-", "--flow-format", "no such fields")]
    [InlineData("scan", "-", "--suppress", "no-such-file")]
    [InlineData("scan", "-", "-")]
    [InlineData("scan", ".", "--ruels", "shipped")]
    [InlineData("scan", ".", "--staged", "file.jsonl")]
    [InlineData("scna", ".")]
    [InlineData("import", "guardduty", "--region", "eu-west-1", "--apply")]
    [InlineData("import", "guardduty", "--region", "nowhere")]
    [InlineData("import", "guardduty", "--region", "eu-west-1", "--to", "here")]
    [InlineData("import", "guardduty", "--region", "eu-west-1", "--to", "http://127.0.0.1:1")]
    public async Task Wrong_usage_ends_with_2_and_says_why_on_stderr(params string[] arguments)
    {
        var (exit, output, error) = await Program.Run(arguments);
        Assert.Equal((2, ""), (exit, output));
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("unknown option --ruels; did you mean --rules?", "scan", ".", "--ruels", "shipped")]
    [InlineData("unknown command tets; did you mean test?", "rules", "tets", ".")]
    public async Task A_misspelt_word_is_told_of_with_what_was_meant(string message, params string[] arguments) =>
        Assert.StartsWith(message, (await Program.Run(arguments)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_folder_of_rules_that_holds_none_is_a_mistake()
    {
        using var scratch = new Scratch();
        Assert.Equal(2, (await Program.Run("scan", scratch.Add("trail.json", RootLogin), "--rules", Directory.CreateDirectory(Path.Combine(scratch.Path, "rules")).FullName)).ExitCode);
    }

    [Theory]
    [InlineData("low", 3)]
    [InlineData("high", 0)]
    public async Task Fail_on_ends_with_3_when_a_finding_is_that_severe(string severity, int expected)
    {
        using var scratch = new Scratch();
        Assert.Equal(expected, (await Program.Run("scan", scratch.Add("trail.json", RootLogin), "--fail-on", severity)).ExitCode);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("asff")]
    [InlineData("jsonl")]
    [InlineData("ocsf")]
    public async Task Each_format_is_whole_on_stdout(string format)
    {
        using var scratch = new Scratch();
        var (exit, output, error) = await Program.Run("scan", scratch.Add("trail.json", RootLogin), "--format", format);
        Assert.Equal(0, exit);
        using var parsed = JsonDocument.Parse(output);
        Assert.Equal(format is "json" or "asff" ? JsonValueKind.Array : JsonValueKind.Object, parsed.RootElement.ValueKind);
        Assert.Contains("RootCredentialUsage", output, StringComparison.Ordinal);
        Assert.Contains("1 analysed", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("--quiet")]
    public async Task A_path_that_does_not_exist_fails_with_1_and_is_named_even_when_quiet(params string[] flags)
    {
        var (exit, _, error) = await Program.Run(["scan", "no-such-place", .. flags]);
        Assert.Equal(1, exit);
        Assert.Contains("no-such-place", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_inputs_cost_only_themselves_and_are_quarantined_with_reasons()
    {
        using var scratch = new Scratch();
        scratch.Add("in/good.json", RootLogin);
        scratch.Add("in/bomb.json.gz", Gzip(new byte[100 << 20]));
        scratch.Add("in/cut.json.gz", Gzip(RootLogin)[..200]);
        scratch.Add("in/binary", [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7))]);
        scratch.Add("in/utf8.json", [.. "{\"Records\":[{\"eventVersion\":\""u8, 0xFF, 0xC0]);
        scratch.Add("in/line", Encoding.ASCII.GetBytes(new string('x', 100_000_000)));
        scratch.Add("in/deep.json", Encoding.ASCII.GetBytes(new string('[', 1_000) + new string(']', 1_000)));
        scratch.Add("in/empty", []);
        var quarantine = Path.Combine(scratch.Path, "quarantine.jsonl");
        var (exit, output, error) = await Program.Run("scan", Path.Combine(scratch.Path, "in"), "--format", "jsonl", "--quarantine", quarantine);
        Assert.Equal(0, exit);
        Assert.Contains("RootCredentialUsage", output, StringComparison.Ordinal);
        Assert.Contains("1 analysed", error, StringComparison.Ordinal);
        var reasons = File.ReadLines(quarantine).Select(line => JsonDocument.Parse(line).RootElement).ToLookup(
            record => Path.GetFileName(record.GetProperty("object").GetString()!), record => record.GetProperty("reason").GetString(), StringComparer.Ordinal);
        Assert.All(new[] { "bomb.json.gz", "cut.json.gz", "binary", "utf8.json", "line", "deep.json" }, name => Assert.NotEmpty(reasons[name]));
        Assert.Equal(1, (await Program.Run("scan", Path.Combine(scratch.Path, "in", "binary"))).ExitCode);
    }

    [Fact]
    public async Task Times_leave_out_what_lies_outside()
    {
        using var scratch = new Scratch();
        var trail = scratch.Add("trail.json", RootLogin);
        Assert.Empty((await Program.Run("scan", trail, "--format", "jsonl", "--since", "2026-02-02")).Out);
        Assert.Empty((await Program.Run("scan", trail, "--format", "jsonl", "--until", "2026-02-01T09:30:00Z")).Out);
        Assert.NotEmpty((await Program.Run("scan", trail, "--format", "jsonl", "--since", "2026-02-01T09:30:00Z")).Out);
    }

    [Fact]
    public async Task The_same_state_twice_gives_the_same_findings()
    {
        using var scratch = new Scratch();
        string[] scan = ["scan", scratch.Add("trail.json", RootLogin), "--format", "csv", "--state", Path.Combine(scratch.Path, "state")];
        var first = await Program.Run(scan);
        var again = await Program.Run(scan);
        Assert.Contains("RootCredentialUsage", first.Out, StringComparison.Ordinal);
        Assert.Equal((first.ExitCode, first.Out), (again.ExitCode, again.Out));
    }

    [Fact]
    public async Task A_generated_page_that_was_changed_by_hand_fails_the_check_with_1_and_is_named()
    {
        using var scratch = new Scratch();
        Assert.Equal(0, (await Program.Run("docs", "--out", scratch.Path)).ExitCode);
        Assert.Equal(new Outcome(0, "", ""), await Program.Run("docs", "--check", "--out", scratch.Path));
        File.AppendAllText(Path.Combine(scratch.Path, "detection-quality.md"), "and more\n");
        var (exit, output, error) = await Program.Run("docs", "--check", "--out", scratch.Path);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("detection-quality.md", error, StringComparison.Ordinal);
        Assert.DoesNotContain("finding-types.md", error, StringComparison.Ordinal);
    }
}
