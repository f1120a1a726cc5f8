using System.Text;
using System.Text.Json;
using Yagura.Tests;

namespace Yagura.Logs.Tests;

public sealed class JsonLogReaderTests
{
    private const string Event = """
        {"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:ada","arn":"arn:aws:sts::111122223333:assumed-role/dev/ada","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","userName":"dev"},"attributes":{"creationDate":"2026-02-01T09:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"2026-02-01T09:30:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli \"2\" \u65e5\u672c","requestParameters":{"userName":"bob","tags":[{"k":"}"},{"k":"[\""}]},"responseElements":null,"readOnly":false,"eventID":"11111111-2222-3333-4444-555555555555","recipientAccountId":"111122223333"}
        """;

    private const string Query = """
        {"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-1","query_timestamp":"2026-02-01T09:30:00Z","query_name":"www.example.com.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.5","srcport":"55000","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}
        """;

    private static string Envelope(string detailType, string detail) =>
        $$"""{"version":"0","id":"x","detail-type":"{{detailType}}","source":"aws.iam","account":"111122223333","detail":{{detail}} }""";

    private static string Subscription(params string[] messages) =>
        $$"""{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"g","logEvents":[{{string.Join(',', messages.Select(LogEvent))}}] }""";

    private static string LogEvent(string message) => $$"""{"id":"1","timestamp":1,"message":{{JsonSerializer.Serialize(message)}} }""";

    [Fact]
    public void A_delivery_file_is_read_field_by_field()
    {
        var call = Assert.Single(Collected.Read($$"""{"Records":[{{Event}}]}""").Analysed);
        Assert.Equal("""
            CloudTrail 1 2026-02-01T09:30:00.0000000+00:00 198.51.100.7 EventTime=2026-02-01T09:30:00Z EventName=CreateUser EventSource=iam.amazonaws.com EventId=11111111-2222-3333-4444-555555555555 Region=us-east-1 RecipientAccountId=111122223333 SourceIpAddress=198.51.100.7 UserAgent=aws-cli "2" 日本 ReadOnly=false UserType=AssumedRole PrincipalId=AROAEXAMPLE:ada UserArn=arn:aws:sts::111122223333:assumed-role/dev/ada UserAccountId=111122223333 AccessKeyId=ASIAEXAMPLE IssuerType=Role IssuerUserName=dev SessionCreationDate=2026-02-01T09:00:00Z MfaAuthenticated=false RequestParameters={"userName":"bob","tags":[{"k":"}"},{"k":"[\""}]}
            """, call);
    }

    public static TheoryData<string, string> Wrappings => new()
    {
        { "a delivery file", $$"""{"Records":[{{Event}},{{Event}}]}""" },
        { "a delivery file printed over lines", $$"""{ "Records" : [ {{Event}} {{"\n\t"}},  {{Event}} ] }{{"\n"}}""" },
        { "an answer with more keys", $$"""{"Events":[{{Event}},{{Event}}],"NextToken":"x]}","ResponseMetadata":{"a":[1]} }""" },
        { "an answer that begins with another key", $$"""{"NextToken":"x","Events":[{{Event}},{{Event}}]}""" },
        { "a bare array", $"[{Event},{Event}]" },
        { "JSON lines", $"{Event}\n{Event}\n" },
        { "JSON lines with a byte order mark", $"\uFEFF{Event}\r\n{Event}" },
        { "objects without anything between", Event + Event },
        { "two delivery files", $$"""{"Records":[{{Event}}]}{"Records":[{{Event}}]}""" },
        { "LookupEvents", $$"""{"Events":[{{Lookup}},{{Lookup}}]}""" },
        { "LookupEvents in lines", $"{Lookup}\n{Lookup}" },
        { "EventBridge events", Envelope("AWS API Call via CloudTrail", Event) + "\n" + Envelope("AWS API Call via CloudTrail", Event) },
        { "a subscription message", Subscription(Event, Event) },
        { "subscription messages without anything between", Subscription(Event) + Subscription(Event) },
        { "EventBridge events in a subscription message", Subscription(Envelope("AWS API Call via CloudTrail", Event), Event) },
    };

    private static string Lookup => $$"""{"EventId":"1","EventName":"CreateUser","EventTime":"2026-02-01 18:30:00+09:00","CloudTrailEvent":{{JsonSerializer.Serialize(Event)}} }""";

    [Theory, MemberData(nameof(Wrappings))]
    public void The_same_event_comes_out_of_every_wrapping(string name, string json)
    {
        var bare = Collected.Read(Event).Analysed[0];
        var read = Collected.Read(json);
        Assert.True(read.Analysed.SequenceEqual([bare, bare.Replace("CloudTrail 1", "CloudTrail 2", StringComparison.Ordinal)]), $"{name}: {string.Join('\n', read.Log)}");
        Assert.Equal(2, read.Total);
    }

    [Fact]
    public void A_resolver_query_is_read_in_lines_and_in_subscription_messages()
    {
        var read = Collected.Read(Query + "\n" + Subscription(Query));
        Assert.Equal(2, read.Total);
        Assert.Equal("Route53Resolver 1 2026-02-01T09:30:00.0000000+00:00 10.0.0.5 QueryTimestamp=2026-02-01T09:30:00Z AccountId=111122223333 Region=us-east-1 VpcId=vpc-1 QueryName=www.example.com. QueryType=A QueryClass=IN ResponseCode=NOERROR SourceAddress=10.0.0.5 SourcePort=55000 Transport=UDP InstanceId=i-0123456789abcdef0 ResolverEndpoint= FirewallRuleAction= FirewallRuleGroupId= FirewallDomainListId= Answers=[{\"Rdata\":\"203.0.113.9\",\"Type\":\"A\",\"Class\":\"IN\"}]", read.Analysed[0]);
        Assert.Equal(read.Analysed[0].Replace("Resolver 1", "Resolver 2", StringComparison.Ordinal), read.Analysed[1]);
    }

    [Fact]
    public void A_line_of_text_in_a_subscription_message_goes_to_the_line_reader()
    {
        var lines = new List<string>();
        var read = Collected.Read(Subscription("2 eni-1", "\"3\" eni-2"), (line, record, _) => lines.Add($"{record} {Encoding.UTF8.GetString(line)}"));
        Assert.Equal(["1 2 eni-1", "2 \"3\" eni-2"], lines);
        Assert.Equal(0, read.Total);
        Assert.Equal(2, Collected.Read(Subscription("2 eni-1", "3 eni-2")).Quarantined.Count);
    }

    [Theory]
    [InlineData("""{"digestStartTime":"2026-02-01T09:30:00Z","logFiles":[]}""", LogType.CloudTrailDigest)]
    [InlineData("""{"eventVersion":"1.09","eventTime":"2026-02-01T09:30:00Z","eventCategory":"Insight","insightDetails":{}}""", LogType.CloudTrailInsight)]
    [InlineData("""{"eventTime":"2026-02-01T09:30:00Z","eventName":"x","insightDetails":{"state":"Start"}}""", LogType.CloudTrailInsight)]
    [InlineData("""{"eventTime":"2026-02-01T09:30:00Z","eventName":"ListKeys","eventCategory":"NetworkActivity"}""", LogType.CloudTrailNetworkActivity)]
    [InlineData("""{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get"}""", LogType.EksAudit)]
    [InlineData("""{"kind":"Event","verb":"get","objectRef":{"resource":"pods"}}""", LogType.EksAudit)]
    [InlineData("""{"schemaVersion":"2.0","type":"x","service":{"serviceName":"guardduty"}}""", LogType.GuardDutyFinding)]
    [InlineData("""{"timestamp":1,"webaclId":"arn:aws:wafv2:x","action":"ALLOW"}""", LogType.Waf)]
    [InlineData("""{"type":"DatabaseActivityMonitoringRecords","databaseActivityEvents":"x"}""", LogType.Rds)]
    [InlineData("""{"schemaType":"ModelInvocationLog","schemaVersion":"1.0"}""", LogType.BedrockInvocation)]
    [InlineData("""{"SchemaVersion":"2018-10-08","ProductArn":"x","GeneratorId":"y"}""", LogType.SecurityHubFinding)]
    public void Known_logs_that_are_not_analysed_are_skipped_by_name(string json, LogType logType)
    {
        var read = Collected.Read(json + "\n" + Envelope("x", json) + "\n" + Subscription(json));
        Assert.Equal(Enumerable.Repeat((logType, "not analysed yet"), 3), read.Skipped);
        Assert.Equal(3, read.Total);
    }

    [Fact]
    public void A_control_message_is_skipped()
    {
        var read = Collected.Read("""{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE"}]}""");
        Assert.Equal((LogType.Unknown, "a control message of CloudWatch Logs"), Assert.Single(read.Skipped));
    }

    [Theory]
    [InlineData("{}", "", "not a known AWS log record")]
    [InlineData("""{"hello":"world"}""", "", "not a known AWS log record")]
    [InlineData("""{"eventVersion":"1.08","eventName":"X"}""", "eventTime", "the CloudTrail record has no eventTime")]
    [InlineData("""{"eventVersion":"1.08","eventName":"X","eventTime":"yesterday"}""", "eventTime", "eventTime is not an ISO 8601 time")]
    [InlineData("""{"eventVersion":"1.08","eventTime":"2026-02-01T09:30:00Z","eventName":null}""", "eventName", "the CloudTrail record has no eventName")]
    [InlineData("""{"query_name":"x."}""", "query_timestamp", "the resolver query has no query_timestamp")]
    [InlineData("""{"query_timestamp":"2026-02-01T09:30:00Z"}""", "query_name", "the resolver query has no query_name")]
    [InlineData("""{"eventName":"X","eventTime":"2026-02-01T09:30:00Z","userAgent":"\x"}""", "", "a field of the record has an escape that JSON does not have")]
    [InlineData("""{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2026-02-01T09:30:00Z","eventName":"ObjectCreated:Put","s3":{}}""", "", "an S3 event notification, not a log record")]
    public void What_cannot_be_used_is_quarantined_with_field_and_reason(string json, string field, string reason) =>
        Assert.Equal((1, field, reason, json), Assert.Single(Collected.Read(json).Quarantined));

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("[]")]
    [InlineData("""{"Records":[]}""")]
    [InlineData("""{"Events":[],"NextToken":null}""")]
    public void Nothing_is_nothing(string json) => Assert.Equal(0, Collected.Read(json).Total);

    [Theory]
    [InlineData("075.050.255.67", "")]
    [InlineData("ec2.amazonaws.com", "")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void An_address_that_does_not_parse_stays_text_and_the_event_is_used(string address, string parsed)
    {
        var call = Assert.Single(Collected.Read(Event.Replace("198.51.100.7", address, StringComparison.Ordinal)).Analysed);
        Assert.StartsWith($"CloudTrail 1 2026-02-01T09:30:00.0000000+00:00 {parsed} ", call, StringComparison.Ordinal);
        Assert.Contains($"SourceIpAddress={address} ", call, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, int, int> RealSets => new()
    {
        { "cloudtrail-stratus-run/CloudTrail", 1448, 0, 0 },
        { "cloudtrail-detonations", 142, 0, 0 },
        { "plaso-samples/aws_cloudtrail_lookup_events.jsonl", 6, 0, 0 },
        { "k8s-audit", 0, 0, 24 },
    };

    [Theory, MemberData(nameof(RealSets))]
    public void Every_record_of_the_real_logs_is_accounted_for(string set, int analysed, int quarantined, int skipped)
    {
        var path = RealLogs.Path(set);
        var files = File.Exists(path) ? [path] : Directory.GetFiles(path, "*.json.gz");
        var sinks = files.Select(file => Collected.Read(RealLogs.Read(Path.GetRelativePath(RealLogs.Path("."), file)))).ToList();
        Assert.Equal((analysed, quarantined, skipped), (sinks.Sum(s => s.Analysed.Count), sinks.Sum(s => s.Quarantined.Count), sinks.Sum(s => s.Skipped.Count)));
    }

    [Theory]
    [InlineData("panther-rule-tests/aws-cloudtrail.jsonl.gz", 180, 13, 5)]
    [InlineData("panther-rule-tests/amazon-eks-audit.jsonl.gz", 0, 0, 80)]
    [InlineData("panther-rule-tests/aws-wafwebacl.jsonl.gz", 0, 0, 29)]
    [InlineData("panther-rule-tests/aws-guardduty.jsonl.gz", 0, 0, 6)]
    [InlineData("panther-rule-tests/aws-vpcflow.jsonl.gz", 0, 6, 0)]
    [InlineData("panther-rule-tests/aws-vpcdns.jsonl.gz", 5, 0, 0)]
    [InlineData("panther-rule-tests/aws-securityfindingformat.jsonl.gz", 0, 0, 4)]
    [InlineData("panther-rule-tests/aws-bedrockmodelinvocation.jsonl.gz", 0, 0, 4)]
    [InlineData("panther-rule-tests/aws-s3serveraccess.jsonl.gz", 0, 2, 0)]
    [InlineData("streamalert-rule-tests/tests.jsonl.gz", 34, 8, 1)]
    public void Every_event_of_the_rule_tests_is_accounted_for(string set, int analysed, int quarantined, int skipped)
    {
        var events = Encoding.UTF8.GetString(RealLogs.Read(set)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event")).ToList();
        int records = events.Sum(e => e.TryGetProperty("Records", out var list) ? list.GetArrayLength() : 1);
        var read = Collected.Read(string.Join('\n', events.Select(e => e.GetRawText())));
        Assert.Equal((analysed, quarantined, skipped), (read.Analysed.Count, read.Quarantined.Count, read.Skipped.Count));
        Assert.Equal(records, read.Total);
    }
}
