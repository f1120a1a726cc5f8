using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Amazon.SQS;
using Yagura.Aws.Connections;
using Yagura.Aws.Sqs;
using Yagura.Core.Ports;
using Yagura.Tests;

namespace Yagura.Aws.Tests;

/// <summary>Against real implementations of SQS and S3 on loopback.</summary>
public sealed class SqsSourceTests(Moto moto) : IClassFixture<Moto>, IAsyncLifetime
{
    private readonly SettledInMemory _settled = new();
    private readonly QuarantineInMemory _quarantine = new();
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly BlockingCollection<ILogDelivery> _arrived = [];
    private AmazonSQSClient _sqs = null!;
    private Task _reading = Task.CompletedTask;
    private string _bucket = "", _queue = "";

    public async ValueTask InitializeAsync()
    {
        await moto.Start();
        _sqs = new(Moto.AnyCredentials, Config(moto.Endpoint));
        _bucket = $"trail-logs-{TestContext.Current.Test!.TestCase.UniqueID[..12].ToLowerInvariant()}";
        await moto.Client.PutBucketAsync(_bucket);
        _queue = (await _sqs.CreateQueueAsync(_bucket)).QueueUrl;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
        _arrived.Dispose();
        _sqs?.Dispose();
    }

    private static AmazonSQSConfig Config(Uri endpoint) => new() { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1" };

    private SqsSource Start(Func<SqsOptions, SqsOptions>? with = null, Uri? sqs = null, Uri? s3 = null)
    {
        var options = new SqsOptions(_queue, [_bucket]) { Hidden = TimeSpan.FromSeconds(30) };
        var source = new SqsSource(
            with?.Invoke(options) ?? options, _settled, _quarantine, TimeProvider.System,
            SqsConnection.For(_queue, Moto.AnyCredentials, Config(sqs ?? moto.Endpoint)),
            S3Connection.For(Moto.AnyCredentials, Moto.ConfigFor(s3 ?? moto.Endpoint), AwsConnections.Patience));
        _reading = Task.Run(async () =>
        {
            try
            {
                await foreach (var delivery in source.Deliveries(_stop.Token)) _arrived.Add(delivery);
            }
            catch (OperationCanceledException)
            {
                // The end of the test.
            }
        });
        return source;
    }

    private async Task Stop()
    {
        await _stop.CancelAsync();
        await _reading;
    }

    private async Task Tell(params string[] keys)
    {
        var records = new List<string>();
        foreach (var key in keys)
        {
            var put = await moto.Client.PutObjectAsync(new() { BucketName = _bucket, Key = key, ContentBody = $"bytes of {key}" });
            var stored = $$"""{ "key": "{{Uri.EscapeDataString(key)}}", "size": {{9 + key.Length}}, "eTag": {{JsonSerializer.Serialize(put.ETag)}} }""";
            records.Add($$"""{ "eventName": "ObjectCreated:Put", "s3": { "bucket": { "name": "{{_bucket}}" }, "object": {{stored}} } }""");
        }
        await _sqs.SendMessageAsync(_queue, $$"""{"Records":[{{string.Join(',', records)}}]}""");
    }

    private ILogDelivery Next()
    {
        Assert.True(_arrived.TryTake(out var next, TimeSpan.FromSeconds(30)), "nothing arrived");
        return next;
    }

    private void Commit(ILogDelivery delivery)
    {
        _settled.Settle(delivery.Object);
        delivery.Commit();
    }

    private async Task<(int Visible, int Hidden)> Queued()
    {
        var told = await _sqs.GetQueueAttributesAsync(_queue, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]);
        return (told.ApproximateNumberOfMessages, told.ApproximateNumberOfMessagesNotVisible);
    }

    private async Task UntilQueued(int visible, int hidden)
    {
        (int, int) last = default;
        for (var tries = 0; tries < 600; tries++, await Task.Delay(50))
            if ((last = await Queued()) == (visible, hidden)) return;
        Assert.Equal((visible, hidden), last);
    }

    private static async Task<string> TextOf(ILogDelivery delivery)
    {
        await using var stream = await delivery.Open();
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    [Fact]
    public async Task A_message_is_deleted_when_all_its_objects_are_committed_and_not_before()
    {
        await Tell("AWSLogs/one.gz", "AWSLogs/with space+plus.gz");
        var source = Start();
        var (first, second) = (Next(), Next());
        Assert.Equal("bytes of AWSLogs/one.gz", await TextOf(first));
        Assert.Equal("bytes of AWSLogs/with space+plus.gz", await TextOf(second));
        Commit(second);
        await Task.Delay(300);
        await UntilQueued(0, 1);
        Commit(first);
        await UntilQueued(0, 0);
        Assert.Equal((2, 0, null), (source.Status.Committed, source.Status.UnderWay, source.Status.Problem));
    }

    [Fact]
    public async Task A_message_that_is_worked_on_for_long_stays_hidden()
    {
        await Tell("slow");
        Start(options => options with { Hidden = TimeSpan.FromSeconds(4) });
        var slow = Next();
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromSeconds(7)));
        Assert.Equal((0, 1), await Queued());
        Commit(slow);
        await UntilQueued(0, 0);
    }

    [Fact]
    public async Task What_was_committed_before_is_not_read_again_when_its_message_comes_again()
    {
        await Tell("a", "b");
        var source = Start();
        var (a, b) = (Next(), Next());
        Commit(a);
        Assert.True(b.Fail("half an object")); // visible again after five seconds
        var again = Next();
        Assert.Equal(b.Object, again.Object);
        Commit(again);
        await UntilQueued(0, 0);
        Assert.Equal((2, 0), (source.Status.Committed, source.Status.Failing));
    }

    [Fact]
    public async Task A_test_event_and_a_removal_are_deleted_and_nothing_is_read()
    {
        await _sqs.SendMessageAsync(_queue, """{"Service":"Amazon S3","Event":"s3:TestEvent"}""");
        await _sqs.SendMessageAsync(_queue, """{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{}}]}""");
        Start();
        await UntilQueued(0, 0);
        Assert.Empty(_arrived);
        Assert.Empty(_quarantine.Items);
    }

    [Theory]
    [InlineData("poison", "received 2 times; the message cannot be understood: it is not JSON")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"somebody-elses"},"object":{"key":"k"}}}]}""", "received 2 times; it names a bucket that this source may not read")]
    public async Task A_message_that_cannot_be_used_is_parked_with_its_bytes_after_some_receptions(string body, string reason)
    {
        await _sqs.SendMessageAsync(_queue, body);
        var source = Start(options => options with { MostReceives = 2 });
        await UntilQueued(0, 0);
        var parked = Assert.Single(_quarantine.Items);
        Assert.Equal((QuarantinedKind.Message, source.Name, reason), (parked.Kind, parked.Source, parked.Reason));
        Assert.Equal(body, Encoding.UTF8.GetString(parked.Bytes.Span));
        Assert.Equal((1, 0), (source.Status.GivenUp, source.Status.Failing));
    }

    [Fact]
    public async Task An_object_that_is_gone_or_was_overwritten_fails_with_the_reason()
    {
        await Tell("gone", "changed");
        await moto.Client.DeleteObjectAsync(_bucket, "gone");
        await moto.Client.PutObjectAsync(new() { BucketName = _bucket, Key = "changed", ContentBody = "other bytes" });
        Start(options => options with { MostReceives = 1 });
        var (gone, changed) = (Next(), Next());
        var first = await Assert.ThrowsAsync<IOException>(() => gone.Open());
        var second = await Assert.ThrowsAsync<IOException>(() => changed.Open());
        Assert.EndsWith("the object is gone since it was listed", first.Message, StringComparison.Ordinal);
        Assert.EndsWith("the object was overwritten since it was listed", second.Message, StringComparison.Ordinal);
        Assert.False(gone.Fail(first.Message));
        Assert.False(changed.Fail(second.Message));
        await UntilQueued(0, 0);
        Assert.Single(_quarantine.Items);
    }

    [Fact]
    public async Task A_message_that_cannot_be_parked_stays_in_the_queue()
    {
        await _sqs.SendMessageAsync(_queue, "poison");
        _quarantine.IsFull = true;
        var source = Start(options => options with { MostReceives = 1 });
        while (source.Status.Failing == 0) await Task.Delay(20);
        Assert.Equal((0, 1), await Queued());
    }

    [Fact]
    public async Task A_queue_that_answers_503_is_a_problem_until_it_works_again()
    {
        await Tell("a");
        var broken = true;
        await using var server = new Loopback((client, cancel) => Volatile.Read(ref broken)
            ? Loopback.Refuse(client, "503 Service Unavailable", cancel)
            : Loopback.Pass(client, int.MaxValue, moto.Endpoint, cancel));
        var source = Start(sqs: server.Endpoint);
        while (source.Status.Problem is null) await Task.Delay(20);
        Assert.EndsWith("SQS answered 503 (ServiceUnavailable)", source.Status.Problem, StringComparison.Ordinal);
        Volatile.Write(ref broken, false);
        Commit(Next());
        await UntilQueued(0, 0);
        Assert.Null(source.Status.Problem);
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_named()
    {
        _queue += "-missing";
        var source = Start();
        while (source.Status.Problem is null) await Task.Delay(20);
        Assert.Equal($"{_queue}: the queue does not exist", source.Status.Problem);
    }

    [Fact]
    public async Task When_it_stops_what_was_answered_is_still_told_to_the_queue()
    {
        await Tell("a");
        Start();
        Commit(Next());
        await Stop();
        Assert.Equal((0, 0), await Queued());
    }

    [Fact]
    public async Task Many_messages_are_all_delivered_once_and_deleted()
    {
        await Parallel.ForAsync(0, 100, async (number, _) => await Tell($"many/{number}"));
        Start();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < 100; number++)
        {
            var delivery = Next();
            Assert.True(names.Add(delivery.Object.Name));
            Commit(delivery);
        }
        await UntilQueued(0, 0);
    }
}
