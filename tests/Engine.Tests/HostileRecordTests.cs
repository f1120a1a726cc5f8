using System.Text;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

public sealed class HostileRecordTests
{
    private static readonly byte[] Launch = Encoding.UTF8.GetBytes("""
        {"Records":[{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana"},"eventTime":"2026-09-01T00:00:00Z",
        "eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.1","eventID":"1","recipientAccountId":"111122223333",
        "responseElements":{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0","tagSet":{"items":[{"key":"Name","value":"\ud800"}]},"\udfff":1}]}}}]}
        """);

    private static readonly byte[] Trail = Encoding.UTF8.GetBytes("""
        {"Records":[{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana"},"eventTime":"2026-09-01T00:00:00Z",
        "eventSource":"cloudtrail.amazonaws.com","eventName":"DeleteTrail","awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.1","eventID":"2","recipientAccountId":"111122223333",
        "requestParameters":{"name":"main"}}]}
        """);

    [Fact]
    public async Task Half_a_surrogate_pair_in_a_launch_costs_nobody_a_finding()
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", null, Readers: 1);
        var report = await Scan.Run([new MemoryObjects([("launch", Launch), ("trail", Trail)])], options, null, TimeProvider.System, CancellationToken.None);
        Assert.Equal("Stealth:IAMUser/CloudTrailLoggingDisabled", Assert.Single(report.Findings).Type.Name);
        Assert.Empty(report.DetectorFailures);
        Assert.Equal(2, report.Records.Sum(r => r.Analysed));
    }
}
