using Yagura.Core.Collection;
using Yagura.Core.Ports;
using Yagura.Logs;

namespace Yagura.Engine.Ledger;

/// <summary>What the ledger says of objects as they go through the engine.</summary>
public static class LedgerEntries
{
    /// <summary>An object that is not read yet, or cannot be.</summary>
    /// <param name="reason">Why it is missing; empty otherwise.</param>
    public static LedgerEntry Of(string source, LogObjectReference reference, LedgerState state, DateTimeOffset now, string reason = "")
    {
        var name = DeliveredName.Of(reference.Name);
        return new(
            new(source, name.Account, name.Region, LogTypeOf(name.Service)), reference.Name, reference.Version ?? "", state,
            HourOf(name.Time ?? reference.LastModified ?? now), now)
        {
            Size = reference.Size ?? 0, Written = reference.LastModified, Reason = reason,
        };
    }

    /// <summary>An object that the engine has committed.</summary>
    public static LedgerEntry Of(string source, LogObjectReference reference, ObjectEntry entry, DateTimeOffset now)
    {
        var isDuplicate = entry.State is ObjectState.Duplicate or ObjectState.Known;
        var started = Of(source, reference, LedgerState.Discovered, now);
        var commonest = entry.Records.OrderByDescending(records => records.Total).FirstOrDefault()?.LogType;
        return started with
        {
            State = entry.State switch
            {
                ObjectState.Duplicate or ObjectState.Known => LedgerState.Duplicate,
                ObjectState.Quarantined => LedgerState.Quarantined,
                ObjectState.Applied => entry.Records.Sum(records => records.Analysed) is > 0 and var all && all == entry.Records.Sum(records => records.Late) ? LedgerState.Late : LedgerState.Applied,
            },
            Stream = started.Stream.LogType.Length > 0 || commonest is null ? started.Stream : started.Stream with { LogType = commonest.ToString()! },
            Hour = DeliveredName.Of(reference.Name).Time is null && entry.First is { } first ? HourOf(first) : started.Hour,
            Size = entry.Stored,
            Identity = entry.Identity.Trim('0').Length > 0 ? entry.Identity : "",
            Reason = entry.Failure ?? "",
            Records = entry.Records.ToDictionary(records => records.LogType.ToString(), records => Tally(records, isDuplicate), StringComparer.Ordinal),
            Usage = entry.Usage,
        };
    }

    /// <summary>A log file that a digest names.</summary>
    public static LedgerEntry Expected(string source, string name, string digest, DateTimeOffset now) =>
        Of(source, new(name, null, null, null), LedgerState.Missing, now, $"named by {digest}");

    private static RecordTally Tally(RecordCounts records, bool isDuplicate) => isDuplicate
        ? new(0, 0, records.Analysed, records.Quarantined, records.Skipped.Values.Sum())
        : new(records.Analysed - records.Late, records.Late, 0, records.Quarantined, records.Skipped.Values.Sum());

    private static string LogTypeOf(string service) => service switch
    {
        DeliveredName.CloudTrail => nameof(LogType.CloudTrail),
        DeliveredName.Digest => nameof(LogType.CloudTrailDigest),
        DeliveredName.Flow => nameof(LogType.VpcFlow),
        DeliveredName.Resolver => nameof(LogType.Route53Resolver),
        _ => "",
    };

    private static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
