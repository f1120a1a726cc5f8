using Yagura.Matching.Criteria.Facets;
using Yagura.Storage.Embedded.Index;

namespace Yagura.Storage.Embedded.Findings;

/// <summary>Fills the index when the program starts.</summary>
internal static class FindingLoader
{
    public static void Load(Session session, FindingIndex index)
    {
        if (session.Value<string>("SELECT value FROM setting WHERE name = 'facet fields'") != IndexedFields.Version) ReadFacetsAnew(session);
        var names = Enumerable.Range(0, IndexedFields.Count).ToDictionary(IndexedFields.NameOf, StringComparer.Ordinal);
        using (var rows = session.Query("SELECT number, field, text FROM facet"))
        {
            while (rows.Read()) index.Facets.Load(names[rows.GetString(1)], rows.GetString(2), rows.GetInt32(0));
        }
        using (var rows = session.Query("SELECT number, id, updated, created, first_seen, last_seen, count, severity, facets FROM finding ORDER BY number"))
        {
            Span<long> columns = stackalloc long[FindingColumns.Number];
            while (rows.Read())
            {
                var number = rows.GetInt32(0);
                for (var column = 0; column < columns.Length; column++)
                {
                    columns[column] = column == (int)FindingColumn.Severity ? FindingColumns.Keep(rows.GetDouble(2 + column)) : rows.GetInt64(2 + column);
                }
                index.Set(number, FindingId.Parse(rows.GetString(1))!.Value, columns);
                foreach (var facet in Packed.Unpack((byte[])rows.GetValue(8))) index.Has(number, facet);
            }
        }
        var unused = index.Facets.Unused();
        foreach (var facet in unused) session.Execute("DELETE FROM facet WHERE number = $number", ("$number", facet));
        index.Facets.Remove(unused);
        index.Facets.FindFree();
        index.FindFree();
    }

    /// <summary>Another version of the program knows other fields.</summary>
    private static void ReadFacetsAnew(Session session)
    {
        session.Execute("DELETE FROM facet");
        using var index = new FindingIndex();
        var facets = new FacetSet(index.Facets);
        var number = -1L;
        while (Next(session, number) is var (next, json))
        {
            facets.Clear();
            FindingFacets.Read(json, facets);
            facets.Add(IndexedFields.Resource, IndexedFields.ResourceOf(FindingRow.Parse(json)));
            session.Execute("UPDATE finding SET facets = $facets WHERE number = $number", ("$facets", Packed.Pack(facets.Numbers())), ("$number", number = next));
        }
        foreach (var facet in facets.Added)
        {
            session.Execute("INSERT INTO facet (number, field, text) VALUES ($number, $field, $text)", ("$number", facet.Number), ("$field", IndexedFields.NameOf(facet.Field)), ("$text", facet.Text));
        }
        session.Execute("UPDATE setting SET value = $version WHERE name = 'facet fields'", ("$version", IndexedFields.Version));
    }

    private static (long Number, byte[] Json)? Next(Session session, long after)
    {
        using var rows = session.Query("SELECT number, json FROM finding_json WHERE number > $after ORDER BY number LIMIT 1", ("$after", after));
        return rows.Read() ? (rows.GetInt64(0), (byte[])rows.GetValue(1)) : null;
    }
}
