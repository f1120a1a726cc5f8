using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Ledger;

namespace Yagura.Engine.Live;

/// <summary>What becomes of a group of objects.</summary>
/// <param name="Entries">Of each object what became of it; null where it could not be had.</param>
/// <param name="Findings">What there is to tell.</param>
/// <param name="Withdrawn">Ids of findings that are none after all.</param>
/// <param name="Notes">What else the ledger is to know.</param>
internal sealed record LiveWork(IReadOnlyList<ReadObject> Objects, IReadOnlyList<ObjectEntry?> Entries, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Withdrawn,
    IReadOnlyList<LedgerEntry> Notes);

/// <summary>Writes what the engine does, as often as it takes: while the disk is full or the database is locked, everything waits and nothing is lost.</summary>
internal sealed class LiveStore(LiveStores stores, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(10);

    private volatile string? _trouble;

    /// <summary>Why nothing can be written at the moment; null while all is well.</summary>
    public string? Trouble => _trouble;

    /// <param name="answered">Is told of each object when it is durable, or was given back.</param>
    public async Task Write(LiveWork work, Action<ReadObject, ObjectEntry?> answered, CancellationToken cancel)
    {
        if (work.Objects.Count + work.Findings.Count + work.Withdrawn.Count + work.Notes.Count == 0) return;
        var now = time.GetUtcNow();
        var entries = new List<LedgerEntry>(work.Notes);
        var items = new List<QuarantinedItem>();
        foreach (var (one, entry) in work.Objects.Zip(work.Entries))
        {
            if (entry is null) continue;
            entries.Add(LedgerEntries.Of(one.Source.Name, one.Delivery.Object, entry, now));
            items.AddRange(Quarantined(one, entry));
        }
        await Persist(async () =>
        {
            // An object that the ledger calls settled is not read again: what it left behind has to be there before.
            if (items.Count > 0) await stores.Quarantine.Put(items, cancel);
            foreach (var ids in work.Withdrawn.Chunk(FindingQuery.MostIds)) await stores.Findings.SetArchived(FindingScope.Everything, ids, archived: true, cancel);
            await Task.WhenAll(
                work.Findings.Count > 0 ? Put(work.Findings, cancel) : Task.CompletedTask,
                entries.Count > 0 ? stores.Ledger.Record(entries, cancel) : Task.CompletedTask);
        }, cancel);
        var failed = new List<LedgerEntry>();
        foreach (var (one, entry) in work.Objects.Zip(work.Entries))
        {
            if (entry is not null) one.Delivery.Commit();
            else
            {
                var again = one.Delivery.Fail(one.Failure!);
                failed.Add(LedgerEntries.Of(one.Source.Name, one.Delivery.Object, again ? LedgerState.Discovered : LedgerState.Missing, now, one.Failure!));
            }
            answered(one, entry);
        }
        if (failed.Count > 0) await Persist(() => stores.Ledger.Record(failed, cancel), cancel);
    }

    private async Task Put(IReadOnlyList<Finding> findings, CancellationToken cancel)
    {
        var told = stores.Suppression is { } suppression ? await suppression.Apply(findings, cancel) : new(findings, []);
        await stores.Findings.Put(told.Findings, told.Hits, cancel);
    }

    /// <summary>Does what writes until it succeeds.</summary>
    public async Task<T> Persist<T>(Func<T> write, CancellationToken cancel)
    {
        var result = default(T)!;
        await Persist(() =>
        {
            result = write();
            return Task.CompletedTask;
        }, cancel);
        return result;
    }

    private async Task Persist(Func<Task> write, CancellationToken cancel)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await write();
                _trouble = null;
                return;
            }
            catch (Exception e) when (e is IOException or StorageException or UnauthorizedAccessException)
            {
                _trouble = e.Message;
            }
            await Task.Delay(pause, time, cancel);
        }
    }

    private static IEnumerable<QuarantinedItem> Quarantined(ReadObject one, ObjectEntry entry)
    {
        var name = one.Delivery.Object.Name;
        foreach (var record in one.Result!.Quarantined)
            yield return new(record.Record == 0 ? QuarantinedKind.Object : QuarantinedKind.Record, one.Source.Name, name, record.Record, record.Field, record.Reason, record.Bytes);
        if (one.Result.NotKept > 0)
        {
            yield return new(
                QuarantinedKind.Object, one.Source.Name, name, 0, "",
                string.Create(CultureInfo.InvariantCulture, $"{one.Result.NotKept} more records of {entry.Name} could not be used; they are counted only"), ReadOnlyMemory<byte>.Empty);
        }
    }
}
