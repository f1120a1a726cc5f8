using System.Globalization;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Ledger;

/// <summary>Rows of <c>ledger_object</c> and <c>ledger_hour</c> as values.</summary>
internal static class LedgerRows
{
    public const string ObjectColumns = "source, account, region, log_type, name, version, state, hour, changed, size, written, identity, reason, records, usage";

    public const string HourColumns =
        "source, account, region, log_type, hour, discovered, reading, applied, late, duplicate, quarantined, missing, "
        + "records_applied, records_late, records_duplicate, records_quarantined, records_skipped";

    public static LedgerEntry Entry(Statement row) => new(Stream(row), row.Text(4), row.Text(5), (LedgerState)row.Int(6), Time(row, 7), Time(row, 8))
    {
        Size = row.Long(9), Written = row.IsNull(10) ? null : Time(row, 10), Identity = row.Text(11), Reason = row.Text(12), Records = Records(row.Text(13)),
        Usage = UsageRows.Entries(row.Text(14)),
    };

    public static LedgerHour Hour(Statement row) => new(
        Stream(row), Time(row, 4), [.. Enumerable.Range(5, 7).Select(row.Long)],
        new(row.Long(12), row.Long(13), row.Long(14), row.Long(15), row.Long(16)));

    public static StreamKey Stream(Statement row) => new(row.Text(0), row.Text(1), row.Text(2), row.Text(3));

    public static DateTimeOffset Time(Statement row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.Long(column));

    /// <summary><c>CloudTrail:1,0,0,0,2 VpcFlow:…</c></summary>
    public static string Text(IReadOnlyDictionary<string, RecordTally> records) => string.Join(' ', records.OrderBy(log => log.Key, StringComparer.Ordinal)
        .Select(log => string.Create(CultureInfo.InvariantCulture, $"{log.Key}:{log.Value.Applied},{log.Value.Late},{log.Value.Duplicate},{log.Value.Quarantined},{log.Value.Skipped}")));

    public static IReadOnlyDictionary<string, RecordTally> Records(string text)
    {
        var records = new Dictionary<string, RecordTally>(StringComparer.Ordinal);
        foreach (var log in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = log.IndexOf(':', StringComparison.Ordinal);
            var counts = log[(colon + 1)..].Split(',').Select(count => long.Parse(count, CultureInfo.InvariantCulture)).ToArray();
            records[log[..colon]] = new(counts[0], counts[1], counts[2], counts[3], counts[4]);
        }
        return records;
    }
}
