using System.Text.Json;
using CsCheck;
using Yagura.Aws.Sqs;

namespace Yagura.Aws.Tests.Sqs;

public sealed class S3NotificationTests
{
    private const string FromS3 = """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2026-11-25T12:00:01.250Z","eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0",
        "bucket":{"name":"trail-logs","arn":"arn:aws:s3:::trail-logs"},"object":{"key":"AWSLogs/a+b%2Bc/%E6%AB%93.gz","size":1024,"eTag":"0123456789abcdef","sequencer":"00"}}},
        {"eventName":"ObjectRemoved:Delete","s3":{}},
        {"eventName":"s3:ObjectCreated:CompleteMultipartUpload","s3":{"bucket":{"name":"trail-logs"},"object":{"key":"second"}}}]}
        """;

    private static readonly S3Arrival[] Expected =
    [
        new("trail-logs", "AWSLogs/a b+c/櫓.gz", 1024, "0123456789abcdef", new(2026, 11, 25, 12, 0, 1, 250, TimeSpan.Zero)),
        new("trail-logs", "second", null, null, null),
    ];

    [Fact]
    public void An_event_of_S3_names_the_objects_that_came() => Assert.Equal(Expected, Read(FromS3));

    [Fact]
    public void A_message_of_SNS_is_opened_even_twice()
    {
        Assert.Equal(Expected, Read(Wrapped(FromS3)));
        Assert.Equal(Expected, Read(Wrapped(Wrapped(FromS3))));
        Assert.EndsWith("it is wrapped too often", Problem(Enumerable.Range(0, 5).Aggregate(FromS3, (body, _) => Wrapped(body))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_EventBridge_has_its_key_as_it_is() => Assert.Equal(
        [new S3Arrival("trail-logs", "a+b/c%20d", 5, "99", new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero))],
        Read("""{"version":"0","source":"aws.s3","detail-type":"Object Created","time":"2026-11-25T12:00:00Z","detail":{"bucket":{"name":"trail-logs"},"object":{"key":"a+b/c%20d","size":5,"etag":"99"}}}"""));

    [Fact]
    public void The_notice_of_a_trail_names_its_files() => Assert.Equal(
        [new S3Arrival("trail-logs", "a", null, null, null), new S3Arrival("trail-logs", "b c", null, null, null)],
        Read("""{"Type":"Notification","Message":"{\"s3Bucket\":\"trail-logs\",\"s3ObjectKey\":[\"a\",\"b c\"]}"}"""));

    [Theory]
    [InlineData("""{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-25T12:00:00Z","Bucket":"trail-logs","RequestId":"1","HostId":"2"}""")]
    [InlineData("""{"source":"aws.s3","detail-type":"Object Deleted","detail":{}}""")]
    [InlineData("""{"Records":[]}""")]
    public void A_test_and_a_removal_are_understood_and_name_nothing(string body) => Assert.Empty(Read(body));

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("hello", "it is not JSON")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("{}", "it is no notification of S3")]
    [InlineData("""{"Type":"Notification","Message":"free text"}""", "it is not JSON")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put"}]}""", "a record names no bucket or no key")]
    [InlineData("""{"Records":[1]}""", "a record has no eventName")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":["k"]}}}]}""", "a record names no bucket or no key")]
    [InlineData("""{"source":"aws.s3","detail-type":"Object Created","detail":[]}""", "it names no bucket or no key")]
    [InlineData("""{"s3Bucket":"b","s3ObjectKey":"k"}""", "it names no keys")]
    public void What_is_something_else_says_why(string body, string reason) => Assert.Equal($"the message cannot be understood: {reason}", Problem(body));

    [Fact]
    public void No_damage_to_a_message_makes_the_reader_throw() =>
        Gen.Select(Gen.Bool.Select(wrapped => wrapped ? Wrapped(FromS3) : FromS3), Gen.Int[0, 400], Gen.Char).Sample((body, at, character) =>
        {
            var place = at % body.Length;
            S3Notification.Parse(string.Concat(body.AsSpan(0, place), [character], body.AsSpan(place + 1)));
            S3Notification.Parse(body[..place]);
        });

    private static string Wrapped(string body) => $$"""{"Type":"Notification","MessageId":"1","Message":"{{JsonEncodedText.Encode(body)}}"}""";

    private static IReadOnlyList<S3Arrival> Read(string body)
    {
        var read = S3Notification.Parse(body);
        Assert.Null(read.Problem);
        return read.Objects;
    }

    private static string Problem(string body)
    {
        var read = S3Notification.Parse(body);
        Assert.Empty(read.Objects);
        return read.Problem!;
    }
}
