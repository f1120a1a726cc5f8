using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Ledger;

/// <summary>Writes one entry and moves the sums along with it, inside the transaction of the caller.</summary>
internal static class LedgerWriting
{
    // Of ten objects and of some hundred; a mean that forgets needs no rows to be counted.
    private const double Quick = 0.1, Slow = 0.005;

    public static void Write(Session session, LedgerEntry entry)
    {
        if (entry.Version.Length > 0) Forget(session, entry.Name);
        else if (entry.State == LedgerState.Missing && session.Number("SELECT EXISTS (SELECT 1 FROM ledger_object WHERE name = $name)", ("$name", entry.Name)) == 1) return;

        var before = Find(session, entry.Name, entry.Version);
        if (before is not null && IsOld(before, entry)) return;
        if (entry.State == LedgerState.Duplicate) entry = IsFirst(session, entry) ? AsApplied(entry) : AsDuplicate(entry);
        if (before is not null && IsSame(before, entry)) return;
        if (before is not null) Add(session, before, -1);
        Put(session, entry);
        Add(session, entry, 1);
        if (entry.State.IsSettled() && before?.State.IsSettled() != true) Arrive(session, entry);
    }

    /// <summary>Adds an object and its records to the sums of its hour, and what was used to those of the day, or takes it out of them.</summary>
    /// <param name="sign">1 or -1.</param>
    public static void Add(Session session, LedgerEntry entry, int sign)
    {
        var objects = new long[7];
        objects[(int)entry.State] = sign;
        AddTo(session, entry.Stream, entry.Hour, objects, entry.Records.TryGetValue(entry.Stream.LogType, out var own) ? own : default, sign);
        foreach (var (logType, records) in entry.Records)
            if (logType != entry.Stream.LogType) AddTo(session, entry.Stream with { LogType = logType }, entry.Hour, new long[7], records, sign);
        UsageRows.Add(session, entry, sign);
    }

    private static void AddTo(Session session, StreamKey stream, DateTimeOffset hour, long[] objects, RecordTally records, int sign) => session.Execute(
        $"""
        INSERT INTO ledger_hour ({LedgerRows.HourColumns})
        VALUES ($source, $account, $region, $log_type, $hour, $o0, $o1, $o2, $o3, $o4, $o5, $o6, $applied, $late, $duplicate, $quarantined, $skipped)
        ON CONFLICT DO UPDATE SET
          discovered = discovered + excluded.discovered, reading = reading + excluded.reading, applied = applied + excluded.applied, late = late + excluded.late,
          duplicate = duplicate + excluded.duplicate, quarantined = quarantined + excluded.quarantined, missing = missing + excluded.missing,
          records_applied = records_applied + excluded.records_applied, records_late = records_late + excluded.records_late,
          records_duplicate = records_duplicate + excluded.records_duplicate, records_quarantined = records_quarantined + excluded.records_quarantined,
          records_skipped = records_skipped + excluded.records_skipped
        """,
        ("$source", stream.Source), ("$account", stream.Account), ("$region", stream.Region), ("$log_type", stream.LogType), ("$hour", hour.ToUnixTimeMilliseconds()),
        ("$o0", objects[0]), ("$o1", objects[1]), ("$o2", objects[2]), ("$o3", objects[3]), ("$o4", objects[4]), ("$o5", objects[5]), ("$o6", objects[6]),
        ("$applied", sign * records.Applied), ("$late", sign * records.Late), ("$duplicate", sign * records.Duplicate), ("$quarantined", sign * records.Quarantined),
        ("$skipped", sign * records.Skipped));

    private static LedgerEntry? Find(Session session, string name, string version)
    {
        using var rows = session.Query($"SELECT {LedgerRows.ObjectColumns} FROM ledger_object WHERE name = $name AND version = $version", ("$name", name), ("$version", version));
        return rows.Read() ? LedgerRows.Entry(rows) : null;
    }

    // What should have come has come.
    private static void Forget(Session session, string name)
    {
        if (Find(session, name, "") is not { State: LedgerState.Missing } missing) return;
        Add(session, missing, -1);
        session.Execute("DELETE FROM ledger_object WHERE name = $name AND version = ''", ("$name", name));
    }

    private static bool IsOld(LedgerEntry before, LedgerEntry entry) => before.State.IsSettled()
        && (!entry.State.IsSettled() || (before.State is LedgerState.Applied or LedgerState.Late && entry.State == LedgerState.Duplicate && before.Identity == entry.Identity)); // itself, again

    private static bool IsSame(LedgerEntry before, LedgerEntry entry) =>
        before.State == entry.State && before.Reason == entry.Reason && before.Identity == entry.Identity && LedgerRows.Text(before.Records) == LedgerRows.Text(entry.Records);

    private static bool IsFirst(Session session, LedgerEntry entry) => entry.Identity.Length > 0 && session.Number(
        "SELECT EXISTS (SELECT 1 FROM ledger_object WHERE identity = $identity AND identity <> '' AND state IN (2, 3) AND (name, version) <> ($name, $version))",
        ("$identity", entry.Identity), ("$name", entry.Name), ("$version", entry.Version)) == 0;

    private static LedgerEntry AsApplied(LedgerEntry entry) =>
        With(entry, records => records with { Applied = records.Applied + records.Duplicate, Duplicate = 0 }) with { State = LedgerState.Applied };

    // Whatever became of its records, it became of them in the other object.
    private static LedgerEntry AsDuplicate(LedgerEntry entry) => With(entry, records => new(0, 0, records.Applied + records.Late + records.Duplicate + records.Quarantined + records.Skipped, 0, 0)) with { Usage = [] };

    private static LedgerEntry With(LedgerEntry entry, Func<RecordTally, RecordTally> change) =>
        entry with { Records = entry.Records.ToDictionary(log => log.Key, log => change(log.Value), StringComparer.Ordinal) };

    private static void Put(Session session, LedgerEntry entry) => session.Execute(
        $"""
        INSERT OR REPLACE INTO ledger_object ({LedgerRows.ObjectColumns})
        VALUES ($source, $account, $region, $log_type, $name, $version, $state, $hour, $changed, $size, $written, $identity, $reason, $records, $usage)
        """,
        ("$source", entry.Stream.Source), ("$account", entry.Stream.Account), ("$region", entry.Stream.Region), ("$log_type", entry.Stream.LogType),
        ("$name", entry.Name), ("$version", entry.Version), ("$state", (int)entry.State), ("$hour", entry.Hour.ToUnixTimeMilliseconds()), ("$changed", entry.Changed.ToUnixTimeMilliseconds()),
        ("$size", entry.Size), ("$written", entry.Written?.ToUnixTimeMilliseconds()), ("$identity", entry.Identity), ("$reason", entry.Reason), ("$records", LedgerRows.Text(entry.Records)), ("$usage", UsageRows.Text(entry.Usage)));

    /// <summary>The stream learns from an object that was read for the first time.</summary>
    private static void Arrive(Session session, LedgerEntry entry)
    {
        if (entry.Written is not { } written) return;
        var key = entry.Stream;
        var lag = entry.Changed > written ? entry.Changed - written : TimeSpan.Zero;
        var (last, rhythm, quick, slow) = (written, Rhythm.None, lag, lag);
        using (var rows = session.Query(
            "SELECT last_written, rhythm, lag, usual_lag FROM ledger_stream WHERE source = $source AND account = $account AND region = $region AND log_type = $log_type",
            ("$source", key.Source), ("$account", key.Account), ("$region", key.Region), ("$log_type", key.LogType)))
        {
            if (rows.Read())
            {
                var before = LedgerRows.Time(rows, 0);
                (last, rhythm) = (written > before ? written : before, Rhythm.FromBytes(rows.Bytes(1).ToArray()).With(written - before));
                // What is read later than what was written after it comes late or from the past, and says nothing of how far behind we are.
                (quick, slow) = written < before ? (TimeSpan.FromMilliseconds(rows.Long(2)), TimeSpan.FromMilliseconds(rows.Long(3)))
                    : (Mean(rows.Long(2), Quick), Mean(rows.Long(3), Slow));
            }
        }
        session.Execute(
            "INSERT OR REPLACE INTO ledger_stream (source, account, region, log_type, last_written, rhythm, lag, usual_lag) VALUES ($source, $account, $region, $log_type, $last, $rhythm, $lag, $usual)",
            ("$source", key.Source), ("$account", key.Account), ("$region", key.Region), ("$log_type", key.LogType),
            ("$last", last.ToUnixTimeMilliseconds()), ("$rhythm", rhythm.ToBytes()), ("$lag", (long)quick.TotalMilliseconds), ("$usual", (long)slow.TotalMilliseconds));

        TimeSpan Mean(long milliseconds, double share) => TimeSpan.FromMilliseconds(milliseconds + (share * (lag.TotalMilliseconds - milliseconds)));
    }
}
