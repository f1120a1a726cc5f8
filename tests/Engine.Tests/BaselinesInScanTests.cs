using System.Globalization;
using System.Text;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>What an attacker, or an awkward corpus, could do to baselines.</summary>
public sealed class BaselinesInScanTests
{
    private const string Account = "111122223333";

    private static readonly DateTime Start = new(2026, 5, 1, 9, 0, 0, DateTimeKind.Utc);

    private int _calls;

    private string Call(int day, string principal, string source, string name, string address = "198.51.100.1", string? error = null, string account = Account, string region = "eu-west-1", int minute = 0, string? session = null, string agent = "aws-cli/2.0")
    {
        var identity = session is null ? $$"""{"type":"IAMUser","arn":"arn:aws:iam::{{account}}:user/{{principal}}","userName":"{{principal}}","principalId":"AIDA{{principal}}"}"""
            : $$$"""{"type":"AssumedRole","arn":"arn:aws:sts::{{{account}}}:assumed-role/{{{principal}}}/{{{session}}}","principalId":"AROAEXAMPLE:{{{session}}}","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::{{{account}}}:role/{{{principal}}}","userName":"{{{principal}}}"} } }""";
        var outcome = error is null ? "" : $",\"errorCode\":\"{error}\"";
        var time = Start.AddDays(day).AddMinutes(minute).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return $$"""
            {"eventVersion":"1.08","userIdentity":{{identity}},"eventTime":"{{time}}","eventSource":"{{source}}.amazonaws.com","eventName":"{{name}}",
            "awsRegion":"{{region}}","sourceIPAddress":"{{address}}","userAgent":"{{agent}}","eventID":"e{{_calls++}}","recipientAccountId":"{{account}}"{{outcome}}}
            """;
    }

    /// <summary>What somebody does every day.</summary>
    private IEnumerable<string> Quiet(int from, int days, string principal = "ana", string account = Account) =>
        Enumerable.Range(from, days).SelectMany(day => new[] { Call(day, principal, "ec2", "DescribeInstances", account: account), Call(day, principal, "s3", "ListBuckets", account: account) });

    private IEnumerable<string> Attack(int day, string principal = "ana", string account = Account) =>
        [Call(day, principal, "ec2", "DeleteFlowLogs", "203.0.113.9", account: account, region: "ap-south-1"), Call(day, principal, "iam", "CreateAccessKey", "203.0.113.9", account: account, region: "ap-south-1", minute: 1)];

    private static async Task<ScanReport> Scan(IEnumerable<string> records, string? state = null)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"Records":[{{string.Join(',', records)}}]}""");
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", state, Readers: 1);
        return await Engine.Scan.Run([new MemoryObjects([("o", bytes)])], options, null, TimeProvider.System, CancellationToken.None);
    }

    private static IReadOnlyList<Finding> Anomalies(ScanReport report) => [.. report.Findings.Where(finding => finding.Type.Name.EndsWith("AnomalousBehavior", StringComparison.Ordinal) && finding.Severity >= 4)];

    [Fact]
    public async Task One_loud_day_does_not_hide_the_days_after_it()
    {
        var loud = Enumerable.Range(0, 60).Select(i => Call(33, "ana", "guardduty", "DeleteDetector", "203.0.113.77", "AccessDenied", region: $"us-test-{i}", minute: i));
        List<string> quiet = [.. Quiet(0, 40)];
        var alone = Anomalies(await Scan([.. quiet, .. Attack(38)]));
        var after = Anomalies(await Scan([.. quiet, .. loud, .. Attack(38)]));
        Assert.NotEmpty(alone);
        Assert.All(alone, finding => Assert.Contains(after, other => other.Id == finding.Id));
    }

    /// <summary>A month of fifty users who do what is usual, and then, if it is loud, a month with five users a day who do what they never did.</summary>
    private List<string> TwoMonths(bool loud)
    {
        string[] apis = ["CreateAccessKey", "CreateUser", "CreateRole", "CreateLoginProfile", "UpdateAccessKey"];
        var records = new List<string>();
        for (var user = 0; user < 50; user++) records.AddRange(Quiet(0, 60, $"u{user}"));
        for (var day = 30; day < 60; day++)
            for (var i = 0; loud && i < apis.Length; i++) records.Add(Call(day, $"u{((day - 30) * apis.Length + i) % 50}", "iam", apis[i], $"{11 + i}.{day}.3.4", agent: $"tool{day}x{i}/1"));
        return records;
    }

    [Fact]
    public async Task An_account_that_is_loud_every_day_is_told_less_and_the_report_says_how_much_was_held_back()
    {
        var report = await Scan(TwoMonths(loud: true));
        Assert.InRange(Anomalies(report).Count, 30, 100);
        Assert.InRange(report.HeldBack, 50, 30 * 5 - 30);
    }

    [Fact]
    public async Task What_a_quiet_account_is_told_of_has_to_score_higher_in_a_loud_one()
    {
        async Task<Anomaly> LastOf(bool loud) => Anomalies(await Scan([.. TwoMonths(loud), .. Attack(59, "u7")]))
            .Where(finding => finding.Resource.AccessKeyDetails?.UserName == "u7").MaxBy(finding => finding.Service.EventLastSeen)!.Explanation.Anomaly!;
        var (quiet, loud) = (await LastOf(loud: false), await LastOf(loud: true));
        Assert.Equal(Baselines.Judgement.Floor, quiet.Threshold);
        Assert.True(loud.Threshold > quiet.Threshold, $"the threshold is {loud.Threshold}");
    }

    [Fact]
    public async Task A_burst_of_refusals_is_told_though_each_session_has_a_name_of_its_own()
    {
        IEnumerable<string> Refused(Func<int, string> session) =>
            Enumerable.Range(0, 300).Select(i => Call(36, "deploy", "iam", "ListUsers", error: "AccessDenied", minute: i / 10, session: session(i)));
        List<string> quiet = [.. Enumerable.Range(0, 36).SelectMany(day => new[] { Call(day, "deploy", "ec2", "DescribeInstances", session: "ci@example"), Call(day, "deploy", "iam", "ListUsers", session: "ci@example") })];
        bool IsTold(ScanReport report) => report.Findings.Any(finding => finding.Explanation.Anomaly?.Parts.Any(part => part.Feature == "number of refused calls") == true);
        Assert.True(IsTold(await Scan([.. quiet, .. Refused(_ => "ci@example")])));
        Assert.True(IsTold(await Scan([.. quiet, .. Refused(i => $"j{i / 4}@x")])));
    }

    [Fact]
    public async Task The_past_of_an_account_that_is_scanned_later_is_learnt()
    {
        const string Other = "444455556666";
        var folder = Directory.CreateTempSubdirectory("yagura-state-").FullName;
        try
        {
            await Scan(Quiet(0, 40), folder);
            var later = await Scan([.. Quiet(0, 36, account: Other), .. Attack(36, account: Other)], folder);
            Assert.Contains(Anomalies(later), finding => finding.AccountId == Other && finding.Explanation.Anomaly!.History?.Days == 30);
            // The past of an account that is known is not rewritten.
            var late = await Scan([.. Enumerable.Range(20, 6).SelectMany(day => Attack(day)), .. Attack(40)], folder);
            Assert.Contains(Anomalies(late), finding => finding.AccountId == Account && finding.Service.EventLastSeen.Day == 10);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_lies_too_long_before_the_newest_record_is_given_up_and_counted()
    {
        List<string> records = [.. Quiet(0, 36), .. Attack(36)];
        Assert.NotEmpty(Anomalies(await Scan(records)));
        var report = await Scan([.. records, Call(36 + 69, "ana", "s3", "ListBuckets")]);
        Assert.Empty(Anomalies(report));
        Assert.InRange(report.Forgotten["acts"], 1, 100);
    }

    [Fact]
    public async Task Regions_and_instance_types_go_by_their_names()
    {
        var folder = Directory.CreateTempSubdirectory("yagura-state-").FullName;
        try
        {
            await Scan(Quiet(0, 10), folder);
            var ana = Assert.Single(Baselines.Entities.Of(State.Journal.Baselines(folder, TimeProvider.System.GetUtcNow())));
            Assert.Contains(ana.Values, value => value is { Trait: "region", Value: "eu-west-1", Days: 10 });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
