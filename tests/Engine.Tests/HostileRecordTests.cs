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
        var report = await Engine.Scan.Run([new MemoryObjects([("launch", Launch), ("trail", Trail)])], options, null, TimeProvider.System, CancellationToken.None);
        Assert.Equal("Stealth:IAMUser/CloudTrailLoggingDisabled", Assert.Single(report.Findings).Type.Name);
        Assert.Empty(report.DetectorFailures);
        Assert.Equal(2, report.Records.Sum(r => r.Analysed));
    }

    private const string Kali = "aws-cli/2.22.1 md/distrib#kali.2025";

    private static string Call(string time, string name, string source, string identity, string more = "") => $$$"""
        {"eventVersion":"1.08","userIdentity":{{{identity}}},"eventTime":"{{{time}}}","eventSource":"{{{source}}}.amazonaws.com","eventName":"{{{name}}}","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5",
        "userAgent":"{{{Kali}}}","eventID":"{{{time}}} {{{name}}}","eventType":"AwsApiCall","recipientAccountId":"111122223333","eventCategory":"Management"{{{more}}}}
        """;

    private const string Mallory = """{"type":"IAMUser","principalId":"AIDAMALLORY","arn":"arn:aws:iam::111122223333:user/mallory","accountId":"111122223333","accessKeyId":"AKIAMALLORY","userName":"mallory"}""";

    private static async Task<ScanReport> Scan(IEnumerable<string> records, string? folder = null)
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", folder, Readers: 1) { ObjectsPerSnapshot = 1 };
        var file = Encoding.UTF8.GetBytes($$"""{"Records":[{{string.Join(',', records)}}]}""");
        var report = await Engine.Scan.Run([new MemoryObjects([("hostile", file)])], options, null, TimeProvider.System, CancellationToken.None);
        Assert.Empty(report.DetectorFailures);
        return report;
    }

    [Fact]
    public async Task Whoever_assumed_a_role_without_a_name_stands_behind_nobody()
    {
        const string Session = """
            {"type":"AssumedRole","principalId":"AROAOPS:x","arn":"arn:aws:sts::111122223333:assumed-role/ops/x","accountId":"111122223333","accessKeyId":"ASIAVICTIM",
            "sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAOPS","arn":"arn:aws:iam::111122223333:role/ops","accountId":"111122223333","userName":"ops"}}}
            """;
        var report = await Scan(
        [
            Call("2026-10-01T10:00:00Z", "AssumeRole", "sts", """{"accountId":"","accessKeyId":"AKIAX"}""", ""","responseElements":{"credentials":{"accessKeyId":"ASIAVICTIM"}}"""),
            Call("2026-10-01T11:00:00Z", "DescribeInstances", "ec2", Session), Call("2026-10-01T11:01:00Z", "CreateUser", "iam", Session), Call("2026-10-01T11:02:00Z", "StopLogging", "cloudtrail", Session),
        ]);
        var sequence = Assert.Single(report.Findings, finding => finding.Service.Sequence is not null);
        Assert.Contains("arn:aws:iam::111122223333:role/ops", sequence.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9999-12-31T23:59")]
    [InlineData("0001-01-01T00:00")]
    public async Task Records_from_the_ends_of_time_do_no_harm(string minute)
    {
        var folder = Directory.CreateTempSubdirectory("yagura-state-").FullName;
        try
        {
            // More records than are kept one by one: of the others the hours are.
            var records = Enumerable.Range(0, 40).Select(second => Call($"{minute}:{second:00}Z", "DescribeInstances", "ec2", Mallory)).ToList();
            var expected = (await Scan(records, folder)).Findings.Select(finding => finding.Id).ToList();
            Assert.NotEmpty(expected);
            records.Add(Call("2026-10-01T11:02:00Z", "DescribeVpcs", "ec2", Mallory));
            Assert.Equal(expected, (await Scan(records, folder)).Findings.Select(finding => finding.Id));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
