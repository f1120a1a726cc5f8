using Yagura.Core.Collection;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Core.Ports;
using Yagura.Engine.Health;
using Yagura.Engine.Ledger.Digests;
using Yagura.Tests;

namespace Yagura.Engine.Tests.Health;

public sealed class HealthCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly StreamKey Trail = new("s3://trail-logs/", "111122223333", "eu-west-1", "CloudTrail");
    private static readonly Rhythm EveryFiveMinutes = Enumerable.Repeat(TimeSpan.FromMinutes(5), 3 * 288).Aggregate(Rhythm.None, (rhythm, pause) => rhythm.With(pause));

    private static readonly HealthView Well = new(Now, Now.AddDays(-3), [], [], [], [], []);

    private static LedgerStream Stream(TimeSpan silence, TimeSpan? lag = null, TimeSpan? usualLag = null) =>
        new(Trail, Now - silence, EveryFiveMinutes, lag ?? TimeSpan.FromMinutes(1), usualLag ?? TimeSpan.FromMinutes(1));

    private static string Told(HealthView view) => string.Join("; ", HealthCheck.Judge(view).Select(problem => $"{problem.Type.Name[14..]} {problem.Severity} {problem.Count}: {problem.Why}"));

    private static LedgerHour Hour(int hoursAgo, long applied = 1, long quarantined = 0, long recordsQuarantined = 0) =>
        new(Trail, Now.AddHours(-hoursAgo), [0, 0, applied, 0, 0, quarantined, 0], new(1, 0, 0, recordsQuarantined, 0));

    [Fact]
    public void All_is_quiet_where_all_is_well() => Assert.Empty(HealthCheck.Judge(Well with
    {
        Streams = [Stream(TimeSpan.FromMinutes(7))],
        Hours = [.. Enumerable.Range(0, 75).Select(hour => Hour(hour))],
        Sources = [("s3://trail-logs/", new(1, 0, 0, 0, null, null, Now))],
    }));

    [Fact]
    public void A_stream_that_pauses_much_longer_than_it_uses_to_has_stopped()
    {
        Assert.Empty(Told(Well with { Streams = [Stream(TimeSpan.FromMinutes(14))] }));
        Assert.Equal(
            "LogsStopped High 1: nothing has come for 3 h; of 864 pauses this stream makes one longer than 5 min less than once a week",
            Told(Well with { Streams = [Stream(TimeSpan.FromHours(3))] }));
    }

    [Fact]
    public void What_was_missed_while_nobody_collected_is_not_held_against_a_stream() =>
        Assert.Empty(Told(Well with { Started = Now.AddMinutes(-10), Streams = [Stream(TimeSpan.FromHours(3))] }));

    [Fact]
    public void A_source_that_cannot_be_read_is_told_instead_of_the_silence_of_its_streams() => Assert.Equal(
        "LogsStopped Medium 1: nothing can be read from s3://trail-logs/ for 60 min: s3://trail-logs/: access is denied",
        Told(Well with { Streams = [Stream(TimeSpan.FromHours(3))], Sources = [("s3://trail-logs/", new(0, 0, 0, 0, "s3://trail-logs/: access is denied", Now.AddHours(-1), null))] }));

    [Fact]
    public void An_hour_without_logs_is_a_gap_where_nearly_every_hour_has_some()
    {
        Assert.Equal(
            "LogsMissing Medium 2: 2 hours without logs, the first 2026-11-24 16:00, in a stream that has some in nearly every hour",
            Told(Well with { Hours = [.. Enumerable.Range(0, 75).Where(hour => hour is not (20 or 10)).Select(hour => Hour(hour))] }));
        Assert.Empty(Told(Well with { Hours = [.. Enumerable.Range(0, 75).Where(hour => hour % 3 != 0).Select(hour => Hour(hour))] })); // irregular
        Assert.Empty(Told(Well with { Hours = [.. Enumerable.Range(0, 20).Where(hour => hour != 10).Select(hour => Hour(hour))] })); // young
        Assert.Empty(Told(Well with { Hours = [.. Enumerable.Range(3, 72).Select(hour => Hour(hour))] })); // the newest may still come
    }

    [Fact]
    public void Objects_that_were_announced_are_missing_after_an_hour()
    {
        LedgerEntry Missing(int minutes) => new(Trail, $"s3://trail-logs/{minutes}", "", LedgerState.Missing, Now.AddHours(-2), Now.AddMinutes(-minutes)) { Reason = "named by s3://trail-logs/digest" };
        Assert.Empty(Told(Well with { Missing = [Missing(30)] }));
        var told = HealthCheck.Judge(Well with { Missing = [Missing(90), Missing(70), Missing(30)] });
        Assert.Equal("2 objects that should be there cannot be had: named by s3://trail-logs/digest", Assert.Single(told).Why);
        Assert.Equal(["s3://trail-logs/70", "s3://trail-logs/90"], told[0].Objects);
    }

    [Fact]
    public void A_lag_that_is_long_and_unusual_is_told()
    {
        Assert.Empty(Told(Well with { Streams = [Stream(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(9))] }));
        Assert.Empty(Told(Well with { Streams = [Stream(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromMinutes(30))] }));
        Assert.Equal("LagRising Low 1: objects wait 60 min before they are read; usual are 60 s", Told(Well with { Streams = [Stream(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1))] }));
    }

    [Fact]
    public void What_went_to_quarantine_within_a_day_is_told() => Assert.Equal(
        "Quarantine Low 8: 1 objects and 7 records of the last day could not be used",
        Told(Well with { Hours = [Hour(1, quarantined: 1), Hour(2, recordsQuarantined: 7), Hour(30, recordsQuarantined: 100)] }));

    [Fact]
    public void A_digest_that_does_not_fit_is_told_with_the_files()
    {
        const string Digest = "s3://trail-logs/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/25/111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261125T110000Z.json.gz";
        var report = new DigestReport(Digest, null, [], [new(DigestProblemKind.LogFile, "s3://trail-logs/log", "the file is gone")]);
        var problem = Assert.Single(HealthCheck.Judge(Well with { Digests = [report, report with { Problems = [] }] }));
        Assert.Equal((HealthTypes.DigestFailed, Severity.High, "the file is gone", Now.AddHours(-1)), (problem.Type, problem.Severity, problem.Why, problem.First));
    }

    [Fact]
    public void The_same_problem_of_the_same_subject_is_one_finding_in_the_account_that_it_is_of()
    {
        var findings = new HealthFindings("444455556666", "", new ManualTime(Now));
        var problem = HealthCheck.Judge(Well with { Streams = [Stream(TimeSpan.FromHours(3))] })[0];
        var (first, again) = (findings.Build(problem), findings.Build(problem with { Count = 2 }));
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(("111122223333", "eu-west-1", "Logs of CloudTrail have stopped coming from 111122223333."), (first.AccountId, first.Region, first.Title));
        Assert.Equal("trail-logs", Assert.Single(first.Resource.S3BucketDetails).Name);
        Assert.True(FindingJson.TryRead(FindingJson.ToUtf8(first), out var read, out var error), error);
        Assert.Equal(FindingJson.ToJson(first), FindingJson.ToJson(read));
        Assert.NotEmpty(AsffJson.ToUtf8(first));
        Assert.NotEmpty(OcsfJson.ToUtf8(first));
        var nowhere = findings.Build(problem with { Stream = new("firehose", "", "", "") });
        Assert.Equal(("444455556666", "unknown"), (nowhere.AccountId, nowhere.Region));
    }

    [Fact]
    public void Every_health_type_is_in_the_catalogue_with_the_severities_that_are_given() => Assert.All(
        FindingTypeCatalog.All.Where(entry => entry.Type.AffectedResource == "Health"),
        entry => Assert.Contains(entry.Type, (FindingType[])[HealthTypes.DigestFailed, HealthTypes.LagRising, HealthTypes.LogsMissing, HealthTypes.LogsStopped, HealthTypes.Quarantine, HealthTypes.SuppressionChanged, HealthTypes.SuppressionExpired]));
}
