using System.Runtime.CompilerServices;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Matching;
using Yagura.Matching.Criteria;

namespace Yagura.Storage.Embedded.Findings;

/// <summary>Reads findings beside the server that writes them, without its index: some 100,000 a second.</summary>
public sealed class FindingFile(Database database) : IStoredFindings
{
    private const int ReadTogether = 1_000;

    public async IAsyncEnumerable<Finding> Matching(FindingScope scope, ReadOnlyMemory<byte> criteria, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask;
        if (!FindingCriteria.TryParse(criteria, out var parsed, out var errors)) throw new ArgumentException(string.Join("; ", errors), nameof(criteria));
        var matcher = new Matcher<bool>();
        matcher.Add(true, parsed.ToCondition());
        var (after, more) = (-1L, true);
        while (more)
        {
            cancel.ThrowIfCancellationRequested();
            (var found, after, more) = database.Read(session => Page(session, scope, matcher, after));
            foreach (var json in found) yield return FindingRow.Parse(json);
        }
    }

    public Task<IReadOnlyDictionary<string, long>> CountByType(FindingScope scope, CancellationToken cancel = default) =>
        Task.FromResult(database.Read<IReadOnlyDictionary<string, long>>(session =>
        {
            using var rows = session.Query("SELECT account, region, type, count(*) FROM finding GROUP BY account, region, type");
            var counts = new Dictionary<string, long>(StringComparer.Ordinal);
            while (rows.Read())
            {
                if (FindingRow.Covers(scope, rows.Text(0), rows.Text(1))) counts[rows.Text(2)] = counts.GetValueOrDefault(rows.Text(2)) + rows.Long(3);
            }
            return counts;
        }));

    private static (List<byte[]> Found, long Last, bool More) Page(Session session, FindingScope scope, Matcher<bool> matcher, long after)
    {
        using var rows = session.Query("SELECT number, json, account, region FROM finding JOIN finding_json USING (number) WHERE number > $after ORDER BY number LIMIT $most",
            ("$after", after), ("$most", ReadTogether));
        var (found, hits, buffer, read) = (new List<byte[]>(), new List<bool>(), new MatchBuffer(), 0);
        for (; rows.Read(); read++)
        {
            after = rows.Long(0);
            if (!FindingRow.Covers(scope, rows.Text(2), rows.Text(3))) continue;
            var json = rows.Bytes(1).ToArray();
            hits.Clear();
            matcher.Match(json, buffer, hits);
            if (hits.Count > 0) found.Add(json);
        }
        return (found, after, read == ReadTogether);
    }
}
