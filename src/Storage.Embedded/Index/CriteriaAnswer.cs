using System.Globalization;
using Yagura.Matching.Criteria.Facets;

namespace Yagura.Storage.Embedded.Index;

/// <summary>Criteria, asked of the index.</summary>
internal static class CriteriaAnswer
{
    /// <summary>Leaves those that pass a test.</summary>
    public static void Narrow(FindingIndex index, Bitmap matched, string path, FacetTest test)
    {
        var field = FindingFacets.FieldOf(path);
        if (field < 0) throw new ArgumentException($"{path}: unknown path", nameof(path));
        var accepted = FindingColumns.Of(FindingFacets.Fields[field]) is { } column ? WithColumn(index, column, test)
            : field == IndexedFields.Id ? WithId(index, test)
            : test.IsExact ? WithText(index, field, test.Texts)
            : WithFacet(index, field, test);
        if (test.IsNegated) matched.AndNot(accepted);
        else matched.And(accepted);
    }

    public static Bitmap WithText(FindingIndex index, int field, IEnumerable<string> texts)
    {
        var accepted = index.Live.Blank();
        foreach (var text in texts)
        {
            if (index.Facets[field].TryFind(text, out var facet)) index.Facets.Postings(facet).AddTo(accepted);
        }
        return accepted;
    }

    private static Bitmap WithFacet(FindingIndex index, int field, FacetTest test)
    {
        var accepted = index.Live.Blank();
        foreach (var (text, facet) in index.Facets[field].Facets)
        {
            if (test.Accepts(text)) index.Facets.Postings(facet).AddTo(accepted);
        }
        return accepted;
    }

    private static Bitmap WithColumn(FindingIndex index, FindingColumn column, FacetTest test)
    {
        var accepted = index.Live.Blank();
        var kept = index.Column(column);
        // Of one operator and one column, 64 findings at a time: a million take about a millisecond.
        var wholes = test.IsExact ? test.Texts.Select(Whole).OfType<long>().ToHashSet() : null;
        for (var word = 0; word < accepted.Words.Length; word++)
        {
            var rest = index.Live.Words[word];
            var bits = 0UL;
            for (; rest != 0; rest &= rest - 1)
            {
                var bit = System.Numerics.BitOperations.TrailingZeroCount(rest);
                var whole = FindingColumns.Whole(column, kept[(word << 6) + bit]);
                if (wholes?.Contains(whole) ?? test.Accepts(whole)) bits |= 1UL << bit;
            }
            accepted.SetWord(word, bits);
        }
        return accepted;
    }

    private static Bitmap WithId(FindingIndex index, FacetTest test)
    {
        var accepted = index.Live.Blank();
        var ids = test.IsExact ? test.Texts.Select(FindingId.Parse).OfType<UInt128>().ToHashSet() : null;
        foreach (var number in index.Live)
        {
            if (ids?.Contains(index.Id(number)) ?? test.Accepts(FindingId.Text(index.Id(number)))) accepted.Set(number);
        }
        return accepted;
    }

    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole.ToString(CultureInfo.InvariantCulture) == text ? whole : null;
}

/// <summary>Ids of findings, 32 lower-case hex digits, as numbers.</summary>
internal static class FindingId
{
    /// <returns>Null for what is no id.</returns>
    public static UInt128? Parse(string id) =>
        id.Length == 32 && !id.AsSpan().ContainsAnyExcept("0123456789abcdef") && UInt128.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string Text(UInt128 id) => id.ToString("x32", CultureInfo.InvariantCulture);
}
