using System.Runtime.InteropServices;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Index;

/// <summary>Counts findings by what they have in common.</summary>
internal static class FindingTally
{
    /// <summary>All groups, in no particular order. Within <see cref="FindingIndex.Read"/>.</summary>
    public static IEnumerable<FindingGroup> Groups(FindingIndex index, Bitmap matched, FindingGrouping by) => by switch
    {
        FindingGrouping.Account => OfField(index, matched, IndexedFields.Account).Select(group => group.Count.ToGroup() with { Account = group.Text }),
        FindingGrouping.FindingType => OfField(index, matched, IndexedFields.Type).Select(group => group.Count.ToGroup() with { FindingType = group.Text }),
        FindingGrouping.Resource => OfField(index, matched, IndexedFields.Resource).Select(group =>
        {
            var parts = group.Text.Split('\n', 3);
            return group.Count.ToGroup() with { Account = parts[0], ResourceType = parts[1], ResourceId = parts[2].Length > 0 ? parts[2] : null };
        }),
        FindingGrouping.Severity => OfKey(index, matched, isByDay: false).Select(group => group.Count.ToGroup() with { Severity = FindingColumns.Severity(group.Severity) }),
        FindingGrouping.Date => OfKey(index, matched, isByDay: true).Select(group => group.Count.ToGroup() with
        {
            Date = DateOnly.FromDayNumber((int)group.Day), Severity = FindingColumns.Severity(group.Severity),
        }),
    };

    private static List<(string Text, Tally Count)> OfField(FindingIndex index, Bitmap matched, int field)
    {
        var groups = new List<(string, Tally)>();
        foreach (var (text, facet) in index.Facets[field].Facets)
        {
            var tally = new Tally(index.Column(FindingColumn.Updated));
            index.Facets.Postings(facet).Visit(matched, ref tally);
            if (tally.Count > 0) groups.Add((text, tally));
        }
        return groups;
    }

    private static List<(long Day, long Severity, Tally Count)> OfKey(FindingIndex index, Bitmap matched, bool isByDay)
    {
        var groups = new Dictionary<(long Day, long Severity), Tally>();
        var (updated, severities) = (index.Column(FindingColumn.Updated), index.Column(FindingColumn.Severity));
        foreach (var number in matched)
        {
            ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, (isByDay ? DayOf(updated[number]) : 0, severities[number]), out var isThere);
            if (!isThere) tally = new(updated);
            tally.Visit(number);
        }
        return [.. groups.Select(group => (group.Key.Day, group.Key.Severity, group.Value))];
    }

    private static long DayOf(long milliseconds) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime).DayNumber;

    private struct Tally(long[] updated) : Postings.IVisitor
    {
        private long _last = long.MinValue;

        public long Count { get; private set; }

        public void Visit(int number)
        {
            Count++;
            _last = Math.Max(_last, updated[number]);
        }

        public readonly FindingGroup ToGroup() => new(Count, DateTimeOffset.FromUnixTimeMilliseconds(_last));
    }
}
