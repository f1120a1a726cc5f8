using System.Text.Json.Serialization;
using Yagura.Core.Ports;
using Yagura.Logs;

namespace Yagura.Engine.Ledger;

/// <summary>What became of one object; every record in it is in exactly one of the counts.</summary>
/// <param name="Identity">Hash of the stored bytes, 32 hex digits: two objects with one identity are one object delivered twice.</param>
/// <param name="Stored">Bytes as they lie in storage.</param>
/// <param name="Bytes">Bytes after decompression.</param>
/// <param name="Failure">Why reading stopped before the object's end; null when it was read whole.</param>
public sealed record ObjectEntry(
    string Name, string Identity, ObjectState State, long Stored, long Bytes, IReadOnlyList<RecordCounts> Records,
    DateTimeOffset? First, DateTimeOffset? Last, string? Failure)
{
    /// <summary>What was shown to the detectors, by whose it is.</summary>
    /// <remarks>The journal does not keep it: the ledger takes it in when the object is committed, and an object that a crash kept from it is read again.</remarks>
    [JsonIgnore]
    public IReadOnlyList<UsageEntry> Usage { get; init; } = [];
}

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
    /// <summary>Reasons told apart; the rarer ones are counted together, for a hostile log could make up any number of them.</summary>
    public const int MostReasons = 50;

    internal const string OtherReasons = "other reasons";

    /// <summary>The quarantined records by reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    public long Total => Analysed + Quarantined + Skipped.Values.Sum();

    public static IReadOnlyList<RecordCounts> Sum(IEnumerable<RecordCounts> counts) =>
    [
        .. counts.GroupBy(c => c.LogType).OrderBy(g => g.Key).Select(g => new RecordCounts(
            g.Key, g.Sum(c => c.Analysed), g.Sum(c => c.Late), g.Sum(c => c.Quarantined),
            g.SelectMany(c => c.Skipped).GroupBy(s => s.Key, StringComparer.Ordinal).OrderBy(s => s.Key, StringComparer.Ordinal)
                .ToDictionary(s => s.Key, s => s.Sum(v => v.Value), StringComparer.Ordinal))
        {
            Reasons = Most(g.SelectMany(c => c.Reasons)),
        }),
    ];

    /// <summary>Sums by reason, the commonest <see cref="MostReasons"/> by name.</summary>
    internal static IReadOnlyDictionary<string, long> Most(IEnumerable<KeyValuePair<string, long>> reasons)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (reason, count) in reasons) sums[reason] = sums.GetValueOrDefault(reason) + count;
        if (sums.Count <= MostReasons) return sums;
        var other = sums.GetValueOrDefault(OtherReasons);
        sums.Remove(OtherReasons);
        var ordered = sums.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).ToList();
        var most = ordered.Take(MostReasons - 1).ToDictionary(StringComparer.Ordinal);
        most[OtherReasons] = other + ordered.Skip(MostReasons - 1).Sum(s => s.Value);
        return most;
    }
}
