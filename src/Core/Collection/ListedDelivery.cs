using Yagura.Core.Ports;

namespace Yagura.Core.Collection;

/// <summary>The delivery of an object that was found by listing: what is not committed is found again.</summary>
public sealed class ListedDelivery : ILogDelivery
{
    private readonly Func<LogObjectReference, CancellationToken, Task<Stream>> _open;
    private readonly Retries _retries;
    private readonly SourceTally _tally;

    /// <param name="reference">Under way by <see cref="Retries.Fresh"/>.</param>
    public ListedDelivery(LogObjectReference reference, Func<LogObjectReference, CancellationToken, Task<Stream>> open, Retries retries, SourceTally tally)
    {
        (Object, _open, _retries, _tally) = (reference, open, retries, tally);
        tally.Arrived();
    }

    public LogObjectReference Object { get; }

    public Task<Stream> Open(CancellationToken cancel = default) => _open(Object, cancel);

    public void Commit()
    {
        _retries.Settle(Object.Name);
        _tally.Committed();
    }

    public bool Fail(string reason)
    {
        _tally.Failed();
        return _retries.Fail(Object.Name, Object.Version);
    }
}
