using System.Text;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Evaluation;

public sealed class EvaluatorTests
{
    private const string RootUsed = "Policy:IAMUser/RootCredentialUsage", LoggingStopped = "Stealth:IAMUser/CloudTrailLoggingDisabled";

    // Root works twice in one account and once in another; a user stops a trail.
    private static readonly string[] Events =
    [
        Event("a1", "111122223333", "Root", "CreateUser", "iam.amazonaws.com", 0), Event("a2", "111122223333", "Root", "CreateUser", "iam.amazonaws.com", 10),
        Event("b1", "444455556666", "Root", "CreateUser", "iam.amazonaws.com", 20), Event("c1", "111122223333", "IAMUser", "StopLogging", "cloudtrail.amazonaws.com", 30),
    ];

    [Fact]
    public async Task A_finding_is_right_by_its_records_and_not_by_its_existence()
    {
        var report = await Evaluate($$"""{"types": ["{{RootUsed}}"], "events": ["a2"]}""");
        Assert.Equal(TimeSpan.Zero, Assert.Single(report.Lines).After);
        Assert.Equal([(RootUsed, "111122223333", Verdict.Right), (RootUsed, "444455556666", Verdict.Wrong)], report.Findings.Where(f => f.Finding.Type.Name == RootUsed).Select(Told).OrderBy(told => told.Item2, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Records_are_told_by_time_account_caller_address_and_api()
    {
        foreach (var condition in new[]
        {
            """ "start": "2026-03-01T00:20:00Z", "end": "2026-03-01T00:20:00Z" """, """ "accounts": ["444455556666"], "names": ["CreateUser"], "agents": ["aws-cli"] """,
            """ "principals": ["arn:aws:iam::444455556666:root"] """, """ "addresses": ["192.0.2.20"] """, """ "resources": ["b1"] """,
        })
        {
            var report = await Evaluate($$"""{"types": ["{{RootUsed}}"], {{condition}}}""");
            Assert.Equal((1, true), (report.Lines[0].Records, report.Lines[0].IsFound));
            Assert.Equal("444455556666", Assert.Single(report.Lines[0].Found).AccountId);
        }
    }

    [Fact]
    public async Task A_finding_of_another_type_is_neither_right_nor_made_up()
    {
        var report = await Evaluate($$"""{"types": ["{{RootUsed}}"], "events": ["c1"]}""");
        Assert.True(Assert.Single(report.Lines).IsMissed);
        Assert.Equal(Verdict.OtherType, Assert.Single(report.Findings, finding => finding.Finding.Type.Name == LoggingStopped).Verdict);
    }

    [Fact]
    public async Task What_is_ignored_or_optional_counts_for_nothing_where_it_is_not_found()
    {
        var report = await Evaluate(
            $$"""{"ignore": true, "accounts": ["444455556666"], "start": "2026-03-01T00:00:00Z", "end": "2026-03-02T00:00:00Z"}""",
            $$"""{"types": ["{{RootUsed}}"], "events": ["nothing"], "optional": true}""", $$"""{"types": ["{{RootUsed}}"], "events": ["a1", "a2"], "basis": "documented"}""",
            $$"""{"types": ["{{LoggingStopped}}"], "events": ["c1"], "optional": true}""");
        Assert.Equal((2, 2, 0, 0), (report.All.Planted, report.All.Found, report.All.Missed, report.All.Wrong));
        Assert.Equal([Verdict.Right, Verdict.Right, Verdict.Ignored], report.Findings.Select(finding => finding.Verdict).Order());
        Assert.Equal([("documented", new Proportion(1, 1))], report.Bases);
    }

    [Fact]
    public async Task A_line_that_excuses_one_type_leaves_the_scores_of_others_alone()
    {
        const string Persistence = "Persistence:IAMUser/AnomalousBehavior", Span = """ "ignore": true, "start": "2026-03-01T00:00:00Z", "end": "2026-03-02T00:00:00Z" """;
        async Task<int?> Benign(string truth) => (await Evaluate(truth)).Scores.Single(scores => scores.Of == "all that was judged, bits").Benign?.Count;
        var all = await Benign("""{"types": ["Recon:EC2/Portscan"], "events": ["nothing"], "optional": true}""");
        Assert.True(all > 1);
        Assert.Equal(all, await Benign($$"""{"types": ["{{RootUsed}}"], {{Span}}}"""));
        Assert.InRange((await Benign($$"""{"types": ["{{Persistence}}"], {{Span}}}""")).GetValueOrDefault(), 1, all.Value - 1);
        Assert.Null(await Benign($"{{{Span}}}"));
    }

    [Fact]
    public async Task A_line_of_which_nothing_was_read_is_missed_and_shows_it()
    {
        var report = await Evaluate($$"""{"types": ["{{RootUsed}}"], "events": ["nothing"]}""");
        Assert.Equal((0, true), (report.Lines[0].Records, report.Lines[0].IsMissed));
        Assert.Equal(4, report.Records);
    }

    [Fact]
    public async Task An_instance_is_known_by_its_interface_and_not_by_an_address_that_others_have_too()
    {
        var inventory = new Inventory([new() { InstanceId = "i-1", NetworkInterfaces = [new() { NetworkInterfaceId = "eni-1", PrivateIpAddress = "10.0.0.5", VpcId = "vpc-1" }] }]);
        string Flow(string account, string network) => $"2 {account} {network} 10.0.0.5 198.51.100.7 40000 443 6 3 300 1772323200 1772323260 ACCEPT OK\n";
        var logs = new MemoryObjects([("flows.log", Encoding.UTF8.GetBytes(Flow("111122223333", "eni-1") + Flow("444455556666", "eni-12")))]);
        var report = await Evaluate(logs, Knowledge.Nothing with { Inventory = inventory }, """{"types": ["Backdoor:EC2/C&CActivity.B"], "resources": "i-1"}""");
        Assert.Equal((2, 1), (report.Records, report.Lines[0].Records));
    }

    private static (string, string, Verdict) Told(FindingResult result) => (result.Finding.Type.Name, result.Finding.AccountId, result.Verdict);

    private static Task<EvaluationReport> Evaluate(params string[] truth) =>
        Evaluate(new([("trail.json", Encoding.UTF8.GetBytes($$"""{"Records":[{{string.Join(',', Events)}}]}"""))]), Knowledge.Nothing, truth);

    private static Task<EvaluationReport> Evaluate(MemoryObjects logs, Knowledge knowledge, params string[] truth)
    {
        var (lines, mistakes) = TruthFile.Read(string.Join('\n', truth));
        Assert.Empty(mistakes);
        var options = new ScanOptions(knowledge, new ReadingOptions(null, null, null), _ => false, "test", StateFolder: null, Readers: 1);
        return Evaluator.Run([logs], options, lines, progress: null, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static string Event(string id, string account, string userType, string name, string source, int minute) =>
        $$"""
        {"eventVersion":"1.11","userIdentity":{"type":"{{userType}}","principalId":"p-{{account}}","arn":"arn:aws:iam::{{account}}:{{(userType == "Root" ? "root" : "user/alice")}}","accountId":"{{account}}"},
        "eventTime":"2026-03-01T00:{{minute:00}}:00Z","eventSource":"{{source}}","eventName":"{{name}}","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{{minute}}","userAgent":"aws-cli",
        "requestParameters":{"name":"main"},"responseElements":null,"eventID":"{{id}}","eventType":"AwsApiCall","recipientAccountId":"{{account}}"}
        """;
}
