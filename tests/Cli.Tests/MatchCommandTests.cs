using System.IO.Compression;
using System.Text;
using Yagura.Cli.Grep;

namespace Yagura.Cli.Tests;

public sealed class MatchCommandTests
{
    private const string Pattern = """{"eventName":[{"prefix":"Stop"}]}""";
    private const string Stop = """{"eventName":"StopLogging","n":1}""", List = """{ "eventName": "ListTrails" }""";

    [Fact]
    public async Task Events_of_the_standard_input_are_printed_as_they_came()
    {
        var (exit, output, error) = await Program.RunWith(Encoding.UTF8.GetBytes($"{Stop}\r\n{List}\n\n{Stop}"), "match", "--eventbridge", Pattern);
        Assert.Equal((0, $"{Stop}\n{Stop}\n", ""), (exit, output, error));
    }

    [Fact]
    public async Task CloudTrail_files_are_taken_apart_also_where_they_are_compressed()
    {
        using var scratch = new Scratch();
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes($$"""{"Records":[{{List}},{{Stop}},{{Stop}}]}"""));
        var file = scratch.Add("trail.json.gz", zipped.ToArray());
        Assert.Equal((0, $"{Stop}\n{Stop}\n"), await Out("match", "--eventbridge", Pattern, file));
        Assert.Equal((0, "4\n"), await Out("match", "--eventbridge", Pattern, "--count", file, file));
    }

    [Fact]
    public async Task Files_that_were_put_together_without_a_line_feed_are_all_read()
    {
        var (exit, output, error) = await Program.RunWith(Encoding.UTF8.GetBytes($$"""{"Records":[{{Stop}},{{List}}]}{"Records":[]}[{{Stop}}] {{Stop}}"""), "match", "--eventbridge", Pattern);
        Assert.Equal((0, $"{Stop}\n{Stop}\n{Stop}\n", ""), (exit, output, error));
    }

    [Fact]
    public async Task Sigma_rules_and_finding_criteria_are_asked_in_the_same_way()
    {
        using var scratch = new Scratch();
        var rule = scratch.Add("rule.yml", "title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {eventName|endswith: logging}, condition: s}"u8);
        var events = scratch.Add("events.jsonl", Encoding.UTF8.GetBytes($"{Stop}\n{List}\n"));
        Assert.Equal((0, Stop + "\n"), await Out("match", "--sigma", rule, events));
        var findings = scratch.Add("findings.jsonl", """{"type":"Recon:EC2/Portscan","severity":5}"""u8);
        Assert.Equal((0, "1\n"), await Out("match", "--criteria", """{"criterion":{"severity":{"greaterThanOrEqual":4}}}""", "--count", findings));
    }

    [Fact]
    public void What_a_terminal_would_obey_is_shown_as_a_mark()
    {
        using var output = new MemoryStream();
        var grep = new EventGrep(EventFilters.EventBridge(Encoding.UTF8.GetBytes(Pattern)), output, isTerminal: true);
        grep.Read(new MemoryStream(Encoding.UTF8.GetBytes("{\"eventName\":\"Stop\e[2J\u009b\u202e\"}\n")), TestContext.Current.CancellationToken);
        Assert.Equal("{\"eventName\":\"Stop\uFFFD[2J\uFFFD\uFFFD\"}\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void A_line_of_millions_of_values_is_not_gathered_first()
    {
        var line = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("0", 3_000_000))},{Stop}]");
        var grep = new EventGrep(EventFilters.EventBridge(Encoding.UTF8.GetBytes(Pattern)), Stream.Null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        grep.Read(new MemoryStream(line), TestContext.Current.CancellationToken);
        Assert.Equal((1, 3_000_000), (grep.Matched, grep.Misfits));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 48 << 20); // the line itself is in memory; a list of its parts took twice as much again, for each doubling
    }

    [Fact]
    public async Task An_event_that_would_take_too_long_is_told_of()
    {
        var random = new Random(7);
        var text = new string([.. Enumerable.Range(0, 400_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b')]);
        using var scratch = new Scratch();
        var rule = scratch.Add("rule.yml", "title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {eventName|re: '(a|b)*a(a|b){300}c'}, condition: s}"u8);
        var (exit, output, error) = await Program.RunWith(Encoding.UTF8.GetBytes($"{{\"eventName\":\"{text}\"}}"), "match", "--sigma", rule, "--count");
        Assert.Equal((0, "0\n"), (exit, output));
        Assert.Contains("1 event not matched to the end", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_event_is_passed_over_and_told_of()
    {
        var (exit, output, error) = await Program.RunWith(Encoding.UTF8.GetBytes($"{Stop}\nplain text\n[1\n{Stop}\n"), "match", "--eventbridge", Pattern, "--count");
        Assert.Equal((0, "2\n"), (exit, output));
        Assert.Contains("2 lines passed over, for no JSON event stands there; the first: the standard input line 2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("match")]
    [InlineData("match", "--eventbridge", "{}", "--criteria", "{}")]
    [InlineData("match", "--eventbridge", """{"a":[{"prefx":"x"}]}""")]
    [InlineData("match", "--eventbridge", "no-such-file")]
    [InlineData("match", "--eventbridge", "")]
    [InlineData("match", "--eventbridge", """{"a":[1]}""", "--cuont")]
    [InlineData("match", "--sigma", "no-such-file")]
    [InlineData("match", "--sigma", "title: x\ndetection: {}")]
    [InlineData("match", "--criteria", """{"criterion":{"sevrity":{"equals":["x"]}}}""")]
    public async Task A_bad_pattern_ends_with_2_and_says_why(params string[] arguments)
    {
        var (exit, output, error) = await Program.Run(arguments);
        Assert.Equal((2, ""), (exit, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_ends_with_1_and_is_named_and_the_others_are_read()
    {
        using var scratch = new Scratch();
        var good = scratch.Add("good.jsonl", Encoding.UTF8.GetBytes(Stop));
        var (exit, output, error) = await Program.Run("match", "--eventbridge", Pattern, "no-such-file.json", good);
        Assert.Equal((1, $"{Stop}\n", "no-such-file.json does not exist\n"), (exit, output, error.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task Folders_of_events_and_of_rules_are_searched_to_the_bottom()
    {
        using var scratch = new Scratch();
        scratch.Add("rules/aws/rule.yml", "title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {eventName|endswith: logging}, condition: s}"u8);
        scratch.Add("logs/b/events.jsonl", Encoding.UTF8.GetBytes($"{Stop}\n{List}\n"));
        var text = scratch.Add("logs/a.txt", "no event\n"u8);
        var (exit, output, error) = await Program.Run("match", "--sigma", Path.Combine(scratch.Path, "rules"), Path.Combine(scratch.Path, "logs"));
        Assert.Equal((0, Stop + "\n"), (exit, output));
        Assert.Contains($"1 line passed over, for no JSON event stands there; the first: {text} line 1", error, StringComparison.Ordinal);
    }

    private static async Task<(int, string)> Out(params string[] arguments)
    {
        var outcome = await Program.Run(arguments);
        return (outcome.ExitCode, outcome.Out);
    }
}
