using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Aws.Sqs;

/// <summary>A message that was received and is not answered: it is when all objects that it names are.</summary>
/// <param name="received">How often it was received, this time included.</param>
/// <param name="objects">How many of its objects are to be read.</param>
/// <param name="answered">Called once, when the last of them was.</param>
internal sealed class HeldMessage(string id, string receipt, string body, int received, int objects, Action<HeldMessage> answered)
{
    private int _open = objects;

    public string Id => id;

    public string Body => body;

    public int Received => received;

    /// <summary>The handle by which the queue knows this reception; the newest one counts.</summary>
    public string Receipt { get; set; } = receipt;

    /// <summary>When it becomes visible to others unless that is put off.</summary>
    public DateTimeOffset HiddenUntil { get; set; }

    /// <summary>Why one of its objects could not be read; null where all could.</summary>
    public string? Failure { get; private set; }

    public void Answer(string? failure)
    {
        Failure ??= failure;
        if (Interlocked.Decrement(ref _open) <= 0) answered(this);
    }
}

/// <summary>One object that a message names.</summary>
internal sealed class MessageDelivery : ILogDelivery
{
    private readonly HeldMessage _message;
    private readonly Func<LogObjectReference, CancellationToken, Task<Stream>> _open;
    private readonly SourceTally _tally;
    private readonly int _mostReceives;

    public MessageDelivery(
        LogObjectReference reference, HeldMessage message, Func<LogObjectReference, CancellationToken, Task<Stream>> open, SourceTally tally, int mostReceives)
    {
        (Object, _message, _open, _tally, _mostReceives) = (reference, message, open, tally, mostReceives);
        tally.Arrived();
    }

    public LogObjectReference Object { get; }

    public Task<Stream> Open(CancellationToken cancel = default) => _open(Object, cancel);

    public void Commit()
    {
        _tally.Committed();
        _message.Answer(failure: null);
    }

    public bool Fail(string reason)
    {
        _tally.Failed();
        _message.Answer(reason);
        return _message.Received < _mostReceives;
    }
}
