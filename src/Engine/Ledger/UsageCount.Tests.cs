using System.Text;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;

namespace Yagura.Engine.Tests.Ledger;

public sealed class UsageCountTests
{
    private const string Flow = "2 444455556666 eni-0a1b2c3d4e5f60718 10.0.1.20 10.0.2.30 44321 443 6 10 840 1764072000 1764072060 ACCEPT OK";

    private static string Call(string name, string account = "111122223333", string region = "eu-west-1", string bucket = "", string source = "s3.amazonaws.com", bool isData = true) =>
        $$"""{"eventVersion":"1.10","eventTime":"2026-11-25T12:00:00Z","eventSource":"{{source}}","eventName":"{{name}}","awsRegion":"{{region}}","recipientAccountId":"{{account}}","eventCategory":"{{(isData ? "Data" : "Management")}}","requestParameters":{"bucketName":"{{bucket}}","key":"\"bucketName\":\"not-this\""} }""";

    private static string Trail(params string[] calls) => $$"""{"Records":[{{string.Join(',', calls)}}] }""";

    private static IReadOnlyList<UsageEntry> Read(string log, string name = "AWSLogs/444455556666/vpcflowlogs/eu-west-1/2026/11/25/x.log") =>
        new ObjectReader(DetectorSet.Default, Knowledge.Nothing, new(null, null, null)).Read(new(name, null, null, null), new MemoryStream(Encoding.UTF8.GetBytes(log)), default).Entry.Usage;

    [Fact]
    public void Calls_count_for_the_account_and_region_that_their_records_name_and_those_on_objects_for_their_bucket()
    {
        string list = Call("ListBuckets", isData: false), get = Call("GetObject", bucket: "photos"), other = Call("GetObject", "444455556666", "us-east-1", "books"),
            invoke = Call("Invoke", source: "lambda.amazonaws.com");
        Assert.Equal(
            [
                new("111122223333", "eu-west-1", "CLOUD_TRAIL", null, 2, list.Length + invoke.Length),
                new("111122223333", "eu-west-1", "S3_DATA_EVENTS", "photos", 2, 2 * get.Length),
                new("444455556666", "us-east-1", "S3_DATA_EVENTS", "books", 1, other.Length),
            ],
            Read(Trail(list, get, other, get, invoke)));
    }

    [Fact]
    public void Flows_queries_and_lines_of_access_logs_count_in_the_region_of_their_object()
    {
        Assert.Equal([new("444455556666", "eu-west-1", "FLOW_LOGS", null, 2, 2 * Flow.Length)], Read($"{Flow}\n{Flow}\n"));
        const string Query = """{"version":"1.100000","account_id":"111122223333","region":"eu-central-1","vpc_id":"vpc-0a","query_timestamp":"2026-11-25T12:00:00Z","query_name":"example.com.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[],"srcaddr":"10.0.1.20","srcport":"53124","transport":"UDP","srcids":{"instance":"i-0a"}}""";
        Assert.Equal([new("111122223333", "eu-central-1", "DNS_LOGS", null, 1, Query.Length)], Read(Query));
        const string Line = "79a5owner photos [06/Feb/2019:00:00:38 +0000] 192.0.2.3 arn:aws:iam::111122223333:user/alice 3E57427F3EXAMPLE REST.GET.OBJECT cat.jpg \"GET /cat.jpg HTTP/1.1\" 200 - 113 4096 7 5 \"-\" \"S3Console/0.4\" -";
        Assert.Equal([new("444455556666", "eu-west-1", "S3_DATA_EVENTS", "photos", 1, Line.Length)], Read(Line));
    }

    [Fact]
    public void What_cannot_be_used_is_not_used_and_no_name_of_a_record_is_taken_for_what_it_is_not()
    {
        Assert.Empty(Read("""{"Records":[{"eventName":"x"}]}"""));
        var odd = Call("GetObject", "12345", "nowhere at all", "a bucket, isn't it");
        Assert.Equal([new("", "", "S3_DATA_EVENTS", null, 1, odd.Length)], Read(Trail(odd)));
    }

    [Fact]
    public void An_object_of_countless_buckets_counts_every_record_and_keeps_few_names()
    {
        var usage = Read(Trail([.. Enumerable.Range(0, 3_000).Select(number => Call("GetObject", bucket: $"bucket-{number}"))]));
        Assert.InRange(usage.Count, UsageCount.MostEntries, UsageCount.MostEntries + 4);
        Assert.Equal(3_000, usage.Sum(entry => entry.Records));
    }
}
