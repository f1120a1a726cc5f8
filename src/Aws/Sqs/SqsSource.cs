using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Amazon.SQS.Model;
using Yagura.Aws.Connections;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Aws.Sqs;

/// <param name="Queue">The queue's URL: <c>https://sqs.eu-west-1.amazonaws.com/111122223333/trail-logs</c>.</param>
/// <param name="Buckets">The buckets that messages may name; empty for any. A queue that others may write to should not choose what is read.</param>
public sealed record SqsOptions(string Queue, IReadOnlyList<string> Buckets)
{
    /// <summary>With whose rights the queue and the buckets are read.</summary>
    public AwsAccess Access { get; init; } = AwsAccess.Own;

    /// <summary>Receptions after which a message that fails is parked in quarantine; default 5.</summary>
    public int MostReceives { get; init; } = 5;

    /// <summary>How long a message that is worked on stays hidden from others, before that is put off again; default 2 minutes, at least 3 s.</summary>
    public TimeSpan Hidden { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Objects in S3 that a queue tells of. A message is deleted when all objects that it names are committed.</summary>
/// <remarks>A message that fails becomes visible again after a pause that grows; after <see cref="SqsOptions.MostReceives"/> receptions it goes to
/// quarantine. A queue with a redrive policy of its own should allow more.</remarks>
public sealed class SqsSource : ILogSource
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    private readonly SqsOptions _options;
    private readonly ISettledObjects _settled;
    private readonly SqsConnection _queue;
    private readonly S3Connection _s3;
    private readonly TimeProvider _time;
    private readonly SourceTally _tally;
    private readonly MessageCare _care;
    private readonly ConcurrentDictionary<string, S3Objects> _buckets = new(StringComparer.Ordinal);

    public SqsSource(SqsOptions options, ISettledObjects settled, IQuarantine quarantine, TimeProvider time)
        : this(options, settled, quarantine, time, SqsConnection.For(options.Queue, options.Access), S3Connection.For(options.Access)) { }

    internal SqsSource(SqsOptions options, ISettledObjects settled, IQuarantine quarantine, TimeProvider time, SqsConnection queue, S3Connection s3)
    {
        (_options, _settled, _queue, _s3, _time, _tally) = (options, settled, queue, s3, time, new(time));
        _care = new(Name, options, queue, quarantine, _tally, time);
    }

    public string Name => $"sqs:{_options.Queue}";

    public SourceStatus Status => _tally.Status(_care.Failing, _care.Parked);

    public async IAsyncEnumerable<ILogDelivery> Deliveries([EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var caring = _care.Run(stop.Token);
        try
        {
            while (true)
            {
                foreach (var message in await Receive(cancel))
                    foreach (var delivery in await Open(message, cancel)) yield return delivery;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await caring;
        }
    }

    /// <summary>The next messages, at most ten; waits until there are some.</summary>
    private async Task<IReadOnlyList<Message>> Receive(CancellationToken cancel)
    {
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var messages = await _queue.Receive(_options.Hidden, cancel);
                _tally.Trouble(null);
                return messages;
            }
            catch (IOException error)
            {
                _tally.Trouble(error.Message);
                await Task.Delay(pause, _time, cancel);
            }
        }
    }

    private async Task<IReadOnlyList<ILogDelivery>> Open(Message message, CancellationToken cancel)
    {
        if (_care.IsHeld(message)) return []; // it came again while it is worked on
        var notification = S3Notification.Parse(message.Body);
        var problem = notification.Problem;
        var named = new List<LogObjectReference>();
        foreach (var arrival in notification.Objects)
        {
            if (_options.Buckets.Count > 0 && !_options.Buckets.Contains(arrival.Bucket, StringComparer.Ordinal)) problem ??= "it names a bucket that this source may not read";
            else if (!S3Location.IsBucketName(arrival.Bucket)) problem ??= "it names no bucket";
            else if (arrival.Size != 0 || !arrival.Key.EndsWith('/')) named.Add(new(new S3Location(arrival.Bucket, "").NameOf(arrival.Key), arrival.Size, arrival.ETag, arrival.Time));
        }
        var fresh = new List<LogObjectReference>();
        try
        {
            foreach (var some in named.Distinct().Chunk(ISettledObjects.MostAtOnce)) fresh.AddRange(await _settled.Unsettled(some, cancel));
        }
        catch (IOException error)
        {
            _tally.Trouble(error.Message); // the message comes again when it is visible again
            return [];
        }
        var held = _care.Hold(message, fresh.Count + 1);
        var deliveries = fresh.ConvertAll(reference => (ILogDelivery)new MessageDelivery(reference, held, OpenObject, _tally, _options.MostReceives));
        held.Answer(problem); // the message itself counts as one: it may name nothing
        return deliveries;
    }

    private Task<Stream> OpenObject(LogObjectReference reference, CancellationToken cancel)
    {
        var bucket = S3Location.Parse(reference.Name).Bucket;
        return _buckets.GetOrAdd(bucket, name => new S3Objects(new(name, ""), _s3)).Open(reference, cancel);
    }
}
