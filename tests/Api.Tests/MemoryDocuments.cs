using System.Collections.Concurrent;
using Yagura.Core.Ports;

namespace Yagura.Api.Tests;

/// <summary>Documents and audit entries in memory, for tests of what works on them.</summary>
internal sealed class MemoryDocuments : IDocumentStore, IAuditLog
{
    private readonly ConcurrentDictionary<DocumentKey, Document> _documents = new();
    private readonly List<AuditEntry> _entries = [];
    private long _version;

    /// <summary>What was done, in the order in which it was done.</summary>
    public IReadOnlyList<AuditRecord> Records => [.. _entries.Select(entry => entry.Record)];

    public Task<Document?> Get(DocumentKey key, CancellationToken cancel = default) => Task.FromResult(_documents.GetValueOrDefault(key));

    public Task<IReadOnlyList<Document>> List(DocumentQuery query, CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<Document>>(
    [
        .. _documents.Values
            .Where(document => document.Key.Kind == query.Kind && (query.Account ?? document.Key.Account) == document.Key.Account && (query.Region ?? document.Key.Region) == document.Key.Region)
            .OrderBy(document => document.Key.Account, StringComparer.Ordinal).ThenBy(document => document.Key.Region, StringComparer.Ordinal).ThenBy(document => document.Key.Id, StringComparer.Ordinal)
            .Take(query.Limit),
    ]);

    public Task<DocumentStamp> Stamp(string kind, CancellationToken cancel = default)
    {
        var versions = _documents.Values.Where(document => document.Key.Kind == kind).Select(document => document.Version).ToList();
        return Task.FromResult(new DocumentStamp(versions.Count, versions.DefaultIfEmpty().Max()));
    }

    public Task<IReadOnlyList<long>> Write(IReadOnlyList<DocumentChange> changes, AuditRecord? audit = null, CancellationToken cancel = default)
    {
        if (audit is not null) Append(audit, cancel);
        var versions = new List<long>();
        foreach (var (key, json, _) in changes)
        {
            if (json is { } bytes)
            {
                versions.Add(++_version);
                _documents[key] = new(key, bytes, _version);
            }
            else versions.Add(_documents.TryRemove(key, out var removed) ? removed.Version : 0);
        }
        return Task.FromResult<IReadOnlyList<long>>(versions);
    }

    public Task<AuditEntry> Append(AuditRecord record, CancellationToken cancel = default)
    {
        lock (_entries) _entries.Add(new(_entries.Count + 1, record, ""));
        return Task.FromResult(_entries[^1]);
    }

    public Task<IReadOnlyList<AuditEntry>> Read(long after, int limit, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<AuditEntry>>([.. _entries.Skip((int)after).Take(limit)]);

    public Task<AuditVerdict> Verify(AuditHead? known = null, CancellationToken cancel = default) => throw new NotSupportedException("the hashes are not kept");
}
