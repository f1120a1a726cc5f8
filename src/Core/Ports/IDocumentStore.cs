namespace Yagura.Core.Ports;

/// <summary>Keeps settings of all kinds (detectors, filters, lists, members, keys): small JSON texts under keys, each with a version.</summary>
/// <remarks>A task that writes ends when the change is on disk. Every method may throw <see cref="StorageException"/>.</remarks>
public interface IDocumentStore
{
    Task<Document?> Get(DocumentKey key, CancellationToken cancel = default);

    /// <summary>Documents in the order of their keys.</summary>
    Task<IReadOnlyList<Document>> List(DocumentQuery query, CancellationToken cancel = default);

    /// <summary>Changes whenever a document of a kind is put or deleted; costs far less than reading them.</summary>
    Task<DocumentStamp> Stamp(string kind, CancellationToken cancel = default);

    /// <summary>Makes all the changes or none, and notes in the audit log who made them.</summary>
    /// <returns>The versions, change by change: of a document that was put the new one, of one that was deleted the last one, 0 where none was there.</returns>
    /// <exception cref="DocumentConflictException">A document has another version than a change expects; nothing was changed.</exception>
    Task<IReadOnlyList<long>> Write(IReadOnlyList<DocumentChange> changes, AuditRecord? audit = null, CancellationToken cancel = default);
}

/// <param name="Kind">Such as <c>detector</c> or <c>filter</c>; the words are those of who keeps the documents.</param>
/// <param name="Account">Empty for what belongs to no account.</param>
/// <param name="Region">Empty for what belongs to no region.</param>
public sealed record DocumentKey(string Kind, string Account, string Region, string Id);

/// <param name="Version">Grows with every change of any document; never 0.</param>
public sealed record Document(DocumentKey Key, ReadOnlyMemory<byte> Json, long Version);

/// <summary>What a kind of documents looks like from afar: two that are equal stand for the same documents.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Latest">The greatest version among them; 0 where there are none.</param>
public readonly record struct DocumentStamp(long Count, long Latest);

/// <param name="Account">Null for all.</param>
/// <param name="Region">Null for all.</param>
public sealed record DocumentQuery(string Kind, string? Account = null, string? Region = null)
{
    /// <summary>The last one of the page before; null for the first page.</summary>
    public DocumentKey? After { get; init; }

    /// <summary>Most documents to return.</summary>
    public int Limit { get; init; } = int.MaxValue;
}

/// <param name="Json">At most <see cref="LargestJson"/> bytes; null deletes the document.</param>
/// <param name="ExpectedVersion">The version that the document must have now, 0 where it must not be there; null for any.</param>
public sealed record DocumentChange(DocumentKey Key, ReadOnlyMemory<byte>? Json, long? ExpectedVersion = null)
{
    public const int LargestJson = 16 << 20;
}

/// <summary>Somebody else changed a document in the meantime.</summary>
public sealed class DocumentConflictException(DocumentKey key) : Exception($"{key.Kind} {key.Id} was changed by somebody else in the meantime")
{
    public DocumentKey Key { get; } = key;
}

public static class DocumentStoreExtensions
{
    /// <returns>The new version.</returns>
    /// <inheritdoc cref="IDocumentStore.Write"/>
    public static async Task<long> Put(
        this IDocumentStore store, DocumentKey key, ReadOnlyMemory<byte> json, long? expectedVersion = null, AuditRecord? audit = null, CancellationToken cancel = default) =>
        (await store.Write([new(key, json, expectedVersion)], audit, cancel))[0];

    /// <returns>False where none was there.</returns>
    /// <inheritdoc cref="IDocumentStore.Write"/>
    public static async Task<bool> Delete(
        this IDocumentStore store, DocumentKey key, long? expectedVersion = null, AuditRecord? audit = null, CancellationToken cancel = default) =>
        (await store.Write([new(key, null, expectedVersion)], audit, cancel))[0] != 0;
}
