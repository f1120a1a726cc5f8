using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Matching.Criteria.Facets;
using Yagura.Storage.Embedded.Index;
using Yagura.Storage.Embedded.Suppressions;

namespace Yagura.Storage.Embedded.Findings;

/// <summary>Writes findings within one transaction, and keeps what the index has to be told once it is committed.</summary>
/// <param name="most">Most findings that will change.</param>
internal sealed class FindingWriter(Session session, FindingIndex index, int most)
{
    private readonly List<(int Number, UInt128 Id, long[] Columns, int[] Facets, List<int> Before)> _changes = [];
    private readonly List<int> _taken = [];
    private readonly FacetSet _facets = new(index.Facets);
    private readonly HitWriter _hits = new(session);
    private long _sequence = session.Number("UPDATE counter SET value = value + $most WHERE name = 'finding' RETURNING value", ("$most", most))!.Value - most;
    private int _stored; // of the facets that were added

    /// <param name="hits">Those of this finding.</param>
    public PutResult Put(Finding finding, UInt128 id, IEnumerable<SuppressionHit> hits)
    {
        if (FindingRow.Find(session, finding.Id, FindingScope.Everything) is not { } row)
        {
            Note(hits, Insert(finding, id), finding, finding.Service.Count);
            return new(1, 0, 0);
        }
        var known = FindingRow.Parse(row.Json);
        var isNewOccurrence = finding.Service.EventLastSeen > known.Service.EventLastSeen || finding.Service.Count > known.Service.Count;
        var byHand = isNewOccurrence ? null : row.ByHand;
        var now = finding with
        {
            CreatedAt = known.CreatedAt,
            UpdatedAt = known.UpdatedAt,
            // What was not hidden when it occurred is not hidden by a rule that came later, and what a rule hid stays so when the rule goes.
            Service = finding.Service with { Archived = isNewOccurrence ? finding.Service.Archived : known.Service.Archived, UserFeedback = known.Service.UserFeedback },
        };
        if (isNewOccurrence) Note(hits, row.Number, finding, Math.Max(1, finding.Service.Count - known.Service.Count));
        if (byHand == row.ByHand && FindingJson.ToUtf8(now).AsSpan().SequenceEqual(row.Json)) return new(0, 0, 1);
        Update(row, now with { UpdatedAt = finding.UpdatedAt > known.UpdatedAt ? finding.UpdatedAt : known.UpdatedAt }, byHand, isNewOccurrence);
        return new(0, 1, 0);
    }

    /// <summary>Changes what a person says of a finding.</summary>
    /// <returns>False where it is not there or not in scope.</returns>
    public bool Judge(FindingScope scope, string id, bool? archived, UserFeedback? feedback)
    {
        if (FindingRow.Find(session, id, scope) is not { } row) return false;
        var known = FindingRow.Parse(row.Json);
        var now = known with { Service = known.Service with { Archived = archived ?? known.Service.Archived, UserFeedback = feedback ?? known.Service.UserFeedback } };
        if (now.Service != known.Service || (archived is not null && archived != row.ByHand)) Update(row, now, archived ?? row.ByHand, isNewOccurrence: false);
        return true;
    }

    private void Note(IEnumerable<SuppressionHit> hits, int number, Finding finding, long occurrences)
    {
        foreach (var hit in hits) _hits.Note(hit, number, finding, occurrences);
    }

    private int Insert(Finding finding, UInt128 id)
    {
        var number = index.Take();
        _taken.Add(number);
        var json = FindingJson.ToUtf8(finding);
        var facets = Facets(finding, json);
        session.Execute(
            """
            INSERT INTO finding (number, id, account, region, type, severity, created, updated, first_seen, last_seen, count, archived, feedback, sequence, facets, waits)
            VALUES ($number, $id, $account, $region, $type, $severity, $created, $updated, $first_seen, $last_seen, $count, $archived, $feedback, $sequence, $facets, NOT $archived)
            """,
            ("$number", number), ("$id", finding.Id), ("$account", finding.AccountId), ("$region", finding.Region), ("$type", finding.Type.Name), ("$severity", finding.Severity),
            ("$created", Milliseconds(finding.CreatedAt)), ("$updated", Milliseconds(finding.UpdatedAt)), ("$first_seen", Milliseconds(finding.Service.EventFirstSeen)),
            ("$last_seen", Milliseconds(finding.Service.EventLastSeen)), ("$count", finding.Service.Count), ("$archived", finding.Service.Archived),
            ("$feedback", FindingRow.TextOf(finding.Service.UserFeedback)), ("$sequence", ++_sequence), ("$facets", Packed.Pack(facets)));
        session.Execute("INSERT INTO finding_json (number, json) VALUES ($number, $json)", ("$number", number), ("$json", json));
        _changes.Add((number, id, Columns(finding), facets, []));
        return number;
    }

    /// <param name="isNewOccurrence">It is to be published again, unless it is archived.</param>
    private void Update(FindingRow row, Finding finding, bool? byHand, bool isNewOccurrence)
    {
        var json = FindingJson.ToUtf8(finding);
        var facets = Facets(finding, json);
        session.Execute(
            """
            UPDATE finding
            SET    account = $account, region = $region, type = $type, severity = $severity, updated = $updated, first_seen = $first_seen, last_seen = $last_seen, count = $count,
                   archived = $archived, by_hand = $by_hand, feedback = $feedback, sequence = $sequence, facets = $facets,
                   waits = NOT $archived AND (waits OR $again)
            WHERE  number = $number
            """,
            ("$account", finding.AccountId), ("$region", finding.Region), ("$type", finding.Type.Name), ("$severity", finding.Severity), ("$updated", Milliseconds(finding.UpdatedAt)),
            ("$first_seen", Milliseconds(finding.Service.EventFirstSeen)), ("$last_seen", Milliseconds(finding.Service.EventLastSeen)), ("$count", finding.Service.Count),
            ("$archived", finding.Service.Archived), ("$by_hand", byHand), ("$feedback", FindingRow.TextOf(finding.Service.UserFeedback)), ("$sequence", ++_sequence),
            ("$facets", Packed.Pack(facets)), ("$again", isNewOccurrence), ("$number", row.Number));
        session.Execute("UPDATE finding_json SET json = $json WHERE number = $number", ("$json", json), ("$number", row.Number));
        _changes.Add((row.Number, FindingId.Parse(finding.Id)!.Value, Columns(finding), facets, Packed.Unpack(row.Facets)));
    }

    private int[] Facets(Finding finding, byte[] json)
    {
        _facets.Clear();
        FindingFacets.Read(json, _facets);
        _facets.Add(IndexedFields.Resource, IndexedFields.ResourceOf(finding));
        for (; _stored < _facets.Added.Count; _stored++)
        {
            var facet = _facets.Added[_stored];
            session.Execute("INSERT INTO facet (number, field, text) VALUES ($number, $field, $text)",
                ("$number", facet.Number), ("$field", IndexedFields.NameOf(facet.Field)), ("$text", facet.Text));
        }
        return _facets.Numbers();
    }

    /// <summary>Tells the index; after the commit.</summary>
    public void Committed()
    {
        if (_changes.Count == 0) return;
        index.Change(() =>
        {
            foreach (var facet in _facets.Added) index.Facets.Commit(facet.Field, facet.Text);
            foreach (var (number, id, columns, facets, before) in _changes)
            {
                index.Set(number, id, columns);
                foreach (var facet in before)
                {
                    if (Array.BinarySearch(facets, facet) < 0) index.HasNot(number, facet);
                }
                foreach (var facet in facets)
                {
                    if (before.BinarySearch(facet) < 0) index.Has(number, facet);
                }
            }
        });
    }

    /// <summary>Gives back what was taken for findings that were not written after all.</summary>
    public void Failed()
    {
        foreach (var facet in _facets.Added) index.Facets.Forget(facet.Field, facet.Text);
        foreach (var number in _taken) index.GiveBack(number);
    }

    private static long[] Columns(Finding finding)
    {
        var columns = new long[FindingColumns.Number];
        for (var column = 0; column < columns.Length; column++) columns[column] = FindingColumns.Read((FindingColumn)column, finding);
        return columns;
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
