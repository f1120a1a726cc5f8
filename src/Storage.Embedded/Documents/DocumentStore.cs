using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Documents;

/// <summary>Settings in SQLite.</summary>
public sealed class DocumentStore(Database database) : IDocumentStore
{
    public Task<Document?> Get(DocumentKey key, CancellationToken cancel = default) => Task.FromResult(database.Read(session =>
    {
        using var rows = session.Query(
            """
            SELECT kind, account, region, id, json, version
            FROM   document
            WHERE  kind = $kind AND account = $account AND region = $region AND id = $id
            """, ("$kind", key.Kind), ("$account", key.Account), ("$region", key.Region), ("$id", key.Id));
        return rows.Read() ? Read(rows) : null;
    }));

    public Task<IReadOnlyList<Document>> List(DocumentQuery query, CancellationToken cancel = default) => Task.FromResult(database.Read<IReadOnlyList<Document>>(session =>
    {
        var after = query.After ?? new DocumentKey("", "", "", "");
        using var rows = session.Query(
            """
            SELECT kind, account, region, id, json, version
            FROM   document
            WHERE  kind = $kind AND (account, region, id) > ($after_account, $after_region, $after_id)
              AND  ($account IS NULL OR account = $account) AND ($region IS NULL OR region = $region)
            ORDER  BY account, region, id
            LIMIT  $limit
            """,
            ("$kind", query.Kind), ("$after_account", after.Account), ("$after_region", after.Region), ("$after_id", after.Id),
            ("$account", query.Account), ("$region", query.Region), ("$limit", query.Limit));
        var documents = new List<Document>();
        while (rows.Read()) documents.Add(Read(rows));
        return documents;
    }));

    public Task<DocumentStamp> Stamp(string kind, CancellationToken cancel = default) => Task.FromResult(database.Read(session =>
    {
        using var rows = session.Query("SELECT count(*), ifnull(max(version), 0) FROM document INDEXED BY document_by_version WHERE kind = $kind", ("$kind", kind));
        rows.Read();
        return new DocumentStamp(rows.Long(0), rows.Long(1));
    }));

    public Task<IReadOnlyList<long>> Write(IReadOnlyList<DocumentChange> changes, AuditRecord? audit = null, CancellationToken cancel = default)
    {
        foreach (var change in changes) ArgumentOutOfRangeException.ThrowIfGreaterThan(change.Json?.Length ?? 0, DocumentChange.LargestJson, nameof(changes));
        return database.Write<IReadOnlyList<long>>(session =>
        {
            long[] versions = [.. changes.Select(change => Apply(session, change))];
            if (audit is not null) AuditLog.Append(session, audit);
            return versions;
        }, cancel: cancel);
    }

    private static long Apply(Session session, DocumentChange change)
    {
        var key = change.Key;
        var version = session.Number("SELECT version FROM document WHERE kind = $kind AND account = $account AND region = $region AND id = $id",
            ("$kind", key.Kind), ("$account", key.Account), ("$region", key.Region), ("$id", key.Id)) ?? 0;
        if (change.ExpectedVersion is { } expected && expected != version) throw new DocumentConflictException(key);
        if (change.Json is not { } json)
        {
            session.Execute("DELETE FROM document WHERE kind = $kind AND account = $account AND region = $region AND id = $id",
                ("$kind", key.Kind), ("$account", key.Account), ("$region", key.Region), ("$id", key.Id));
            return version;
        }
        version = session.Number("UPDATE counter SET value = value + 1 WHERE name = 'document' RETURNING value")!.Value;
        session.Execute(
            """
            INSERT INTO document (kind, account, region, id, version, json)
            VALUES ($kind, $account, $region, $id, $version, $json)
            ON CONFLICT (kind, account, region, id) DO UPDATE SET version = excluded.version, json = excluded.json
            """, ("$kind", key.Kind), ("$account", key.Account), ("$region", key.Region), ("$id", key.Id), ("$version", version), ("$json", json.ToArray()));
        return version;
    }

    private static Document Read(Statement rows) => new(new(rows.Text(0), rows.Text(1), rows.Text(2), rows.Text(3)), rows.Bytes(4).ToArray(), rows.Long(5));
}
