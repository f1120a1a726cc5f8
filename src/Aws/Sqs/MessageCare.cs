using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Amazon.SQS.Model;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Aws.Sqs;

/// <summary>Looks after the messages that are worked on: keeps them hidden from others, deletes those that are done, releases or parks those that failed.</summary>
internal sealed class MessageCare(string source, SqsOptions options, SqsConnection queue, IQuarantine quarantine, SourceTally tally, TimeProvider time)
{
    private const int MostFailing = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, HeldMessage> _held = new(StringComparer.Ordinal);
    private readonly Channel<HeldMessage> _answered = Channel.CreateUnbounded<HeldMessage>(new() { SingleReader = true }); // bounded by the messages held
    private readonly ConcurrentDictionary<string, bool> _failing = new(StringComparer.Ordinal);
    private long _parked;

    /// <summary>Messages in quarantine since the start.</summary>
    public long Parked => Interlocked.Read(ref _parked);

    /// <summary>Messages that failed and will come again, as far as they are remembered.</summary>
    public long Failing => _failing.Count;

    /// <summary>True for a message that is worked on; its new reception replaces the old one.</summary>
    public bool IsHeld(Message message)
    {
        if (!_held.TryGetValue(message.MessageId, out var held)) return false;
        held.Receipt = message.ReceiptHandle;
        held.HiddenUntil = time.GetUtcNow() + options.Hidden;
        return true;
    }

    /// <param name="answers">How many answers it needs.</param>
    public HeldMessage Hold(Message message, int answers)
    {
        var received = int.TryParse(message.Attributes?.GetValueOrDefault("ApproximateReceiveCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
        var held = new HeldMessage(message.MessageId, message.ReceiptHandle, message.Body, received, answers, done => _answered.Writer.TryWrite(done))
        {
            HiddenUntil = time.GetUtcNow() + options.Hidden,
        };
        _held[held.Id] = held;
        return held;
    }

    /// <summary>Works until it is cancelled; what is answered by then is still told to the queue.</summary>
    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Wait(cancel);
            using var patience = new CancellationTokenSource(Connections.AwsConnections.Patience);
            await Settle(patience.Token);
            if (!cancel.IsCancellationRequested) await KeepHidden(patience.Token);
        }
    }

    private async Task Wait(CancellationToken cancel)
    {
        try
        {
            await _answered.Reader.WaitToReadAsync(cancel).AsTask().WaitAsync(options.Hidden / 4, time, cancel);
        }
        catch (Exception wake) when (wake is TimeoutException or OperationCanceledException)
        {
            // Both are times to look.
        }
    }

    /// <summary>Tells the queue what became of the messages that were answered.</summary>
    private async Task Settle(CancellationToken cancel)
    {
        while (true)
        {
            var done = new List<HeldMessage>();
            while (done.Count < SqsConnection.MostAtOnce && _answered.Reader.TryRead(out var message)) done.Add(message);
            if (done.Count == 0) return;
            var finished = new List<string>();
            foreach (var message in done)
            {
                if (await IsFinished(message, cancel)) finished.Add(message.Receipt);
                else await Try(() => queue.Hide([message.Receipt], PauseAfter(message.Received), cancel));
            }
            await Try(() => queue.Delete(finished, cancel));
            foreach (var message in done) _held.TryRemove(message.Id, out _);
        }
    }

    /// <summary>True where it need not come again: all was read, or it has failed too often and is in quarantine now.</summary>
    private async Task<bool> IsFinished(HeldMessage message, CancellationToken cancel)
    {
        if (message.Failure is not null && (message.Received < options.MostReceives || !await Park(message, cancel)))
        {
            if (_failing.Count < MostFailing) _failing[message.Id] = true;
            return false;
        }
        _failing.TryRemove(message.Id, out _);
        return true;
    }

    private async Task<bool> Park(HeldMessage message, CancellationToken cancel)
    {
        try
        {
            var reason = $"received {message.Received} times; {message.Failure}";
            await quarantine.Put([new(QuarantinedKind.Message, source, message.Id, 0, "", reason, Encoding.UTF8.GetBytes(message.Body))], cancel);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            tally.Trouble($"a message cannot be put into quarantine: {error.Message}");
            return false;
        }
        Interlocked.Increment(ref _parked);
        return true;
    }

    private async Task KeepHidden(CancellationToken cancel)
    {
        var soon = time.GetUtcNow() + (options.Hidden / 2);
        foreach (var some in _held.Values.Where(message => message.HiddenUntil < soon).Chunk(SqsConnection.MostAtOnce))
        {
            await Try(() => queue.Hide([.. some.Select(message => message.Receipt)], options.Hidden, cancel));
            foreach (var message in some) message.HiddenUntil = time.GetUtcNow() + options.Hidden;
        }
    }

    // What the queue is not told now comes again, and is known then.
    private async Task Try(Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            tally.Trouble(error.Message);
        }
    }

    private static TimeSpan PauseAfter(int received) => received > 10 ? LongestPause : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << (received - 1), LongestPause.Ticks));
}
