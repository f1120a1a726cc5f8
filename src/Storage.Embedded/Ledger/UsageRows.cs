using System.Globalization;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Ledger;

/// <summary>What was used, beside the objects and in sums by day.</summary>
internal static class UsageRows
{
    public const long MillisecondsOfDay = 86_400_000;

    /// <summary><c>S3_DATA_EVENTS 111122223333 eu-west-1 trail-logs 12 5120</c>, a line for each; what is unknown is empty.</summary>
    public static string Text(IReadOnlyList<UsageEntry> usage) => string.Join('\n', usage.Select(entry =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Feature} {entry.Account} {entry.Region} {entry.Resource} {entry.Records} {entry.Bytes}")));

    public static IReadOnlyList<UsageEntry> Entries(string text)
    {
        if (text.Length == 0) return [];
        return [.. text.Split('\n').Select(line => line.Split(' ')).Select(part => new UsageEntry(
            part[1], part[2], part[0], part[3].Length > 0 ? part[3] : null, long.Parse(part[4], CultureInfo.InvariantCulture), long.Parse(part[5], CultureInfo.InvariantCulture)))];
    }

    /// <summary>The day that an object's use counts on; null where it does not count.</summary>
    public static long? Day(LedgerEntry entry) => entry.State is LedgerState.Applied or LedgerState.Late ? Day(entry.Changed) : null;

    public static long Day(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / MillisecondsOfDay;

    /// <param name="sign">1 or -1.</param>
    public static void Add(Session session, LedgerEntry entry, int sign)
    {
        if (Day(entry) is not { } day) return;
        foreach (var usage in entry.Usage)
        {
            session.Execute(
                """
                INSERT INTO usage_day (region, day, account, feature, resource, records, bytes) VALUES ($region, $day, $account, $feature, $resource, $records, $bytes)
                ON CONFLICT DO UPDATE SET records = records + excluded.records, bytes = bytes + excluded.bytes
                """,
                ("$region", usage.Region), ("$day", day), ("$account", usage.Account), ("$feature", usage.Feature), ("$resource", usage.Resource ?? ""),
                ("$records", sign * usage.Records), ("$bytes", sign * usage.Bytes));
        }
    }
}
