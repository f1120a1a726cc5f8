using System.Text;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Matching.Sequences;

namespace Yagura.Tests.Matching.Sequences;

public sealed class SequenceFileTests
{
    private const string Good = """
        name: blind-then-key
        title: Logging off, then a new key
        level: critical
        window: 90m
        join: [principal]
        steps:
          - name: logging is switched off
            finding: {type: [{prefix: "Stealth:"}]}
          - name: a key is made
            event: {eventName: [CreateAccessKey], errorCode: [{exists: false}]}
        """;

    private static SequenceFile Read(string yaml) => SequenceFile.Read(Encoding.UTF8.GetBytes(yaml));

    [Fact]
    public void A_sequence_is_read_whole()
    {
        var file = Read(Good);
        Assert.Empty(file.Problems);
        var rule = Assert.Single(file.Rules);
        Assert.Equal(("blind-then-key", "Custom:Sequence/LoggingOffThenANewKey", Severity.Critical, TimeSpan.FromMinutes(90), true), (rule.Name, rule.Type.Name, rule.Severity, rule.Window, rule.Ordered));
        Assert.Equal([JoinKey.Principal], rule.Join);
        Assert.Equal([("logging is switched off", true), ("a key is made", false)], rule.Steps.Select(step => (step.Name, step.IsFinding)));
    }

    [Fact]
    public void Every_mistake_is_named_at_its_place()
    {
        var file = Read("""
            name: two words
            titel: x
            level: hihg
            window: soon
            order: strictly
            join: [principel]
            steps:
              - finding: {type: x}
              - {finding: {a: [1]}, event: {b: [2]}}
              - event: {eventName: [{prefx: A}]}
            """);
        Assert.Empty(file.Rules);
        Assert.Equal(
            ["1: title", "1: name:", "2: unknown", "3: level:", "4: window:", "5: order:", "6: join:", "8: step", "9: step", "10: step"],
            file.Problems.Where(problem => problem.IsError).Select(problem => $"{problem.Line}: {problem.Reason.Split(' ')[0]}"));
        Assert.Contains(file.Problems, problem => problem.Text.Contains("did you mean high?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "the file holds no sequence")]
    [InlineData("steps: [", "not YAML")]
    [InlineData("name: a\ntitle: b\nwindow: 8d\njoin: principal\nsteps: [{event: {a: [1]}}, {event: {a: [1]}}]", "at most 7 days")]
    [InlineData("name: a\ntitle: b\nwindow: 1d\njoin: principal\nsteps: [{event: {a: [1]}}]", "2 to 10 are allowed")]
    [InlineData("name: a\ntitle: b\nwindow: 1d\njoin: principal\ntype: Recon:EC2/Portscan\nsteps: [{event: {a: [1]}}, {event: {a: [1]}}]", "no finding type of your own")]
    public void What_cannot_be_is_refused(string yaml, string reason) => Assert.Contains(Read(yaml).Problems, problem => problem.IsError && problem.Text.Contains(reason, StringComparison.Ordinal));

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Byte).Array[1, 4].Sample(changes =>
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        foreach (var (at, value) in changes) bytes[at] = value;
        SequenceFile.Read(bytes);
    });

    [Fact]
    public void A_file_of_sigma_rules_is_told_apart()
    {
        Assert.True(SequenceFile.IsOne(Encoding.UTF8.GetBytes(Good)));
        Assert.False(SequenceFile.IsOne("title: x\nlogsource: {product: aws}\ndetection: {a: 1}"u8));
    }

    [Fact]
    public void Two_of_one_name_are_refused()
    {
        var set = SequenceSet.Of([("a.yml", Read(Good)), ("b.yml", Read(Good))]);
        Assert.Contains("blind-then-key", Assert.Single(set.Problems).Problem.Reason, StringComparison.Ordinal);
    }
}
