using System.Globalization;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Ledger;

/// <summary>Holds the sums of the ledger against its objects.</summary>
internal static class LedgerAudit
{
    private const int MostTold = 100;

    /// <summary>Memory grows with the hours of streams, not with the objects.</summary>
    public static IReadOnlyList<string> Differences(Session session)
    {
        var counted = new Dictionary<(StreamKey, long), (long[] Objects, RecordTally Records)>();
        var used = new UsageSums();
        using (var rows = session.Query($"SELECT {LedgerRows.ObjectColumns} FROM ledger_object"))
        {
            while (rows.Read())
            {
                var entry = LedgerRows.Entry(rows);
                used.Add(entry);
                Sums(entry.Stream, entry.Hour).Objects[(int)entry.State]++;
                foreach (var (logType, records) in entry.Records)
                {
                    var key = (entry.Stream with { LogType = logType }, entry.Hour.ToUnixTimeMilliseconds());
                    var sums = Sums(key.Item1, entry.Hour);
                    counted[key] = sums with { Records = sums.Records + records };
                }
            }
        }
        var differences = new List<string>();
        using (var rows = session.Query($"SELECT {LedgerRows.HourColumns}, pruned FROM ledger_hour"))
        {
            while (rows.Read() && differences.Count < MostTold)
            {
                var hour = LedgerRows.Hour(rows);
                counted.Remove((hour.Stream, hour.Hour.ToUnixTimeMilliseconds()), out var sums);
                if (rows.Long(17) == 1) continue;
                if (!hour.Objects.SequenceEqual(sums.Objects ?? new long[7]) || hour.Records != sums.Records)
                    differences.Add($"{Name(hour.Stream, hour.Hour)}: the sums say {Text(hour.Objects, hour.Records)}, the objects {Text(sums.Objects ?? new long[7], sums.Records)}");
            }
        }
        differences.AddRange(counted.Take(MostTold).Select(left => $"{Name(left.Key.Item1, DateTimeOffset.FromUnixTimeMilliseconds(left.Key.Item2))}: has objects and no sums"));
        differences.AddRange(used.Differences(session).Take(MostTold));
        return differences;

        (long[] Objects, RecordTally Records) Sums(StreamKey stream, DateTimeOffset hour)
        {
            var key = (stream, hour.ToUnixTimeMilliseconds());
            return counted.TryGetValue(key, out var sums) ? sums : counted[key] = (new long[7], default);
        }
    }

    private static string Name(StreamKey stream, DateTimeOffset hour) =>
        $"{stream.Source} {stream.Account} {stream.Region} {stream.LogType} {hour.ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture)}h";

    private static string Text(IReadOnlyList<long> objects, RecordTally records) =>
        $"{string.Join('/', objects)} objects and {records.Applied}/{records.Late}/{records.Duplicate}/{records.Quarantined}/{records.Skipped} records";
}
