using System.Text.Json.Nodes;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>The recorded attack session as a whole: what joins its steps.</summary>
public sealed class AttackSequenceTests
{
    private const string Credentials = "AttackSequence:IAM/CompromisedCredentials";

    private static async Task<IReadOnlyList<Finding>> Find(IEnumerable<JsonNode> records, Func<Finding, bool>? suppress = null)
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), suppress ?? (_ => false), "test", null, Readers: 2);
        return (await Scan.Run([new MemoryObjects([("all", CloudTrailFiles.File(records))])], options, null, TimeProvider.System, CancellationToken.None)).Findings;
    }

    private static AttackSequence Sequence(IReadOnlyList<Finding> findings) => Assert.Single(findings, finding => finding.Service.Sequence is not null).Service.Sequence!;

    [Fact]
    public async Task The_whole_session_is_one_critical_sequence_of_the_user_behind_it()
    {
        var findings = await Find(CloudTrailFiles.AnonymousAttackSession());
        var finding = Assert.Single(findings, f => f.Type.Name == Credentials);
        Assert.Equal((9, "123837392027", "us-east-1"), (finding.Severity, finding.AccountId, finding.Region));
        Assert.Contains("arn:aws:iam::123837392027:user/bert-jan", finding.Title, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2023, 7, 10, 11, 54, 47, TimeSpan.Zero), finding.Service.EventFirstSeen);
        var sequence = Sequence(findings);
        Assert.Equal(finding.Id, sequence.Uid);
        Assert.True(sequence.Actors[0] is { User: { Name: "bert-jan", Type: "IAMUser" }, Session: null });
        Assert.Contains(sequence.Actors, actor => actor.Session is not null);
        Assert.Contains(sequence.Resources, resource => resource is { Type: SequenceResourceType.Ec2Instance, Name: "i-0dbc91f429e48eeed" });
        Assert.Equal(["192.168.10.20"], sequence.Endpoints.Select(endpoint => endpoint.Id));
        Assert.Equal(sequence.Signals.Select(signal => signal.FirstSeen).Order(), sequence.Signals.Select(signal => signal.FirstSeen));
        Assert.All(sequence.Signals, signal => Assert.True(
            signal.ActorIds.All(id => sequence.Actors.Any(actor => actor.Id == id)) && signal.ResourceUids.All(uid => sequence.Resources.Any(resource => resource.Uid == uid))
            && signal.EndpointIds.All(id => sequence.Endpoints.Any(endpoint => endpoint.Id == id))));
        Assert.Equal(["Credential Access", "Defense Evasion", "Discovery", "Execution", "Impact"], sequence.Indicators.Single(indicator => indicator.Key == "ATTACK_TACTIC").Values.Order());
    }

    [Theory]
    [InlineData("11:54:47", "GetPasswordData", "Credential Access", "bert-jan assumed the role")]
    [InlineData("11:57:22", "InstanceCredentialExfiltration", "Credential Access", "bert-jan worked from the same address")]
    [InlineData("11:57:5", "GetSecretValue", "Credential Access", "by bert-jan from 192.168.10.20")]
    [InlineData("11:58:27", "GetParameters", "Credential Access", "by bert-jan from 192.168.10.20")]
    [InlineData("12:00:08", "CloudTrailLoggingDisabled", "Defense Evasion", "it began with cloudtrail.amazonaws.com PutEventSelectors")]
    [InlineData("12:00:35", "PutBucketLifecycle", "Defense Evasion", "by bert-jan from 192.168.10.20")]
    [InlineData("12:02:26", "DeleteFlowLogs", "Defense Evasion", "by bert-jan from 192.168.10.20")]
    [InlineData("12:02:55", "DescribeInstanceAttribute", "Credential Access", "bert-jan assumed the role")]
    [InlineData("12:06:42", "RunInstances", "Impact", "bert-jan worked from the same address with the same program")]
    public async Task Each_detonation_with_an_effect_is_a_step_that_a_person_can_read(string time, string name, string tactic, string words)
    {
        var step = Assert.Single(Sequence(await Find(CloudTrailFiles.AnonymousAttackSession())).Description.Split('\n'), line => line.Contains(name, StringComparison.Ordinal) && !line.Contains("AnomalousBehavior", StringComparison.Ordinal));
        Assert.Contains($" 2023-07-10 {time}", step, StringComparison.Ordinal);
        Assert.Contains($" {tactic}: ", step, StringComparison.Ordinal);
        Assert.Contains(words, step, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clean_up_is_no_part_of_it()
    {
        var findings = await Find(CloudTrailFiles.AnonymousAttackSession());
        var finding = Assert.Single(findings, f => f.Service.Sequence is not null);
        string[] undone = ["StartLogging", "DeleteBucketLifecycle"];
        Assert.DoesNotContain(finding.Explanation.Evidence, record => record.Time == new DateTimeOffset(2023, 7, 10, 12, 7, 49, TimeSpan.Zero));
        Assert.All(undone, api => Assert.DoesNotContain(api, finding.Service.Sequence!.Description, StringComparison.Ordinal));
        Assert.Contains(finding.Explanation.Evidence, record => record.Summary.Contains("GetCallerIdentity from 192.168.10.20", StringComparison.Ordinal) || record.Summary.Contains("DescribeInstances from 192.168.10.20", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Findings_that_are_signals_name_their_sequence()
    {
        var findings = await Find(CloudTrailFiles.AnonymousAttackSession());
        var sequence = Assert.Single(findings, f => f.Service.Sequence is not null);
        Assert.Equal(
            ["Stealth:IAMUser/CloudTrailLoggingDisabled", "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"],
            findings.Where(f => f.AssociatedAttackSequenceArn == sequence.Arn).Select(f => f.Type.Name).Where(type => !type.EndsWith("AnomalousBehavior", StringComparison.Ordinal)).Order());
        Assert.All(findings.Where(f => f.Explanation.Anomaly is not null), f => Assert.Equal(sequence.Arn, f.AssociatedAttackSequenceArn));
    }

    [Fact]
    public async Task What_is_suppressed_takes_no_part()
    {
        var findings = await Find(CloudTrailFiles.AnonymousAttackSession(), finding => finding.Type.Name.StartsWith("UnauthorizedAccess:", StringComparison.Ordinal) || finding.Explanation.Anomaly is not null);
        Assert.DoesNotContain(findings, f => f.Service.Sequence is not null);
        var suppressed = await Find(CloudTrailFiles.AnonymousAttackSession(), finding => finding.Type.Name == Credentials);
        Assert.True(Assert.Single(suppressed, f => f.Type.Name == Credentials).Service.Archived);
    }

    [Fact]
    public async Task Without_the_theft_and_what_nobody_does_the_rest_is_no_attack()
    {
        // The same user builds, stops and deletes: nothing of it is known to be misuse.
        var records = CloudTrailFiles.AnonymousAttackSession().Where(record => !(record["userIdentity"]?["arn"]?.GetValue<string>() ?? "").Contains("/i-0dbc91f429e48eeed", StringComparison.Ordinal));
        Assert.DoesNotContain(await Find(records, finding => finding.Explanation.Anomaly is not null), f => f.Service.Sequence is not null);
    }
}
