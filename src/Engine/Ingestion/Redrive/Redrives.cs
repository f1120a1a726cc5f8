using System.Globalization;
using System.IO.Hashing;
using System.Threading.Channels;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Engine.Ingestion.Redrive;

/// <summary>Where things in quarantine can be had again.</summary>
/// <param name="Open">Opens an object by its name: a path or <c>s3://…</c>; fails with <see cref="IOException"/>.</param>
/// <param name="ObjectsOf">The objects that a message names; empty where it cannot be understood.</param>
public sealed record RedrivePlaces(Func<LogObjectReference, CancellationToken, Task<Stream>> Open, Func<ReadOnlyMemory<byte>, IReadOnlyList<LogObjectReference>> ObjectsOf);

/// <summary>Drives what is in quarantine again: exactly those records and objects, under their own names.</summary>
/// <remarks>A record comes as an object of its own, <c>name#number</c>. What could be used this time leaves the quarantine.</remarks>
public sealed class Redrives(IQuarantine quarantine, ILedger ledger, RedrivePlaces places, TimeProvider time) : ILogSource
{
    private readonly Channel<ILogDelivery> _waiting = Channel.CreateBounded<ILogDelivery>(1);
    private readonly SourceTally _tally = new(time);

    public string Name => "redrive";

    public SourceStatus Status => _tally.Status();

    public IAsyncEnumerable<ILogDelivery> Deliveries(CancellationToken cancel = default) => _waiting.Reader.ReadAllAsync(cancel);

    /// <summary>Ends when the item was read again, which needs somebody who reads <see cref="Deliveries"/>.</summary>
    /// <param name="number">The item's number.</param>
    /// <returns>Null where all of it could be used; else why not.</returns>
    /// <exception cref="IOException">The quarantine or the ledger cannot be used now.</exception>
    public async Task<string?> Redrive(long number, CancellationToken cancel)
    {
        if (await quarantine.Get(number, cancel) is not { Item: var item }) return "it is not in quarantine";
        IReadOnlyList<Again> all = item.Kind switch
        {
            QuarantinedKind.Record => [OfRecord(item)],
            QuarantinedKind.Object => [new(await ReferenceOf(item.Object, cancel), places.Open, _tally)],
            QuarantinedKind.Message => [.. places.ObjectsOf(item.Bytes).Select(reference => new Again(reference, places.Open, _tally))],
        };
        if (all.Count == 0) return "it names nothing that could be read";
        foreach (var again in all)
        {
            await _waiting.Writer.WriteAsync(again, cancel);
            if (await again.Answer.WaitAsync(cancel) is { } failure) return failure;
            if (await StillUnusable(again.Object, cancel) is { } reason) return reason;
        }
        await quarantine.Remove([number], cancel);
        return null;
    }

    // In the version that the ledger has, so that its entry becomes what the object becomes now.
    private async Task<LogObjectReference> ReferenceOf(string name, CancellationToken cancel)
    {
        var known = (await ledger.Find(name, cancel)).FirstOrDefault(entry => entry.State is LedgerState.Quarantined or LedgerState.Missing);
        return new(name, known is { Size: > 0 } ? known.Size : null, known is { Version.Length: > 0 } ? known.Version : null, known?.Written);
    }

    private Again OfRecord(QuarantinedItem item)
    {
        var bytes = item.Bytes.ToArray();
        var version = XxHash128.HashToUInt128(bytes).ToString("x32", CultureInfo.InvariantCulture);
        return new(
            new(string.Create(CultureInfo.InvariantCulture, $"{item.Object}#{item.Record}"), bytes.Length, version, time.GetUtcNow()),
            (_, _) => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)), _tally);
    }

    private async Task<string?> StillUnusable(LogObjectReference reference, CancellationToken cancel)
    {
        var entry = (await ledger.Find(reference.Name, cancel)).FirstOrDefault(entry => entry.Version == (reference.Version ?? ""));
        if (entry is null || !entry.State.IsSettled()) return "it was not read to the end";
        if (entry.State == LedgerState.Quarantined) return entry.Reason.Length > 0 ? entry.Reason : "nothing in it can be read";
        return entry.Records.Values.Sum(records => records.Quarantined) is > 0 and var left ? $"{left} records in it still cannot be used" : null;
    }

    private sealed class Again : ILogDelivery
    {
        private readonly Func<LogObjectReference, CancellationToken, Task<Stream>> _open;
        private readonly SourceTally _tally;
        private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Again(LogObjectReference reference, Func<LogObjectReference, CancellationToken, Task<Stream>> open, SourceTally tally)
        {
            (Object, _open, _tally) = (reference, open, tally);
            tally.Arrived();
        }

        public LogObjectReference Object { get; }

        /// <summary>Why it could not be read; null where it is committed.</summary>
        public Task<string?> Answer => _answer.Task;

        public Task<Stream> Open(CancellationToken cancel = default) => _open(Object, cancel);

        public void Commit()
        {
            _tally.Committed();
            _answer.SetResult(null);
        }

        public bool Fail(string reason)
        {
            _tally.Failed();
            _answer.SetResult(reason);
            return false; // it stays in quarantine
        }
    }
}
