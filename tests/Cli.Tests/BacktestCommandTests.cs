using System.Text;
using System.Text.Json;

namespace Yagura.Cli.Tests;

public sealed class BacktestCommandTests
{
    private const string Sequence = """
        name: stopped-then-deleted
        title: Stopped, then deleted
        window: 10m
        join: [principal]
        steps:
          - {name: the trail is stopped, finding: {type: ["Stealth:IAMUser/CloudTrailLoggingDisabled"]}}
          - {name: its bucket goes, event: {eventName: [DeleteBucket]}}

        """;

    private static string Call(string time, string source, string name) => $$"""
        {"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDADAVEEXAMPLE","arn":"arn:aws:iam::111122223333:user/dave","accountId":"111122223333","accessKeyId":"AKIAI44QH8DHBEXAMPLE","userName":"dave"},"eventTime":"2026-03-02T{{time}}Z","eventSource":"{{source}}.amazonaws.com","eventName":"{{name}}","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli","requestParameters":{"name":"main"},"responseElements":null,"eventID":"{{name}}-{{time}}","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}

        """;

    private static Scratch Logs(string deleted)
    {
        var scratch = new Scratch();
        scratch.Add("logs/log.jsonl", Encoding.UTF8.GetBytes(Call("10:00:00", "cloudtrail", "StopLogging") + Call(deleted, "s3", "DeleteBucket")));
        scratch.Add("sequence.yml", Encoding.UTF8.GetBytes(Sequence));
        return scratch;
    }

    [Fact]
    public async Task A_sequence_that_was_there_is_new_and_its_signal_changed()
    {
        using var scratch = Logs("10:05:00");
        var (exit, output, error) = await Program.Run("backtest", Path.Combine(scratch.Path, "sequence.yml"), "--over", Path.Combine(scratch.Path, "logs"));
        Assert.Equal(0, exit);
        Assert.Contains("Custom:Sequence/StoppedThenDeleted", output, StringComparison.Ordinal);
        Assert.Contains("now a signal of a sequence", output, StringComparison.Ordinal);
        Assert.Contains("1 new, 0 gone, 1 changed, 0 as before", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_nearly_there_says_what_it_lacked()
    {
        using var scratch = Logs("10:15:00");
        var (exit, output, _) = await Program.Run("backtest", Path.Combine(scratch.Path, "sequence.yml"), "--over", Path.Combine(scratch.Path, "logs"), "--format", "json");
        Assert.Equal(0, exit);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, report.GetProperty("findings").GetArrayLength());
        Assert.Equal("all 2 steps, but over 15 min: the window is 10 min", report.GetProperty("nearMisses")[0].GetProperty("lacks").GetString());
    }

    [Fact]
    public async Task A_suppression_shows_what_it_hides_and_a_rule_what_it_finds()
    {
        using var scratch = Logs("10:05:00");
        scratch.Add("tried/quiet.json", """[{"name":"lab","reason":"our lab","criterion":{"type":{"equals":["Stealth:IAMUser/CloudTrailLoggingDisabled"]}}}]"""u8.ToArray());
        scratch.Add("bucket.yml", "title: Bucket deleted\nstatus: experimental\nlogsource: {product: aws, service: cloudtrail}\ndetection: {selection: {eventName: DeleteBucket}, condition: selection}\n"u8.ToArray());
        var (exit, output, error) = await Program.Run(
            "backtest", Path.Combine(scratch.Path, "tried/quiet.json"), Path.Combine(scratch.Path, "bucket.yml"), "--over", Path.Combine(scratch.Path, "logs"));
        Assert.Equal(0, exit);
        Assert.Contains("gone     2026-03-02 10:00:00  Low      Stealth:IAMUser/CloudTrailLoggingDisabled", output, StringComparison.Ordinal);
        Assert.Contains("new      2026-03-02 10:05:00  Medium   Custom:IAMUser/BucketDeleted", output, StringComparison.Ordinal);
        Assert.Contains("1 new, 1 gone", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mistakes_of_a_sequence_are_told_before_anything_is_read()
    {
        using var scratch = Logs("10:05:00");
        scratch.Add("sequence.yml", "name: x\ntitel: y\nwindow: soon\nsteps: []\n"u8.ToArray());
        foreach (var arguments in new string[][] { ["backtest", "{0}/sequence.yml", "--over", "{0}/nowhere"], ["scan", "{0}/nowhere", "--sequences", "{0}/sequence.yml"] })
        {
            var (exit, _, error) = await Program.Run([.. arguments.Select(argument => argument.Replace("{0}", scratch.Path, StringComparison.Ordinal))]);
            Assert.Equal(2, exit);
            Assert.All(["title is missing", "did you mean title?", "window: soon is no time", "join is missing", "2 to 10 are allowed"], mistake => Assert.Contains(mistake, error, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_folder_with_nothing_to_try_is_refused()
    {
        using var scratch = Logs("10:05:00");
        var (exit, _, error) = await Program.Run("backtest", Directory.CreateDirectory(Path.Combine(scratch.Path, "rules")).FullName, "--over", Path.Combine(scratch.Path, "logs"));
        Assert.Equal(2, exit);
        Assert.Contains("nothing to try (.yml, .yaml, .json) in", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "logs", "nowhere")]
    [InlineData(1, "nowhere")]
    public async Task A_place_that_is_not_there_is_told_once(int expected, params string[] places)
    {
        using var scratch = Logs("10:05:00");
        var (exit, _, error) = await Program.Run(["backtest", Path.Combine(scratch.Path, "sequence.yml"), "--over", .. places.Select(place => Path.Combine(scratch.Path, place))]);
        Assert.Equal(expected, exit);
        Assert.Single(error.Split('\n'), line => line.Contains("nowhere", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--baseline")]
    [InlineData("--trusted")]
    [InlineData("--accounts")]
    [InlineData("--flow-format")]
    [InlineData("--without-benign")]
    public async Task What_decides_in_a_scan_decides_here(string option)
    {
        using var scratch = Logs("10:05:00");
        var (exit, _, error) = await Program.Run("backtest", Path.Combine(scratch.Path, "sequence.yml"), "--over", Path.Combine(scratch.Path, "logs"), option, "nowhere");
        Assert.Equal(2, exit);
        Assert.Matches("nowhere|--flow-format: ", error);
        Assert.DoesNotContain("unknown option", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scan_looks_for_sequences_of_ones_own()
    {
        using var scratch = Logs("10:05:00");
        var (exit, output, _) = await Program.Run("scan", Path.Combine(scratch.Path, "logs"), "--sequences", Path.Combine(scratch.Path, "sequence.yml"), "--format", "jsonl", "--fail-on", "high");
        Assert.Equal(3, exit);
        var finding = JsonDocument.Parse(output.Split('\n')[0]).RootElement;
        Assert.Equal("Custom:Sequence/StoppedThenDeleted", finding.GetProperty("type").GetString());
        Assert.Equal(2, finding.GetProperty("service").GetProperty("detection").GetProperty("sequence").GetProperty("signals").GetArrayLength());
    }
}
