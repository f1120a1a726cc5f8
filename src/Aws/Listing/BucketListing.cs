using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Yagura.Aws.Connections;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Aws.Listing;

/// <param name="Location">The bucket, and what its keys start with before <c>AWSLogs/</c>.</param>
public sealed record BucketOptions(S3Location Location)
{
    public AwsAccess Access { get; init; } = AwsAccess.Own;

    public BucketLayout Layout { get; init; } = BucketLayout.AwsLogs;

    /// <summary>Time between two listings of the present day; default a minute.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Days before the present one that are listed again every hour, for logs that come late; default 2.</summary>
    public int Overlap { get; init; } = 2;

    /// <summary>The day from which on logs are read; null for those of the <see cref="Overlap"/>.</summary>
    public DateOnly? Since { get; init; }
}

/// <summary>Objects of a bucket, found by listing it again and again: the days that may still get logs, of every account and region that there are.</summary>
/// <remarks>There is no marker that a late object could come behind: what was read before is known by <see cref="ISettledObjects"/>. A listing costs one
/// request for each account, region, kind of log and day, and one for each 1,000 objects. An organization of hundreds of accounts is better read by a queue,
/// with a listing every hour or so as the net below it.</remarks>
public sealed class BucketListing : ILogSource
{
    /// <summary>Requests to S3 at a time.</summary>
    private const int AtATime = 8;

    private static readonly TimeSpan Discovery = TimeSpan.FromHours(1);

    private readonly BucketOptions _options;
    private readonly ISettledObjects _settled;
    private readonly S3Objects _objects;
    private readonly TimeProvider _time;
    private readonly Retries _retries;
    private readonly SourceTally _tally;

    public BucketListing(BucketOptions options, ISettledObjects settled, TimeProvider time) : this(options, settled, time, S3Connection.For(options.Access)) { }

    internal BucketListing(BucketOptions options, ISettledObjects settled, TimeProvider time, S3Connection connection)
    {
        (_options, _settled, _time, _retries, _tally) = (options, settled, time, new(time), new(time));
        _objects = new(options.Location, connection);
    }

    public string Name => _options.Location.ToString();

    public SourceStatus Status
    {
        get
        {
            var (failing, givenUp) = _retries.Counts;
            return _tally.Status(failing, givenUp);
        }
    }

    public async IAsyncEnumerable<ILogDelivery> Deliveries([EnumeratorCancellation] CancellationToken cancel = default)
    {
        var days = new DaySchedule(_options.Since, _options.Overlap);
        IReadOnlyList<LogStream> streams = [];
        DateTimeOffset? discovered = null;
        while (true)
        {
            var now = _time.GetUtcNow();
            var problems = new Problems();
            if (discovered is null || now - discovered >= Discovery)
            {
                streams = await LogStreams.Find(_objects, _options.Location.Prefix, _options.Layout, problems, cancel);
                discovered = problems.First is null && streams.Count > 0 ? now : null;
            }
            var due = days.Due(now);
            var prefixes = streams.SelectMany(stream => stream.IsByDay ? due.Select(stream.PrefixOf) : [stream.Prefix]);

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var found = Channel.CreateBounded<ILogDelivery>(ISettledObjects.MostAtOnce);
            var listing = List(prefixes, found.Writer, problems, stop.Token);
            try
            {
                await foreach (var delivery in found.Reader.ReadAllAsync(cancel)) yield return delivery;
            }
            finally
            {
                await stop.CancelAsync();
                await listing;
            }
            if (problems.First is null) days.Done(now, due);
            _tally.Trouble(problems.First);
            _retries.Forget();
            await Task.Delay(_options.Every, _time, cancel);
        }
    }

    private async Task List(IEnumerable<string> prefixes, ChannelWriter<ILogDelivery> found, Problems problems, CancellationToken cancel)
    {
        try
        {
            await Parallel.ForEachAsync(prefixes, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel }, async (prefix, token) =>
            {
                try
                {
                    await foreach (var some in _objects.List(prefix, after: null, token).Chunk(ISettledObjects.MostAtOnce, token))
                        foreach (var fresh in await _retries.Fresh(some, _settled, token)) await found.WriteAsync(new ListedDelivery(fresh, _objects.Open, _retries, _tally), token);
                }
                catch (IOException error)
                {
                    problems.Add(error.Message); // the other prefixes are listed, and this one the next time
                }
            });
            found.Complete();
        }
        catch (OperationCanceledException)
        {
            found.TryComplete();
        }
        catch (Exception error)
        {
            found.TryComplete(error);
        }
    }
}

/// <summary>What went wrong in one round; the first is told.</summary>
internal sealed class Problems
{
    private string? _first;

    public string? First => _first;

    public void Add(string problem) => Interlocked.CompareExchange(ref _first, problem, null);
}

internal static class Chunks
{
    /// <summary>What comes, some at a time; the last ones without waiting for more.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> Chunk<T>(this IAsyncEnumerable<T> items, int size, [EnumeratorCancellation] CancellationToken cancel)
    {
        var some = new List<T>(size);
        await foreach (var item in items.WithCancellation(cancel))
        {
            some.Add(item);
            if (some.Count < size) continue;
            yield return some;
            some = new(size);
        }
        if (some.Count > 0) yield return some;
    }
}
