using Yagura.Matching.Criteria.Facets;

namespace Yagura.Storage.Embedded.Index;

/// <summary>Where a finding stands in a sorted list.</summary>
/// <param name="Key">Of a column: a number with its order; else 0.</param>
/// <param name="Text">Of a facet; null for columns and for what has no value, which comes last.</param>
/// <param name="Number">Tells apart those that are equal.</param>
internal readonly record struct PagePlace(UInt128 Key, string? Text, int Number);

/// <summary>Puts the findings of one page in order without sorting all the others.</summary>
internal static class PageOrder
{
    /// <summary>The first findings behind a place. Within <see cref="FindingIndex.Read"/>.</summary>
    /// <exception cref="ArgumentException">Findings cannot be sorted by this.</exception>
    public static List<PagePlace> Take(FindingIndex index, Bitmap matched, string sortBy, bool descending, PagePlace? after, int limit)
    {
        var field = FindingFacets.FieldOf(sortBy);
        if (field < 0 || IndexedFields.IsInJsonOnly(sortBy)) throw new ArgumentException($"{sortBy}: findings cannot be sorted by this", nameof(sortBy));
        if (field == IndexedFields.Id) return ByKey(matched, index.Id, descending, after, limit);
        if (FindingColumns.Of(FindingFacets.Fields[field]) is not { } column) return ByFacet(index, matched, field, descending, after, limit);
        var kept = index.Column(column);
        return ByKey(matched, number => (ulong)(kept[number] ^ long.MinValue), descending, after, limit);
    }

    private static List<PagePlace> ByKey(Bitmap matched, Func<int, UInt128> keyOf, bool descending, PagePlace? after, int limit)
    {
        // The best so far and as many candidates again; of these, now and then, the best are kept.
        var best = new List<PagePlace>(2 * limit);
        var order = Comparer<PagePlace>.Create((a, b) => Compare(a, b, descending));
        PagePlace? worst = null;
        foreach (var number in matched)
        {
            var place = new PagePlace(keyOf(number), null, number);
            if ((after is { } start && Compare(place, start, descending) <= 0) || (worst is { } end && Compare(place, end, descending) > 0)) continue;
            if (best.Count == 2 * limit)
            {
                best.Sort(order);
                best.RemoveRange(limit, limit);
                worst = best[^1];
            }
            best.Add(place);
        }
        best.Sort(order);
        if (best.Count > limit) best.RemoveRange(limit, best.Count - limit);
        return best;
    }

    private static int Compare(PagePlace a, PagePlace b, bool descending)
    {
        var order = a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Number.CompareTo(b.Number);
        return descending ? -order : order;
    }

    private static List<PagePlace> ByFacet(FindingIndex index, Bitmap matched, int field, bool descending, PagePlace? after, int limit)
    {
        var taken = new Taken(matched.Copy(), []);
        var page = new List<PagePlace>(limit);
        var ordered = index.Facets[field].Ordered();
        for (var i = 0; i < ordered.Length && page.Count < limit; i++)
        {
            var facet = ordered[descending ? ordered.Length - 1 - i : i];
            var text = index.Facets[field].Text(facet);
            taken.Numbers.Clear();
            index.Facets.Postings(facet).Visit(taken.Left, ref taken);
            // A finding stands where its first value does, on whatever page that was: hence all values before the place are looked at too.
            var order = after is not { } start ? 1 : start.Text is null ? -1 : FacetOrder.Compare(text, start.Text) * (descending ? -1 : 1);
            if (order >= 0) Add(page, taken, text, descending, order == 0 ? after!.Value.Number : null, limit);
            foreach (var number in taken.Numbers) taken.Left.Clear(number);
        }
        if (page.Count == limit) return page;
        taken.Numbers.Clear();
        foreach (var number in taken.Left) taken.Numbers.Add(number);
        Add(page, taken, null, descending, after is { Text: null } none ? none.Number : null, limit);
        return page;
    }

    private static void Add(List<PagePlace> page, Taken taken, string? text, bool descending, int? after, int limit)
    {
        for (var i = 0; i < taken.Numbers.Count && page.Count < limit; i++)
        {
            var number = taken.Numbers[descending ? taken.Numbers.Count - 1 - i : i];
            if (after is not { } last || (descending ? number < last : number > last)) page.Add(new(0, text, number));
        }
    }

    /// <summary>The numbers of the value that is looked at, of those that no value before had.</summary>
    private readonly record struct Taken(Bitmap Left, List<int> Numbers) : Postings.IVisitor
    {
        public void Visit(int number) => Numbers.Add(number);
    }
}
