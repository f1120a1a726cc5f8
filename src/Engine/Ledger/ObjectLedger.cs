using Yagura.Logs;

namespace Yagura.Engine.Ledger;

/// <summary>What became of one object; every record in it is in exactly one of the counts.</summary>
/// <param name="Identity">Hash of the stored bytes, 32 hex digits: two objects with one identity are one object delivered twice.</param>
/// <param name="Stored">Bytes as they lie in storage.</param>
/// <param name="Bytes">Bytes after decompression.</param>
/// <param name="Failure">Why reading stopped before the object's end; null when it was read whole.</param>
public sealed record ObjectEntry(
    string Name, string Identity, ObjectState State, long Stored, long Bytes, IReadOnlyList<RecordCounts> Records,
    DateTimeOffset? First, DateTimeOffset? Last, string? Failure);

public enum ObjectState
{
    /// <summary>Its records took part in detection.</summary>
    Applied,
    /// <summary>The same bytes were applied in this scan already.</summary>
    Duplicate,
    /// <summary>The same bytes were applied in an earlier scan with this state folder.</summary>
    Known,
    /// <summary>Nothing in it could be read; the reason is the failure or in quarantine.</summary>
    Quarantined,
}

/// <summary>Counts of one log type within an object or a scan.</summary>
/// <param name="Analysed">Records shown to the detectors.</param>
/// <param name="Late">Of those, records of objects that lie wholly before what earlier scans had seen, by more than windows wait for.</param>
/// <param name="Skipped">Well-formed records with nothing to analyse, by reason.</param>
public sealed record RecordCounts(LogType LogType, long Analysed, long Late, long Quarantined, IReadOnlyDictionary<string, long> Skipped)
{
    public long Total => Analysed + Quarantined + Skipped.Values.Sum();

    public static IReadOnlyList<RecordCounts> Sum(IEnumerable<RecordCounts> counts) =>
    [
        .. counts.GroupBy(c => c.LogType).OrderBy(g => g.Key).Select(g => new RecordCounts(
            g.Key, g.Sum(c => c.Analysed), g.Sum(c => c.Late), g.Sum(c => c.Quarantined),
            g.SelectMany(c => c.Skipped).GroupBy(s => s.Key, StringComparer.Ordinal).OrderBy(s => s.Key, StringComparer.Ordinal)
                .ToDictionary(s => s.Key, s => s.Sum(v => v.Value), StringComparer.Ordinal))),
    ];
}
