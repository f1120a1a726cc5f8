using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Yagura.Cli.Tests;

public sealed class RulesCommandTests
{
    private const string Rule = """
        title: Trail stopped
        name: trail_stopped
        logsource: {product: aws, service: cloudtrail}
        detection:
          selection: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
          failed: {errorCode: '?*'}
          condition: selection and not failed
        tests:
          - {name: it was stopped, match: true, event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}}
          - {name: it failed, match: false, event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging, errorCode: AccessDenied}}

        """;

    [Fact]
    public async Task Tests_that_pass_end_with_0_and_a_count()
    {
        using var scratch = new Scratch();
        scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        var (exit, output, error) = await Program.Run("rules", "test", scratch.Path);
        Assert.Equal((0, ""), (exit, output));
        Assert.Contains("1 rule, 2 tests: 2 passed, 0 failed", error, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(HasPipes), Skip = "no mkfifo")]
    public async Task A_pipe_among_the_rules_is_not_waited_for()
    {
        using var scratch = new Scratch();
        scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        using (var made = Process.Start("mkfifo", Path.Combine(scratch.Path, "pipe.yml"))) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var (exit, output, _) = await Program.Run("rules", "lint", scratch.Path);
        Assert.Equal(1, exit);
        Assert.Contains("pipe.yml:1:1: error: the file holds no rule", output, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(HasPipes), Skip = "no mkfifo")]
    public async Task Rules_may_come_through_a_pipe_that_is_named()
    {
        using var scratch = new Scratch();
        var pipe = Path.Combine(scratch.Path, "pipe.yml");
        using (var made = Process.Start("mkfifo", pipe)) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var written = Task.Run(() => File.WriteAllText(pipe, Rule), TestContext.Current.CancellationToken);
        var (exit, output, _) = await Program.Run("rules", "list", pipe, "--format", "csv");
        await written;
        Assert.Equal(0, exit);
        Assert.Contains("Trail stopped", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_more_rules_than_memory_is_refused()
    {
        using var scratch = new Scratch();
        for (var i = 0; i < 65; i++) scratch.Add($"{i}.yml", new byte[1 << 20]);
        var (exit, _, error) = await Program.Run("rules", "list", scratch.Path);
        Assert.Equal(2, exit);
        Assert.Contains("holds more than 64 MiB of rules", error, StringComparison.Ordinal);
    }

    public static bool HasPipes => File.Exists("/usr/bin/mkfifo");

    [Fact]
    public async Task A_test_that_fails_ends_with_1_and_shows_what_decided_and_what_was_seen()
    {
        using var scratch = new Scratch();
        scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        scratch.Add("trail.tests.yaml", "- {name: by a robot, match: false, event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging, userAgent: robot}}"u8);
        var junit = Path.Combine(scratch.Path, "junit.xml");
        var (exit, output, _) = await Program.Run("rules", "test", scratch.Path, "--junit", junit);
        Assert.Equal(1, exit);
        Assert.Equal($"""
            FAIL  {Path.Combine(scratch.Path, "trail.tests.yaml")}:1  Trail stopped: by a robot
                  expected no match, and there was one
                  condition: selection and not failed
                    + selection
                        + eventSource: cloudtrail.amazonaws.com  seen "cloudtrail.amazonaws.com"
                        + eventName: StopLogging  seen "StopLogging"
                    - failed
                        - errorCode: ?*  seen nothing

            """.ReplaceLineEndings("\n"), output.ReplaceLineEndings("\n"));
        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        Assert.Equal(("Trail stopped", "3", "1"), (suite.Attribute("name")!.Value, suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        Assert.Contains("+ selection", suite.Descendants("failure").Single().Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("lint")]
    [InlineData("list")]
    public async Task A_rule_at_fault_ends_with_1_and_names_every_mistake_with_its_place(string verb)
    {
        using var scratch = new Scratch();
        var file = scratch.Add("bad.yml", "title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {evenName: x, userAgent|contain: y}, condition: t}"u8);
        var (exit, output, error) = await Program.Run("rules", verb, scratch.Path);
        Assert.Equal(1, exit);
        Assert.Contains($"{file}:3:17: error: AWS CloudTrail has no field evenName, so the rule could never fire; did you mean eventName?", output + error, StringComparison.Ordinal);
        Assert.Contains("unknown modifier contain; did you mean contains?", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_names_what_a_rule_lacks_and_ends_with_0_unless_it_is_strict()
    {
        using var scratch = new Scratch();
        scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        var (exit, output, _) = await Program.Run("rules", "lint", scratch.Path);
        Assert.Equal(0, exit);
        Assert.Contains("trail.yml:1:1: warning: the rule has no status, so its findings are reported from the first day; write status: test to have it on trial first, or status: stable", output, StringComparison.Ordinal);
        Assert.Equal(1, (await Program.Run("rules", "lint", scratch.Path, "--strict")).ExitCode);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("jsonl")]
    public async Task Rules_are_listed_for_programs(string format)
    {
        using var scratch = new Scratch();
        scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        var (exit, output, _) = await Program.Run("rules", "list", scratch.Path, "--format", format);
        Assert.Equal(0, exit);
        using var json = JsonDocument.Parse(output);
        var row = format == "json" ? json.RootElement[0] : json.RootElement;
        Assert.Equal(("Trail stopped", "aws/cloudtrail", "Custom:IAMUser/TrailStopped", 2), (row.GetProperty("title").GetString(), row.GetProperty("source").GetString(), row.GetProperty("type").GetString(), row.GetProperty("tests").GetInt32()));
    }

    [Fact]
    public async Task The_tests_beside_a_rule_go_with_it_also_where_it_is_named_alone()
    {
        using var scratch = new Scratch();
        scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        scratch.Add("trail.tests.yaml", "- {name: by a robot, match: true, event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}}"u8);
        var (exit, _, error) = await Program.Run("rules", "test", Path.Combine(scratch.Path, "trail.yml"));
        Assert.Equal(0, exit);
        Assert.Contains("3 tests", error, StringComparison.Ordinal);
        scratch.Add("trail.tests.yml", "- {name: again, match: true, event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}}"u8);
        foreach (var path in new[] { scratch.Path, Path.Combine(scratch.Path, "trail.yml") })
        {
            (exit, _, error) = await Program.Run("rules", "test", path);
            Assert.Equal(1, exit);
            Assert.Contains("trail.tests.yaml holds tests of the same rule", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_scan_takes_what_placeholders_stand_for()
    {
        using var scratch = new Scratch();
        var rule = scratch.Add("rule.yml", "title: Stopped by a stranger\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {eventName: StopLogging}, known: {userIdentity.userName|expand: '%admins%'}, condition: s and not known}"u8);
        var log = scratch.Add("log.json", """{"Records":[{"eventVersion":"1.08","eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"eu-west-1","recipientAccountId":"111122223333","eventID":"1","errorCode":"AccessDenied","userIdentity":{"type":"IAMUser","userName":"ada","arn":"arn:aws:iam::111122223333:user/ada","accountId":"111122223333"}}]}"""u8);
        var (exit, _, error) = await Program.Run("scan", log, "--rules", rule);
        Assert.Equal(2, exit);
        Assert.Contains("%admins%", error, StringComparison.Ordinal);
        foreach (var (admin, found) in new[] { ("eve", true), ("ada", false) })
        {
            (exit, var output, error) = await Program.Run("scan", log, "--rules", rule, "--placeholder", $"admins={admin}", "--format", "jsonl");
            Assert.True(exit == 0, error);
            Assert.Equal(found, output.Contains("Stopped by a stranger", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_list_says_once_which_rules_no_scan_asks()
    {
        using var scratch = new Scratch();
        scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        scratch.Add("pod.yml", "title: Pod made\nlogsource: {product: aws, service: eks_audit}\ndetection: {selection: {verb: create, objectRef.resource: pods}, condition: selection}"u8);
        var (exit, output, error) = await Program.Run("rules", "list", scratch.Path, "--format", "csv");
        Assert.Equal(0, exit);
        Assert.Single(output.Split('\n'), line => line.EndsWith(",Amazon EKS audit logs are not analysed yet", StringComparison.Ordinal));
        Assert.Equal("1 rule can be tested but no scan asks: Amazon EKS audit logs are not analysed yet", error.Trim());
    }

    [Fact]
    public async Task The_shipped_rules_can_be_tested_by_name()
    {
        var (exit, _, error) = await Program.Run("rules", "test", "shipped");
        Assert.Equal(0, exit);
        Assert.Contains(" passed, 0 failed", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("lint")]
    [InlineData("list")]
    public async Task A_folder_without_rules_ends_with_1_since_nobody_means_that(string verb)
    {
        using var scratch = new Scratch();
        var (exit, output, error) = await Program.Run("rules", verb, scratch.Path);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("there are no rules", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_that_come_with_the_program_go_by_a_word()
    {
        var (exit, output, _) = await Program.Run("rules", "list", "shipped", "--format", "csv");
        Assert.Equal(0, exit);
        Assert.Contains("rules/aws/event_data_store_stopped.yml", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watched_rules_are_tested_again_at_each_change_and_a_mistake_names_the_last_good_ones()
    {
        using var scratch = new Scratch();
        var file = scratch.Add("trail.yml", Encoding.UTF8.GetBytes(Rule));
        await using var watch = Program.Start("rules", "test", scratch.Path, "--watch");
        Assert.Contains("2 passed, 0 failed", await watch.Until("Ctrl-C ends"), StringComparison.Ordinal);

        scratch.Replace(file, Rule.Replace("match: false", "match: true", StringComparison.Ordinal));
        Assert.Contains("1 passed, 1 failed", await watch.Until("Ctrl-C ends"), StringComparison.Ordinal);

        scratch.Replace(file, Rule.Replace("eventName", "evenName", StringComparison.Ordinal));
        var refused = await watch.Until("Ctrl-C ends");
        Assert.Contains("did you mean eventName?", refused, StringComparison.Ordinal);
        Assert.Contains("last without errors: 1 rule, 2 tests: 1 passed, 1 failed", refused, StringComparison.Ordinal);

        scratch.Replace(file, Rule);
        Assert.Contains("2 passed, 0 failed", await watch.Until("Ctrl-C ends"), StringComparison.Ordinal);
        Assert.Equal(0, await watch.Interrupt());
    }

    [Theory]
    [InlineData("rules", "test", "shipped", "--watch")]
    [InlineData("rules", "test", "no-such-folder", "--watch")]
    [InlineData("rules")]
    [InlineData("rules", "test")]
    [InlineData("rules", "test", "no-such-folder")]
    [InlineData("rules", "list", ".", "--placeholder", "nothing")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments) => Assert.Equal(2, (await Program.Run(arguments)).ExitCode);
}
