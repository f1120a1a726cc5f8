using System.Text;
using CsCheck;
using Yagura.Logs.Json;
using Yagura.Tests;

namespace Yagura.Logs.Tests;

public sealed class LogObjectTests
{
    [Fact]
    public void Real_load_balancer_logs_are_named_and_counted()
    {
        var read = Gathered.From(RealLogs.Read("plaso-samples/aws_elb_access.log"));

        Assert.Equal((LogType.Elb, "not analysed yet", 16), Assert.Single(read.Skips));
        Assert.Equal(16, read.Records);
    }

    [Theory]
    [InlineData("https 2018-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 192.0.2.10:2817 10.0.0.1:80 0 0 0 200 200 34 366", LogType.Elb)]
    [InlineData("tls 2.0 2018-12-20T02:59:40 net/my-nlb/c6e77e28c25b2234 g3d4b5e8bb8464cd 192.0.2.10:51341 10.0.0.1:443 5 2 98 246", LogType.Elb)]
    [InlineData("2015-05-13T23:39:43.945958Z my-lb 192.0.2.10:2817 10.0.0.1:80 0 0 0 200 200 0 29", LogType.Elb)]
    [InlineData("2024-05-01 10:00:00 UTC:192.0.2.10(55555):alice@orders:[123]:LOG:  statement: select 1", LogType.Rds)]
    public void Logs_that_are_not_read_yet_are_named(string line, LogType type) =>
        Assert.Equal((type, "not analysed yet", 2), Assert.Single(Gathered.From($"{line}\n\n{line}").Skips));

    [Fact]
    public void A_CloudFront_log_is_named() =>
        Assert.Contains("CloudFront", Assert.Single(Gathered.From("#Version: 1.0\n#Fields: date time\n2019-12-04\t21:02:31\n").Skips).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("\u0000\u0001\u0002", "binary content, no known log format")]
    [InlineData("Lorem ipsum dolor\nsit amet\n", "text in no known log format")]
    public void What_is_no_log_is_quarantined_once(string content, string reason) =>
        Assert.Equal(reason, Assert.Single(Gathered.From(string.Concat(Enumerable.Repeat(content, 100_000))).Misfits).Reason);

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n  \n")]
    [InlineData("\uFEFF")]
    public void Nothing_is_no_record(string content) => Assert.Equal(0, Gathered.From(content).Records);

    [Fact]
    public void A_damaged_first_line_does_not_hide_the_format()
    {
        var read = Gathered.From("2 1111222 damaged\n2 111122223333 eni-1 192.0.2.1 192.0.2.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n");

        Assert.Equal((1, 1), (read.Flows.Count, read.Misfits.Count));
    }

    [Theory]
    [InlineData("AWSLogs/111122223333/vpcflowlogs/us-east-1/x.log.gz")]
    [InlineData("AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/x.log.gz")]
    public void The_name_decides_where_no_line_fits(string name) =>
        Assert.Equal(2, Gathered.From("2 damaged\n2 damaged too\n", name).Misfits.Count);

    [Fact]
    public void A_byte_order_mark_is_read_over() =>
        Assert.Single(Gathered.From("\uFEFF2 111122223333 eni-1 192.0.2.1 192.0.2.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK").Flows);

    [Fact]
    public void Any_bytes_are_read_without_a_throw() => Gen.Byte.Array[0, 400].Sample(bytes => _ = Gathered.From(bytes).Records);

    [Fact]
    public void A_reader_is_used_again_for_the_next_object()
    {
        var reader = new LogObject(new(null, Projection.Known));
        var sink = new Gathered();
        foreach (var content in new[] { "srcaddr dstaddr start\n192.0.2.1 192.0.2.2 1700000000", "2 111122223333 eni-1 192.0.2.1 192.0.2.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK" })
            reader.Read(new MemoryStream(Encoding.UTF8.GetBytes(content)), "object", sink, CancellationToken.None);

        Assert.Equal(["", "eni-1"], sink.Flows.Select(flow => flow.Interface));
    }

    [Fact]
    public void JSON_goes_to_the_JSON_reader_whatever_its_name()
    {
        var read = Gathered.From("""  {"Records":[{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2024-05-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"us-east-1","eventID":"a"}]}""", "vpcflowlogs.parquet");

        Assert.Equal(LogType.CloudTrail, Assert.Single(read.Calls).LogType);
    }

    [Fact]
    public void Flow_logs_inside_a_real_subscription_message_are_read()
    {
        var read = Gathered.From(RealLogs.Read("otel-format-samples/vpc_flow_cloudwatch_subscription.json.gz"));

        Assert.Equal([("123456789010", 22), ("123456789010", 3389)], read.Flows.Select(flow => (flow.Account, flow.DestinationPort)));
        Assert.Equal(2, read.Records);
    }

    [Fact]
    public void Flow_logs_inside_a_subscription_message_may_have_a_format_of_their_own()
    {
        var read = Gathered.From("""{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"flows","logStream":"eni-1","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1700000000000,"message":"192.0.2.1 192.0.2.2 1700000000\n"},{"id":"2","timestamp":1700000000000,"message":"192.0.2.1 x 1700000000"}]}""", flowFormat: "srcaddr dstaddr start");

        Assert.Equal("192.0.2.2", Assert.Single(read.Flows).Destination.ToString());
        Assert.Equal("dstaddr", Assert.Single(read.Misfits).Field);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    public void Before_a_stream_fails_every_whole_line_is_given(int lines)
    {
        const string line = "2 111122223333 eni-1 192.0.2.1 192.0.2.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n";
        var sink = new Gathered();
        var content = new Failing(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, lines)) + line[..40]));

        Assert.Throws<InvalidDataException>(() => new LogObject(new(null, Projection.Known)).Read(content, "object", sink, CancellationToken.None));
        Assert.Equal(lines, sink.Flows.Count);
        Assert.Equal("the input ends in the middle", Assert.Single(sink.Misfits).Reason);
    }

    [Theory]
    [InlineData("requestParameters.bucketName", "b")]
    [InlineData("requestParameters.key", "k")]
    [InlineData("requestParameters.other", "")]
    public void Paths_that_rules_ask_for_are_filled_from_access_logs_too(string path, string expected)
    {
        var projection = new Projection(path);
        var sink = new SlotReader(projection.SlotOf(path));
        new LogObject(new(null, projection)).Read(
            new MemoryStream(Encoding.UTF8.GetBytes("o b [06/Feb/2019:00:00:38 +0000] 192.0.2.3 - R REST.GET.OBJECT k \"GET /k HTTP/1.1\" 200 - 1 1 1 1 \"-\" \"a\" -")), "object", sink, CancellationToken.None);

        Assert.Equal(expected, sink.Value);
    }

    private sealed class SlotReader(int slot) : ILogSink
    {
        public string? Value { get; private set; }
        public void Handle(ApiCall call) => Value = Encoding.UTF8.GetString(call[slot]);
        public void Handle(FlowRecord flow) => throw new InvalidOperationException();
        public void Handle(DnsQuery query) => throw new InvalidOperationException();
        public void Quarantine(in Misfit misfit) => throw new InvalidOperationException(misfit.Reason);
        public void Skip(LogType logType, string reason, long records = 1) => throw new InvalidOperationException(reason);
    }

    /// <summary>Bytes, then what a gzip that is cut off throws.</summary>
    private sealed class Failing(byte[] content) : ReadOnlyStream
    {
        private readonly MemoryStream _content = new(content);

        public override int Read(Span<byte> buffer) => _content.Read(buffer) is > 0 and var read ? read : throw new InvalidDataException();
    }
}
