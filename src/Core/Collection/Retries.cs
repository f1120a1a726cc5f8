using Yagura.Core.Ports;

namespace Yagura.Core.Collection;

/// <summary>Which objects of a source are under way and which failed, so that listing the same place again and again delivers each at its time.</summary>
/// <remarks>Objects that cannot be read are tried again after 1 s, 2 s, 4 s … and then every hour, for as long as they are listed: a permission that was
/// missing may be given. For any thread.</remarks>
public sealed class Retries(TimeProvider time)
{
    /// <summary>Tries after which an object counts as missing.</summary>
    public const int PatientTries = 6;

    /// <summary>Most failed objects that are remembered. Those beyond are tried again whenever they are listed.</summary>
    public const int MostFailing = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Failure> _failures = new(StringComparer.Ordinal);

    private readonly record struct Failure(string? Version, int Tries, DateTimeOffset Next);

    /// <summary>Failed objects: those tried again soon, and those given up for now.</summary>
    public (long Failing, long GivenUp) Counts
    {
        get
        {
            lock (_lock)
            {
                var givenUp = _failures.Values.Count(failure => failure.Tries >= PatientTries);
                return (_failures.Count - givenUp, givenUp);
            }
        }
    }

    /// <summary>Of the objects that were listed, those that are to be delivered now; they are under way then.</summary>
    /// <exception cref="IOException">The memory of what is settled cannot be asked.</exception>
    public async Task<IReadOnlyList<LogObjectReference>> Fresh(IEnumerable<LogObjectReference> listed, ISettledObjects settled, CancellationToken cancel)
    {
        // First under way, then asked: an object that is committed in between is not delivered twice.
        var begun = listed.Where(reference => Begin(reference.Name, reference.Version)).ToList();
        if (begun.Count == 0) return [];
        IReadOnlyList<LogObjectReference> fresh = [];
        try
        {
            fresh = await settled.Unsettled(begun, cancel);
        }
        finally
        {
            foreach (var known in begun.Except(fresh)) Settle(known.Name); // where it could not be told, it is listed again
        }
        return fresh;
    }

    /// <summary>Takes an object under way; it has to be settled or failed.</summary>
    /// <returns>False while it is under way already, or not yet to be tried again. A new version of an object that failed is tried at once.</returns>
    public bool Begin(string name, string? version)
    {
        lock (_lock)
        {
            if (_failures.TryGetValue(name, out var failure) && failure.Version == version && time.GetUtcNow() < failure.Next) return false;
            return _underWay.Add(name);
        }
    }

    public void Settle(string name)
    {
        lock (_lock)
        {
            _underWay.Remove(name);
            _failures.Remove(name);
        }
    }

    /// <returns>False where it counts as missing now.</returns>
    public bool Fail(string name, string? version)
    {
        lock (_lock)
        {
            _underWay.Remove(name);
            var tries = _failures.TryGetValue(name, out var before) && before.Version == version ? before.Tries + 1 : 1;
            if (_failures.Count < MostFailing || _failures.ContainsKey(name)) _failures[name] = new(version, tries, time.GetUtcNow() + PauseAfter(tries));
            return tries < PatientTries;
        }
    }

    /// <summary>Forgets failed objects that have not been tried for two of the longest pauses: they are not listed any more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            var old = time.GetUtcNow() - (2 * LongestPause);
            foreach (var (name, _) in _failures.Where(failure => failure.Value.Next < old && !_underWay.Contains(failure.Key)).ToList()) _failures.Remove(name);
        }
    }

    private static TimeSpan PauseAfter(int tries) => tries > 12 ? LongestPause : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << (tries - 1), LongestPause.Ticks));
}
