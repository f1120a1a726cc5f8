using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Ledger;

/// <summary>What was used, by the sums that the ledger keeps.</summary>
public sealed class ObjectUsage(Database database) : IUsage
{
    public Task<IReadOnlyList<UsageEntry>> Read(IReadOnlyList<string> accounts, string region, DateTimeOffset since, CancellationToken cancel = default) =>
        Task.FromResult(database.Read(session => Read(session, accounts.ToHashSet(StringComparer.Ordinal), region, UsageRows.Day(since.AddDays(1).AddMilliseconds(-1)))));

    private static IReadOnlyList<UsageEntry> Read(Session session, HashSet<string> accounts, string region, long firstDay)
    {
        var entries = new List<UsageEntry>();
        using var rows = session.Query(
            """
            SELECT account, feature, resource, sum(records), sum(bytes) FROM usage_day WHERE region = $region AND day >= $day
            GROUP BY account, feature, resource HAVING sum(records) > 0 ORDER BY account, feature, resource
            """,
            ("$region", region), ("$day", firstDay));
        while (rows.Read())
        {
            if (rows.Text(0) is var account && accounts.Contains(account))
                entries.Add(new(account, region, rows.Text(1), rows.Text(2) is { Length: > 0 } resource ? resource : null, rows.Long(3), rows.Long(4)));
        }
        return entries;
    }
}
