using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Matching;
using Yagura.Matching.Criteria;
using Yagura.Storage.Embedded.Index;
using Yagura.Storage.Embedded.Suppressions;

namespace Yagura.Storage.Embedded.Findings;

/// <summary>Findings in SQLite, with an index in memory that answers criteria (ADR 13).</summary>
/// <remarks>One process at a time: the index would not see what another one writes. A file beside the database holds the others off.</remarks>
public sealed class FindingStore : IFindingStore, IDisposable
{
    private const int MostChanges = 1000, PrunedTogether = 1000;

    private readonly Database _database;
    private readonly FileStream _guard;
    private readonly FindingIndex _index = new();
    private readonly PageTokens _tokens;

    private FindingStore(Database database, FileStream guard, PageTokens tokens, FindingIndex index) =>
        (_database, _guard, _tokens, _index) = (database, guard, tokens, index);

    /// <summary>Reads what the index needs: about a second for a million findings.</summary>
    /// <exception cref="StorageException">Another process serves these findings, or they cannot be read.</exception>
    public static async Task<FindingStore> Open(Database database, CancellationToken cancel = default)
    {
        var guard = Guard(database.Path + ".findings.lock");
        try
        {
            var index = new FindingIndex();
            var key = await database.Write(session =>
            {
                FindingLoader.Load(session, index);
                return session.Bytes("SELECT value FROM setting WHERE name = 'token key'")!;
            }, cancel: cancel);
            return new(database, guard, new(key), index);
        }
        catch
        {
            await guard.DisposeAsync();
            throw;
        }
    }

    private static FileStream Guard(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path}: another process serves these findings, or the file cannot be written ({e.Message})", e);
        }
    }

    public Task<PutResult> Put(IReadOnlyList<Finding> findings, IReadOnlyList<SuppressionHit> hits, CancellationToken cancel = default)
    {
        var hitsOf = hits.ToLookup(hit => hit.FindingId, StringComparer.Ordinal);
        var ids = findings.Select(finding => FindingId.Parse(finding.Id) ?? throw new ArgumentException($"{finding.Id}: an id has 32 lower-case hex digits", nameof(findings))).ToArray();
        return Write(findings.Count, writer =>
        {
            var result = new PutResult();
            for (var i = 0; i < ids.Length; i++)
            {
                var one = writer.Put(findings[i], ids[i], hitsOf[findings[i].Id]);
                result = new(result.Added + one.Added, result.Changed + one.Changed, result.Unchanged + one.Unchanged);
            }
            return result;
        }, cancel);
    }

    public Task<IReadOnlyList<StoredFinding>> Get(FindingScope scope, IReadOnlyList<string> ids, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, FindingQuery.MostIds, nameof(ids));
        return Task.FromResult(_database.Read<IReadOnlyList<StoredFinding>>(session =>
        {
            var found = new List<StoredFinding>(ids.Count);
            foreach (var id in ids)
            {
                using var rows = session.Query("SELECT json, sequence, account, region FROM finding JOIN finding_json USING (number) WHERE id = $id", ("$id", id));
                if (rows.Read() && FindingRow.Covers(scope, rows.Text(2), rows.Text(3))) found.Add(FindingRow.Read(rows));
            }
            return found;
        }));
    }

    public Task<FindingPage> List(FindingQuery query, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, FindingQuery.MostIds, nameof(query));
        var after = query.Token is { } token ? _tokens.Read(query, token) : (PagePlace?)null;
        return Task.FromResult(Answer(query.Scope, query.Criteria, matched =>
        {
            var places = PageOrder.Take(_index, matched, query.SortBy, query.Descending, after, query.Limit + 1);
            var page = places.Take(query.Limit).ToList();
            return new FindingPage([.. page.Select(place => FindingId.Text(_index.Id(place.Number)))], places.Count > page.Count ? _tokens.Write(query, page[^1]) : null);
        }, cancel));
    }

    public Task<IReadOnlyList<FindingGroup>> Statistics(FindingStatistics question, CancellationToken cancel = default) =>
        Task.FromResult(Answer<IReadOnlyList<FindingGroup>>(question.Scope, question.Criteria, matched => FindingTally.Groups(_index, matched, question), cancel));

    public Task<IReadOnlyList<string>> SetArchived(FindingScope scope, IReadOnlyList<string> ids, bool archived, CancellationToken cancel = default) =>
        Judge(scope, ids, archived, null, cancel);

    public Task<IReadOnlyList<string>> SetFeedback(FindingScope scope, IReadOnlyList<string> ids, UserFeedback feedback, CancellationToken cancel = default) =>
        Judge(scope, ids, null, feedback, cancel);

    public async Task<int> Prune(DateTimeOffset before, CancellationToken cancel = default)
    {
        var pruner = new FindingPruner(_index, before.ToUnixTimeMilliseconds(), PrunedTogether);
        int pruned = 0, together;
        do
        {
            together = await _database.Write(pruner.Remove, _ => pruner.Committed(), isAlone: true, cancel: cancel);
            pruned += together;
        }
        while (together == PrunedTogether);
        await _database.Write(session => HitWriter.Prune(session, before.ToUnixTimeMilliseconds()), cancel: cancel);
        return pruned;
    }

    public Task<IReadOnlyList<StoredFinding>> Changes(long after, int limit, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostChanges);
        return Task.FromResult(_database.Read<IReadOnlyList<StoredFinding>>(session =>
        {
            var found = new List<StoredFinding>();
            using var rows = session.Query(
                """
                SELECT json, sequence
                FROM   finding JOIN finding_json USING (number)
                WHERE  sequence > $after
                ORDER  BY sequence
                LIMIT  $limit
                """, ("$after", after), ("$limit", limit));
            while (rows.Read()) found.Add(FindingRow.Read(rows));
            return found;
        }));
    }

    public void Dispose()
    {
        _index.Dispose();
        _guard.Dispose();
    }

    private Task<IReadOnlyList<string>> Judge(FindingScope scope, IReadOnlyList<string> ids, bool? archived, UserFeedback? feedback, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, FindingQuery.MostIds, nameof(ids));
        return Write<IReadOnlyList<string>>(ids.Count, writer => [.. ids.Where(id => writer.Judge(scope, id, archived, feedback))], cancel);
    }

    private Task<T> Write<T>(int most, Func<FindingWriter, T> write, CancellationToken cancel)
    {
        FindingWriter? writer = null;
        return _database.Write(session => write(writer = new(session, _index, most)), _ => writer!.Committed(), () => writer?.Failed(), cancel: cancel);
    }

    private T Answer<T>(FindingScope scope, ReadOnlyMemory<byte>? json, Func<Bitmap, T> answer, CancellationToken cancel)
    {
        var criteria = json is { IsEmpty: false } given ? Parse(given) : null;
        if (criteria?.Conditions.Any(condition => IndexedFields.IsInJsonOnly(condition.Path)) != true) return _index.Read(() => answer(_index.Answer(scope, criteria)));
        var matched = _index.Read(() => _index.Answer(scope, criteria));
        LeaveMatching(matched, criteria, cancel);
        return _index.Read(() =>
        {
            matched.And(_index.Live); // some may have gone in the meantime
            return answer(matched);
        });
    }

    private static FindingCriteria Parse(ReadOnlyMemory<byte> json) =>
        FindingCriteria.TryParse(json, out var criteria, out var errors) ? criteria : throw new ArgumentException(string.Join("; ", errors), nameof(json));

    /// <summary>Reads the JSON of each: some 100,000 a second.</summary>
    private void LeaveMatching(Bitmap matched, FindingCriteria criteria, CancellationToken cancel)
    {
        var matcher = new Matcher<bool>();
        matcher.Add(true, criteria.ToCondition());
        var (buffer, hits) = (new MatchBuffer(), new List<bool>());
        _database.Read(session =>
        {
            foreach (var number in matched.Copy())
            {
                cancel.ThrowIfCancellationRequested();
                hits.Clear();
                if (session.Bytes("SELECT json FROM finding_json WHERE number = $number", ("$number", number)) is { } json) matcher.Match(json, buffer, hits);
                if (hits.Count == 0) matched.Clear(number);
            }
            return true;
        });
    }
}
