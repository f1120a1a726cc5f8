using System.Runtime.InteropServices;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Index;

/// <summary>Counts findings by what they have in common.</summary>
internal static class FindingTally
{
    /// <summary>The greatest groups, or the smallest; of equal ones those that were updated last. Within <see cref="FindingIndex.Read"/>.</summary>
    public static List<FindingGroup> Groups(FindingIndex index, Bitmap matched, FindingStatistics question) => question.By switch
    {
        FindingGrouping.Account => OfField(index, matched, IndexedFields.Account, question, (group, text) => group with { Account = text }),
        FindingGrouping.FindingType => OfField(index, matched, IndexedFields.Type, question, (group, text) => group with { FindingType = text }),
        FindingGrouping.Resource => OfField(index, matched, IndexedFields.Resource, question, (group, text) =>
        {
            var parts = text.Split('\n', 3);
            return group with { Account = parts[0], ResourceType = parts[1], ResourceId = parts[2].Length > 0 ? parts[2] : null };
        }),
        FindingGrouping.Severity => OfKey(index, matched, question, (group, key) => group with { Severity = FindingColumns.Severity(key.Severity) }),
        FindingGrouping.Date => OfKey(index, matched, question, (group, key) => group with { Date = key.Day, Severity = FindingColumns.Severity(key.Severity) }),
    };

    private static List<FindingGroup> OfField(FindingIndex index, Bitmap matched, int field, FindingStatistics question, Func<FindingGroup, string, FindingGroup> write)
    {
        var groups = new List<(int, Tally)>();
        foreach (var facet in index.Facets[field].Facets.Values)
        {
            var tally = new Tally(index.Column(FindingColumn.Updated));
            index.Facets.Postings(facet).Visit(matched, ref tally);
            if (tally.Count > 0) groups.Add((facet, tally));
        }
        return First(groups, question, (group, facet) => write(group, index.Facets[field].Text(facet)));
    }

    private static List<FindingGroup> OfKey(
        FindingIndex index, Bitmap matched, FindingStatistics question, Func<FindingGroup, (DateOnly Day, long Severity), FindingGroup> write)
    {
        var groups = new Dictionary<(DateOnly Day, long Severity), Tally>();
        var (updated, severities) = (index.Column(FindingColumn.Updated), index.Column(FindingColumn.Severity));
        foreach (var number in matched)
        {
            ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, (question.By == FindingGrouping.Date ? DayOf(updated[number]) : default, severities[number]), out var isThere);
            if (!isThere) tally = new(updated);
            tally.Visit(number);
        }
        return First([.. groups.Select(group => (group.Key, group.Value))], question, write);
    }

    /// <summary>Only what is asked for is written out: there may be as many groups as findings.</summary>
    private static List<FindingGroup> First<TKey>(List<(TKey Key, Tally Tally)> groups, FindingStatistics question, Func<FindingGroup, TKey, FindingGroup> write)
    {
        groups.Sort((a, b) => a.Tally.Count == b.Tally.Count ? b.Tally.Last.CompareTo(a.Tally.Last) : a.Tally.Count.CompareTo(b.Tally.Count) * (question.Descending ? -1 : 1));
        return [.. groups.Take(question.Limit).Select(group => write(new(group.Tally.Count, DateTimeOffset.FromUnixTimeMilliseconds(group.Tally.Last)), group.Key))];
    }

    private static DateOnly DayOf(long milliseconds) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime);

    private struct Tally(long[] updated) : Postings.IVisitor
    {
        public long Count { get; private set; }

        public long Last { get; private set; } = long.MinValue;

        public void Visit(int number)
        {
            Count++;
            Last = Math.Max(Last, updated[number]);
        }
    }
}
