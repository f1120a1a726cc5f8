using System.Globalization;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Ledger;

/// <summary>Adds up what objects used, to be held against the sums of the days.</summary>
internal sealed class UsageSums
{
    private readonly Dictionary<(long Day, string Name), (long Records, long Bytes)> _sums = [];

    public void Add(LedgerEntry entry)
    {
        if (UsageRows.Day(entry) is not { } day) return;
        foreach (var usage in entry.Usage)
        {
            var key = (day, Name(usage.Feature, usage.Account, usage.Region, usage.Resource ?? ""));
            var sum = _sums.GetValueOrDefault(key);
            _sums[key] = (sum.Records + usage.Records, sum.Bytes + usage.Bytes);
        }
    }

    /// <summary>Each difference to the sums of days of which nothing was pruned.</summary>
    public IEnumerable<string> Differences(Session session)
    {
        var differences = new List<string>();
        using (var rows = session.Query("SELECT day, feature, account, region, resource, records, bytes, pruned FROM usage_day"))
        {
            while (rows.Read())
            {
                var key = (rows.Long(0), Name(rows.Text(1), rows.Text(2), rows.Text(3), rows.Text(4)));
                _sums.Remove(key, out var sum);
                if (rows.Long(7) == 0 && (rows.Long(5), rows.Long(6)) != sum)
                    differences.Add($"{key.Item2} on {Date(key.Item1)}: the sums say {rows.Long(5)} records and {rows.Long(6)} bytes used, the objects {sum.Records} and {sum.Bytes}");
            }
        }
        differences.AddRange(_sums.Select(left => $"{left.Key.Name} on {Date(left.Key.Day)}: objects used it and there is no sum"));
        return differences;
    }

    private static string Name(string feature, string account, string region, string resource) => $"{feature} {account} {region} {resource}".TrimEnd();

    private static string Date(long day) => DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
