using System.Text.RegularExpressions;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Detectors.Signals;
using Yagura.Engine.Reading;
using Yagura.Matching.Sequences;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>The page about sequences is true: its example finds what it says, and its table is the one in force.</summary>
public sealed partial class SequencesPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.Path("docs/sequences.md"));

    private static SequenceSet Example()
    {
        var set = SequenceSet.Of([("page", SequenceFile.Read(System.Text.Encoding.UTF8.GetBytes(Block().Match(Page).Groups["yaml"].Value)))]);
        Assert.Empty(set.Problems);
        return set;
    }

    private static string Record(string time, string source, string name, string request) => $$"""
        {"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDADAVEEXAMPLE","arn":"arn:aws:iam::111122223333:user/dave","accountId":"111122223333","accessKeyId":"AKIAI44QH8DHBEXAMPLE","userName":"dave"},"eventTime":"2026-03-02T{{time}}Z","eventSource":"{{source}}.amazonaws.com","eventName":"{{name}}","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli","requestParameters":{{request}},"responseElements":null,"eventID":"{{name}}-{{time}}","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}
        """;

    private static async Task<ScanReport> Scan(string keyTime)
    {
        var example = Example();
        string[] records = [Record("10:20:00", "cloudtrail", "StopLogging", """{"name":"main"}"""), Record(keyTime, "iam", "CreateAccessKey", """{"userName":"eve"}""")];
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", null, Readers: 1)
        {
            Detectors = DetectorSet.With(Detectors.Rules.RuleDetectors.Of(Matching.Sigma.SigmaRuleSet.Empty), example), Sequences = example,
        };
        return await Engine.Scan.Run([new MemoryObjects([("log", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', records)))])], options, null, TimeProvider.System, CancellationToken.None);
    }

    [Fact]
    public async Task The_example_finds_what_it_is_for()
    {
        var report = await Scan("11:30:00");
        var finding = Assert.Single(report.Findings, f => f.Service.Sequence is not null);
        Assert.Equal(("Custom:Sequence/LoggingIsReducedThenAKeyIsMade", 9.0, "within 1 h 10 min: the trail is blinded, a key is made"), (finding.Type.Name, finding.Severity, finding.Explanation.Why));
        Assert.Equal(2, finding.Service.Sequence!.Signals.Count);
        Assert.Equal(finding.Arn, Assert.Single(report.Findings, f => f.Type.Name == "Stealth:IAMUser/CloudTrailLoggingDisabled").AssociatedAttackSequenceArn);
        Assert.Empty(report.NearMisses);
    }

    [Fact]
    public async Task What_was_nearly_seen_is_told_as_the_page_tells_it()
    {
        var report = await Scan("13:30:00");
        Assert.DoesNotContain(report.Findings, f => f.Service.Sequence is not null);
        var miss = Assert.Single(report.NearMisses);
        Assert.Contains($"{miss.Sequence}, {string.Join(", ", miss.Join)} in {miss.AccountId}: {miss.Lacks}\n", Page, StringComparison.Ordinal);
        Assert.All(miss.Seen, step => Assert.Contains($"{step.Time:yyyy-MM-dd HH:mm:ss} {step.Step}\n", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_holds_every_weak_signal()
    {
        var rows = SignalApis.All.Prepend(SignalApis.Denied).Select(api =>
            $"| {(api == SignalApis.Denied ? "any that is denied" : $"`{api.Service}:{api.Name}`")} | {api.Tactic.Name()} | {api.Technique} | {api.Least} | {api.What} |");
        Assert.Equal(rows, Page.Split('\n').SkipWhile(line => !line.StartsWith("| call |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith("| ", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
