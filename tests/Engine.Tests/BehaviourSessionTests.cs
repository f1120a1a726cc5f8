using System.Text.Json.Nodes;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>The recorded attack session after two quiet weeks, and without any history: which of its techniques are told by the records they left.</summary>
public sealed class BehaviourSessionTests
{
    /// <summary>The detonations that had an effect or were a burst of refusals, by the API that does it.</summary>
    private static readonly Dictionary<string, string> Detonations = new(StringComparer.Ordinal)
    {
        ["ec2-get-password-data"] = "GetPasswordData", ["ec2-steal-instance-credentials"] = "GetCallerIdentity", ["secretsmanager-retrieve-secrets"] = "GetSecretValue",
        ["ssm-retrieve-securestring-parameters"] = "GetParameters", ["cloudtrail-event-selectors"] = "PutEventSelectors", ["cloudtrail-lifecycle-rule"] = "PutBucketLifecycle",
        ["vpc-remove-flow-logs"] = "DeleteFlowLogs", ["ec2-download-user-data"] = "DescribeInstanceAttribute", ["ec2-launch-unusual-instances"] = "RunInstances",
    };

    private static readonly IReadOnlyList<JsonNode> Truth =
        [.. File.ReadLines(RealLogs.Path("cloudtrail-stratus-run/ground-truth.jsonl")).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!)];

    private static async Task<IReadOnlyList<Finding>> Find(int quietDays)
    {
        var session = CloudTrailFiles.AnonymousAttackSession();
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", null, Readers: 2);
        var objects = new MemoryObjects([.. QuietDays.Before(session, CloudTrailFiles.AttackSession(), quietDays), ("attack", CloudTrailFiles.File(session))]);
        return (await Scan.Run([objects], options, null, TimeProvider.System, CancellationToken.None)).Findings;
    }

    /// <summary>The detonations that some finding has a record of.</summary>
    private static string[] Told(IReadOnlyList<Finding> findings)
    {
        var evidence = findings.Where(finding => finding.Service.Sequence is null).SelectMany(finding => finding.Explanation.Evidence).Select(record => record.Identity).ToHashSet(StringComparer.Ordinal);
        return [.. Detonations.Where(detonation => Records(detonation.Key, detonation.Value).Any(evidence.Contains)).Select(detonation => detonation.Key)];
    }

    /// <summary>The event ids of a detonation's own calls: in its time, and by the tool's agent, or, where another program used what the tool had stolen, by that API.</summary>
    private static HashSet<string> Records(string technique, string api)
    {
        var truth = Truth.Single(line => line["technique"]!.GetValue<string>().EndsWith(technique, StringComparison.Ordinal));
        var (start, end) = (truth["start"]!.GetValue<string>(), truth["end"]!.GetValue<string>());
        return
        [
            .. CloudTrailFiles.AttackSession()
                .Where(record => record["eventName"]!.GetValue<string>() == api && string.CompareOrdinal(record["eventTime"]!.GetValue<string>(), start) >= 0 && string.CompareOrdinal(record["eventTime"]!.GetValue<string>(), end) <= 0)
                .Where(record => !QuietDays.IsBackground(record)).Select(record => record["eventID"]!.GetValue<string>()),
        ];
    }

    [Fact]
    public async Task After_two_quiet_weeks_all_nine_detonations_are_told_and_the_clean_up_is_not()
    {
        var findings = await Find(quietDays: 14);
        Assert.Equal([.. Detonations.Keys], Told(findings));
        var cleanUp = new DateTimeOffset(2023, 7, 10, 12, 7, 49, TimeSpan.Zero);
        Assert.DoesNotContain(findings.SelectMany(finding => finding.Explanation.Evidence), record => record.Time == cleanUp
            && (record.Summary.Contains("PutEventSelectors", StringComparison.Ordinal) || record.Summary.Contains("StartLogging", StringComparison.Ordinal) || record.Summary.Contains("DeleteBucketLifecycle", StringComparison.Ordinal)));
        var sequence = Assert.Single(findings, finding => finding.Service.Sequence is not null);
        Assert.Equal((9, "AttackSequence:IAM/CompromisedCredentials"), (sequence.Severity, sequence.Type.Name));
        Assert.Contains("user/bert-jan", sequence.Title, StringComparison.Ordinal);
        Assert.All(Detonations.Where(detonation => detonation.Value is not "PutEventSelectors" and not "GetCallerIdentity"), detonation => Assert.Contains(detonation.Value, sequence.Service.Sequence!.Description, StringComparison.Ordinal));
        var anomalies = findings.Where(finding => finding.Type.Name.EndsWith("AnomalousBehavior", StringComparison.Ordinal)).ToList();
        Assert.All(anomalies, SimulatedMonthTests.AssertExplained);
        // The quiet days themselves tell nothing.
        Assert.All(anomalies.Where(finding => finding.Severity >= 4), finding => Assert.Equal(10, finding.Service.EventFirstSeen.Day));
    }

    [Fact]
    public async Task Without_history_six_are_told()
    {
        var findings = await Find(quietDays: 0);
        Assert.Equal(
            ["ec2-get-password-data", "ec2-steal-instance-credentials", "secretsmanager-retrieve-secrets", "cloudtrail-event-selectors", "vpc-remove-flow-logs", "ec2-download-user-data"], Told(findings));
        Assert.All(findings.Where(finding => finding.Explanation.Anomaly is not null), SimulatedMonthTests.AssertExplained);
        Assert.All(findings.Where(finding => finding.Explanation.Anomaly is not null), finding => Assert.Contains("was never seen before", finding.Explanation.Why, StringComparison.Ordinal));
    }
}
