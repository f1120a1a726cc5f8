using Yagura.Storage.Embedded.Index;

namespace Yagura.Storage.Embedded.Findings;

/// <summary>Removes old findings, some at a time, and the facets that nothing has any more.</summary>
/// <param name="before">Milliseconds: those that were updated last before it go.</param>
internal sealed class FindingPruner(FindingIndex index, long before, int most)
{
    private readonly Dictionary<int, int> _had = []; // how many of those that go had a facet
    private Bitmap _gone = new();
    private List<int> _unused = [];

    /// <summary>Within a transaction that is alone, so that the index knows of all that was written before.</summary>
    /// <returns>How many were removed.</returns>
    public int Remove(Session session)
    {
        _had.Clear();
        _gone = new();
        var updated = index.Column(FindingColumn.Updated);
        var removed = 0;
        foreach (var number in index.Live)
        {
            if (updated[number] >= before) continue;
            foreach (var facet in Packed.Unpack(session.Bytes("DELETE FROM finding WHERE number = $number RETURNING facets", ("$number", number))))
            {
                _had[facet] = _had.GetValueOrDefault(facet) + 1;
            }
            session.Execute("DELETE FROM finding_json WHERE number = $number", ("$number", number));
            session.Execute("DELETE FROM suppression_hit WHERE finding = $number", ("$number", number));
            _gone.Set(number);
            if (++removed == most) break;
        }
        _unused = [.. _had.Where(facet => facet.Value == index.Facets.Postings(facet.Key).Count).Select(facet => facet.Key)];
        foreach (var facet in _unused) session.Execute("DELETE FROM facet WHERE number = $number", ("$number", facet));
        return removed;
    }

    public void Committed() => index.Change(() =>
    {
        index.Remove(_gone, _had.Keys);
        index.Facets.Remove(_unused);
    });
}
