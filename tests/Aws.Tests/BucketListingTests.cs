using System.Collections.Concurrent;
using System.Text;
using Yagura.Aws.Connections;
using Yagura.Aws.Listing;
using Yagura.Core.Ports;
using Yagura.Tests;

namespace Yagura.Aws.Tests;

/// <summary>Against a real S3 implementation on loopback.</summary>
public sealed class BucketListingTests(Moto moto) : IClassFixture<Moto>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly SettledInMemory _settled = new();
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly BlockingCollection<ILogDelivery> _arrived = [];
    private readonly List<Task> _reading = [];
    private string _bucket = "";

    public async ValueTask InitializeAsync()
    {
        await moto.Start();
        _bucket = $"trail-logs-{TestContext.Current.Test!.TestCase.UniqueID[..12].ToLowerInvariant()}";
        await moto.Client.PutBucketAsync(_bucket);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading);
        _stop.Dispose();
        _arrived.Dispose();
    }

    private async Task<string> Put(string key, string text = "{}")
    {
        await moto.Client.PutObjectAsync(new() { BucketName = _bucket, Key = key, ContentBody = text });
        return $"s3://{_bucket}/{key}";
    }

    private BucketListing Start(string prefix = "", Func<BucketOptions, BucketOptions>? with = null, Uri? endpoint = null, TimeProvider? time = null)
    {
        var options = new BucketOptions(new(_bucket, prefix)) { Every = TimeSpan.FromMilliseconds(100) };
        var source = new BucketListing(
            with?.Invoke(options) ?? options, _settled, time ?? new StandingClock(Noon),
            S3Connection.For(Moto.AnyCredentials, Moto.ConfigFor(endpoint ?? moto.Endpoint), AwsConnections.Patience));
        _reading.Add(Task.Run(async () =>
        {
            try
            {
                await foreach (var delivery in source.Deliveries(_stop.Token)) _arrived.Add(delivery);
            }
            catch (OperationCanceledException)
            {
                // The end of the test.
            }
        }));
        return source;
    }

    /// <summary>Timers run, the date does not.</summary>
    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        private long _ticks;

        public override DateTimeOffset GetUtcNow() => now + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

        public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
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

    [Fact]
    public async Task Every_account_region_and_kind_of_log_is_found_in_the_days_that_count()
    {
        string[] expected =
        [
            await Put("p/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/a.json.gz"),
            await Put("p/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/25/d.json.gz"),
            await Put("p/AWSLogs/111122223333/vpcdnsquerylogs/vpc-0123456789abcdef0/2026/11/24/r.log.gz"),
            await Put("p/AWSLogs/o-exampleorg1/444455556666/CloudTrail/us-gov-west-1/2026/11/23/o.json.gz"),
            await Put("p/AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=11/day=25/hour=11/f.log.parquet"),
        ];
        await Put("p/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/20/too-old.json.gz");
        await Put("p/AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/11/25/not-read.log.gz");
        await Put("p/AWSLogs/readme.txt");
        await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/other-prefix.json.gz");
        Start("p/");
        Assert.Equal(expected.Order(StringComparer.Ordinal), expected.Select(_ => Next().Object.Name).Order(StringComparer.Ordinal));
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromMilliseconds(500)));
    }

    [Theory]
    [InlineData("AWSLogs/111122223333/")]
    [InlineData("AWSLogs/111122223333")]
    [InlineData("AWSLogs/")]
    public async Task A_prefix_may_go_down_to_one_account(string prefix)
    {
        var name = await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/a.json.gz");
        Start(prefix);
        Assert.Equal(name, Next().Object.Name);
    }

    [Fact]
    public async Task A_key_that_comes_late_and_before_the_others_is_found()
    {
        await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/b.json.gz");
        Start();
        Commit(Next());
        var late = await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/a.json.gz");
        Assert.Equal(late, Next().Object.Name);
    }

    [Fact]
    public async Task What_came_late_for_an_earlier_day_is_found_within_the_hour()
    {
        await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/b.json.gz");
        var clock = new StandingClock(Noon);
        Start(time: clock);
        Commit(Next());
        var late = await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/23/a.json.gz");
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromMilliseconds(500)));
        clock.Move(TimeSpan.FromHours(1));
        Assert.Equal(late, Next().Object.Name);
    }

    [Fact]
    public async Task What_is_committed_is_not_read_again_and_what_changed_is()
    {
        var key = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/a.json.gz";
        await Put(key);
        var source = Start();
        Commit(Next());
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromMilliseconds(500)));
        await Put(key, "other bytes");
        Commit(Next());
        Assert.Equal((2, 0), (source.Status.Committed, source.Status.UnderWay));
    }

    [Fact]
    public async Task A_slow_reader_is_not_given_more_than_a_thousand_or_two_ahead()
    {
        await Parallel.ForAsync(0, 2500, async (number, _) => await Put($"plain/{number:D4}"));
        var source = new BucketListing(
            new(new(_bucket, "plain/")) { Layout = BucketLayout.Everything }, _settled, TimeProvider.System,
            S3Connection.For(Moto.AnyCredentials, Moto.ConfigFor(moto.Endpoint), AwsConnections.Patience));
        await using var deliveries = source.Deliveries(_stop.Token).GetAsyncEnumerator();
        Assert.True(await deliveries.MoveNextAsync());
        await Task.Delay(1000);
        Assert.InRange(source.Status.UnderWay, 1000, 1010);
    }

    [Fact]
    public async Task Access_logs_are_listed_by_the_day_in_their_names()
    {
        var name = await Put("access/2026-11-25-11-55-01-0123456789ABCDEF");
        await Put("access/2026-11-01-11-55-01-0123456789ABCDEF");
        Start("access/", options => options with { Layout = BucketLayout.AccessLogs });
        Assert.Equal(name, Next().Object.Name);
        Assert.False(_arrived.TryTake(out _, TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task Half_an_object_goes_on_and_a_listing_that_answers_503_is_tried_again()
    {
        var bytes = new string('x', 200_000);
        await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/a.json.gz", bytes);
        var broken = true;
        await using var server = new Loopback((client, cancel) => Volatile.Read(ref broken)
            ? Loopback.Refuse(client, "503 Slow Down", cancel)
            : Loopback.Pass(client, 90_000, moto.Endpoint, cancel)); // every connection breaks in the middle of the object
        var source = Start(endpoint: server.Endpoint);
        while (source.Status.Problem is null) await Task.Delay(20);
        Assert.Contains("S3 answered 503", source.Status.Problem, StringComparison.Ordinal);
        Volatile.Write(ref broken, false);
        var delivery = Next();
        await using var stream = await delivery.Open();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Assert.Equal(bytes, await reader.ReadToEndAsync());
        Commit(delivery);
        while (source.Status.Problem is not null) await Task.Delay(20);
    }

    [Fact]
    public async Task An_object_that_changes_under_the_reader_fails_and_its_new_version_is_read()
    {
        var key = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/a.json.gz";
        await Put(key);
        Start();
        var before = Next();
        await Put(key, "other bytes");
        var error = await Assert.ThrowsAsync<IOException>(() => before.Open());
        Assert.EndsWith("the object was overwritten since it was listed", error.Message, StringComparison.Ordinal);
        Assert.True(before.Fail(error.Message));
        var after = Next();
        Assert.NotEqual(before.Object.Version, after.Object.Version);
        await using var stream = await after.Open();
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_yet_is_read_once_it_is()
    {
        _bucket += "-later";
        var source = Start();
        while (source.Status.Problem is null) await Task.Delay(20);
        Assert.EndsWith("the bucket does not exist", source.Status.Problem, StringComparison.Ordinal);
        await moto.Client.PutBucketAsync(_bucket);
        var name = await Put("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/a.json.gz");
        Assert.Equal(name, Next().Object.Name);
    }
}
