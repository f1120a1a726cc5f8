using Yagura.Core.Ports;

namespace Yagura.Core.Collection;

/// <summary>Counts what becomes of a source's deliveries, and remembers what keeps new ones away. For any thread.</summary>
public sealed class SourceTally(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _committed, _underWay;
    private string? _problem;
    private DateTimeOffset? _since, _lastArrival;

    public void Arrived()
    {
        lock (_lock) (_underWay, _lastArrival) = (_underWay + 1, time.GetUtcNow());
    }

    public void Committed()
    {
        lock (_lock) (_underWay, _committed) = (_underWay - 1, _committed + 1);
    }

    public void Failed()
    {
        lock (_lock) _underWay--;
    }

    /// <param name="problem">Null once it works again.</param>
    public void Trouble(string? problem)
    {
        lock (_lock)
        {
            _since = problem is null ? null : _since ?? time.GetUtcNow();
            _problem = problem;
        }
    }

    public SourceStatus Status(long failing = 0, long givenUp = 0)
    {
        lock (_lock) return new(_committed, _underWay, failing, givenUp, _problem, _since, _lastArrival);
    }
}
