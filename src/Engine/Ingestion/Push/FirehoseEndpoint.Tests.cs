using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Core.Ports;
using Yagura.Engine.Ingestion.Push;
using Yagura.Tests;

namespace Yagura.Engine.Tests.Ingestion.Push;

public sealed class FirehoseEndpointTests
{
    private const string Key = "example-access-key-0123", Id = "ed4acda5-034f-9f42-bba1-f29aea6d7d8f";

    private readonly SettledInMemory _settled = new();
    private readonly ManualTime _time = new();
    private readonly PushedObjects _objects;
    private readonly FirehoseEndpoint _endpoint;

    public FirehoseEndpointTests()
    {
        _objects = new("firehose", _settled, _time);
        _endpoint = new(_objects, Key, _time);
    }

    private static string Body(params string[] records) => BodyOf([.. records.Select(Encoding.UTF8.GetBytes)]);

    private static string BodyOf(params byte[][] records) =>
        $$"""{"requestId":"{{Id}}","timestamp":1578090901599,"records":[{{string.Join(',', records.Select(record => $$"""{"data":"{{Convert.ToBase64String(record)}}"}"""))}}]}""";

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private Task<FirehoseAnswer> Ask(string body, string? key = Key, string? id = Id, string? encoding = null) => Ask(Encoding.UTF8.GetBytes(body), key, id, encoding);

    private Task<FirehoseAnswer> Ask(byte[] body, string? key = Key, string? id = Id, string? encoding = null) =>
        _endpoint.Answer(new(id, key, encoding, new MemoryStream(body)), CancellationToken.None);

    private async Task<ILogDelivery> Next()
    {
        await foreach (var delivery in _objects.Deliveries()) return delivery;
        throw new InvalidOperationException();
    }

    private static async Task<string> TextOf(ILogDelivery delivery)
    {
        await using var stream = await delivery.Open();
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static (int, string?, string?) Told(FirehoseAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal(new ManualTime().Now.ToUnixTimeMilliseconds(), json.RootElement.GetProperty("timestamp").GetInt64());
        return (answer.Status, json.RootElement.GetProperty("requestId").GetString(), json.RootElement.TryGetProperty("errorMessage", out var error) ? error.GetString() : null);
    }

    [Fact]
    public async Task A_request_is_answered_when_its_records_are_committed_and_not_before()
    {
        var asked = Ask(Body("one", "two\n", "three"));
        var delivery = await Next();
        Assert.Equal(($"firehose:{Id}", "one\ntwo\nthree\n"), (delivery.Object.Name, await TextOf(delivery)));
        Assert.False(asked.IsCompleted);
        delivery.Commit();
        Assert.Equal((200, Id, null), Told(await asked));
    }

    [Fact]
    public async Task A_request_that_comes_again_is_not_read_again()
    {
        var asked = Ask(Body("one"));
        var delivery = await Next();
        _settled.Settle(delivery.Object);
        delivery.Commit();
        await asked;
        Assert.Equal((200, Id, null), Told(await Ask(Body("one"))));
        Assert.Equal(1, _objects.Status.Committed);
    }

    [Fact]
    public async Task Compressed_bodies_and_compressed_records_are_opened()
    {
        var asked = Ask(Gzip(Encoding.UTF8.GetBytes(BodyOf(Gzip("from CloudWatch"u8.ToArray()), "plain"u8.ToArray()))), encoding: "gzip");
        var delivery = await Next();
        Assert.Equal("from CloudWatch\nplain\n", await TextOf(delivery));
        delivery.Commit();
        Assert.Equal(200, (await asked).Status);
    }

    [Fact]
    public async Task What_cannot_be_read_is_an_error_that_makes_Firehose_try_again()
    {
        var asked = Ask(Body("one"));
        (await Next()).Fail("the disk is full");
        Assert.Equal((500, Id, "the disk is full"), Told(await asked));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example-access-key-0124")]
    [InlineData("example-access-key-01234")]
    public async Task Another_key_is_refused_before_anything_is_read(string? key)
    {
        var answer = await Ask("{", key);
        Assert.Equal((401, Id, "the access key is not valid"), Told(answer));
        Assert.DoesNotContain("example", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    public async Task A_request_without_a_proper_id_is_refused(string? id) => Assert.Equal((400, id ?? "", "X-Amz-Firehose-Request-Id is missing or malformed"), Told(await Ask(Body("x"), id: id)));

    [Theory]
    [InlineData("", "the body is not the JSON that Firehose sends")]
    [InlineData("[]", "the body is not the JSON that Firehose sends")]
    [InlineData("""{"records":[{"data":"eA=="}""", "the body is not the JSON that Firehose sends")]
    [InlineData("""{"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","records":[{"data":1}]}""", "the data of a record is not base64")]
    [InlineData("""{"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","records":[{"data":"%%"}]}""", "the data of a record is not base64")]
    [InlineData("""{"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f"}""", "the body has no records")]
    [InlineData("""{"requestId":"other","records":[]}""", "the requestId of the body is not that of the header")]
    [InlineData("""{"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","records":[{"data":"H4sIAAAA"}]}""", "a record is damaged gzip")]
    public async Task What_Firehose_would_not_send_is_refused_with_the_reason(string body, string reason) => Assert.Equal((400, Id, reason), Told(await Ask(body)));

    [Fact]
    public async Task Bodies_and_records_that_expand_without_end_are_refused()
    {
        var zeros = Gzip(new byte[FirehoseEndpoint.LargestBody + 1]);
        Assert.Equal(413, (await Ask(zeros, encoding: "gzip")).Status);
        Assert.Equal(413, (await Ask(BodyOf(zeros))).Status);
        Assert.Equal(415, (await Ask("x", encoding: "br")).Status);
        Assert.Equal(400, (await Ask("no gzip", encoding: "gzip")).Status);
    }

    [Fact]
    public async Task A_request_without_records_is_answered_at_once() => Assert.Equal((200, Id, null), Told(await Ask(Body())));

    [Fact]
    public void A_short_access_key_is_not_taken() => Assert.Throws<ArgumentException>(() => new FirehoseEndpoint(_objects, "short", _time));

    [Fact]
    public void No_body_makes_it_throw() =>
        Gen.Select(Gen.Int[0, 200], Gen.Byte).Sample((at, value) =>
        {
            var body = Encoding.UTF8.GetBytes(Body());
            body[at % body.Length] = value;
            Assert.Contains(Ask(body).Result.Status, (int[])[200, 400]);
        });

    [Fact]
    public async Task Who_brings_more_than_there_is_room_for_waits()
    {
        var large = new byte[PushedObjects.LargestObject - 1];
        var pushes = Enumerable.Range(0, 5).Select(number => _objects.Push(number.ToString(CultureInfo.InvariantCulture), large, CancellationToken.None)).ToList();
        await using var deliveries = _objects.Deliveries().GetAsyncEnumerator();
        for (var number = 0; number < 4; number++)
        {
            Assert.True(await deliveries.MoveNextAsync());
            if (number == 3) deliveries.Current.Commit();
        }
        Assert.True(await deliveries.MoveNextAsync()); // there is room again for the fifth
        Assert.Null(await pushes[3]);
        Assert.Equal(4, _objects.Status.UnderWay);
    }
}
