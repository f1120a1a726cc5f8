namespace Yagura.Core.Ports;

/// <summary>The account of every object and record: what came, what became of it, what should have come and did not.</summary>
/// <remarks>Fails with <see cref="IOException"/> where it cannot be read or written now.</remarks>
public interface ILedger : ISettledObjects
{
    /// <summary>Writes what is known of some objects, in one transaction; durable when it ends. What is written again changes nothing.</summary>
    /// <remarks>An object that is settled (<see cref="LedgerStateExtensions.IsSettled"/>) stays so. One that is missing without a version is forgotten when a
    /// version of it comes. A duplicate of bytes that no other object here has counts as applied: its first delivery was cut off between the engine's
    /// commit and this one.</remarks>
    Task Record(IReadOnlyList<LedgerEntry> entries, CancellationToken cancel = default);

    /// <summary>Objects in the order in which they last changed, newest first.</summary>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="most">1 to 1,000.</param>
    Task<IReadOnlyList<LedgerEntry>> Objects(LedgerQuery query, LedgerPlace? after, int most, CancellationToken cancel = default);

    /// <summary>What is known of one object, in each of its versions.</summary>
    Task<IReadOnlyList<LedgerEntry>> Find(string name, CancellationToken cancel = default);

    /// <summary>Sums by source, account, region, log type and hour, in that order; at most <paramref name="most"/>, of the newest hours.</summary>
    Task<IReadOnlyList<LedgerHour>> Hours(LedgerQuery query, int most, CancellationToken cancel = default);

    /// <summary>Every stream with its rhythm.</summary>
    Task<IReadOnlyList<LedgerStream>> Streams(CancellationToken cancel = default);

    /// <summary>Forgets settled objects that have not changed since a time. Their hours and what they used stay.</summary>
    /// <returns>How many.</returns>
    Task<long> Prune(DateTimeOffset before, CancellationToken cancel = default);

    /// <summary>Holds the sums against the objects.</summary>
    /// <returns>Each difference, in a sentence; empty where they agree. Hours and days of which objects were pruned are left out.</returns>
    Task<IReadOnlyList<string>> Verify(CancellationToken cancel = default);
}

public enum LedgerState
{
    /// <summary>Known to be there.</summary>
    Discovered,
    /// <summary>Being read.</summary>
    Reading,
    /// <summary>Its records took part in detection.</summary>
    Applied,
    /// <summary>Applied after the windows of its time were closed.</summary>
    Late,
    /// <summary>The same bytes were applied under another name.</summary>
    Duplicate,
    /// <summary>Nothing in it could be read.</summary>
    Quarantined,
    /// <summary>It should be there and cannot be had.</summary>
    Missing,
}

public static class LedgerStateExtensions
{
    /// <summary>True where the object need not be read again.</summary>
    public static bool IsSettled(this LedgerState state) => state is LedgerState.Applied or LedgerState.Late or LedgerState.Duplicate or LedgerState.Quarantined;
}

/// <summary>What logs of one kind come from one account and region by one source.</summary>
/// <param name="Account">12 digits; empty where unknown, as the others.</param>
/// <param name="LogType">Such as <c>CloudTrail</c>.</param>
public readonly record struct StreamKey(string Source, string Account, string Region, string LogType);

/// <summary>What became of the records of one log type.</summary>
/// <param name="Skipped">Well-formed, with nothing to analyse.</param>
public readonly record struct RecordTally(long Applied, long Late, long Duplicate, long Quarantined, long Skipped)
{
    public static RecordTally operator +(RecordTally one, RecordTally other) => new(
        one.Applied + other.Applied, one.Late + other.Late, one.Duplicate + other.Duplicate, one.Quarantined + other.Quarantined, one.Skipped + other.Skipped);

    public static RecordTally operator -(RecordTally one, RecordTally other) => one + new RecordTally(-other.Applied, -other.Late, -other.Duplicate, -other.Quarantined, -other.Skipped);
}

/// <summary>One object.</summary>
/// <param name="Name">As in <see cref="LogObjectReference"/>, as the version.</param>
/// <param name="Version">Empty where none is known.</param>
/// <param name="Hour">The hour that the object counts in: of its name, else of its first record, else of its delivery.</param>
/// <param name="Changed">When this state was reached.</param>
public sealed record LedgerEntry(StreamKey Stream, string Name, string Version, LedgerState State, DateTimeOffset Hour, DateTimeOffset Changed)
{
    /// <summary>Stored bytes; 0 where unknown.</summary>
    public long Size { get; init; }

    /// <summary>When the object was written to where it lies; null where unknown.</summary>
    public DateTimeOffset? Written { get; init; }

    /// <summary>Hash of the stored bytes; empty until they are read.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Why it is quarantined or missing; else empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Its records by log type.</summary>
    public IReadOnlyDictionary<string, RecordTally> Records { get; init; } = new Dictionary<string, RecordTally>(StringComparer.Ordinal);

    /// <summary>What of it was shown to the detectors; counts as used on the day of <see cref="Changed"/> while the object is applied or late. Names without white space.</summary>
    public IReadOnlyList<UsageEntry> Usage { get; init; } = [];
}

/// <summary>The last entry of a page.</summary>
public sealed record LedgerPlace(DateTimeOffset Changed, string Name, string Version)
{
    public static LedgerPlace Of(LedgerEntry entry) => new(entry.Changed, entry.Name, entry.Version);
}

/// <summary>What is asked for; null asks for all.</summary>
public sealed record LedgerQuery
{
    public string? Source { get; init; }
    public string? Account { get; init; }
    public string? Region { get; init; }
    public string? LogType { get; init; }
    public LedgerState? State { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What became of the objects and records of one hour of a stream.</summary>
/// <param name="Objects">By <see cref="LedgerState"/>, seven numbers.</param>
public sealed record LedgerHour(StreamKey Stream, DateTimeOffset Hour, IReadOnlyList<long> Objects, RecordTally Records);

/// <summary>How a stream arrives.</summary>
/// <param name="LastWritten">When its newest object was written.</param>
/// <param name="Rhythm">The pauses between its objects, as <see cref="Collection.Rhythm"/> keeps them.</param>
/// <param name="Lag">From the writing of an object to its commit, of late (a mean that forgets).</param>
/// <param name="UsualLag">The same over a longer time.</param>
public sealed record LedgerStream(StreamKey Stream, DateTimeOffset LastWritten, Collection.Rhythm Rhythm, TimeSpan Lag, TimeSpan UsualLag);
