using System.Collections.Concurrent;
using Yagura.Core.Ports;

namespace Yagura.Tests;

/// <summary>Keeps what a test sees quarantined.</summary>
internal sealed class QuarantineInMemory : IQuarantine
{
    private readonly ConcurrentDictionary<long, QuarantinedItem> _items = new();
    private long _number;

    public IEnumerable<QuarantinedItem> Items => _items.OrderBy(item => item.Key).Select(item => item.Value);

    /// <summary>Refuses everything.</summary>
    public bool IsFull { get; set; }

    public Task Put(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel = default)
    {
        if (IsFull) throw new IOException("the quarantine is full");
        foreach (var item in items) _items[Interlocked.Increment(ref _number)] = item;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QuarantineEntry>> List(long? before, int most, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<QuarantineEntry>>([.. _items.OrderByDescending(item => item.Key).Where(item => before is null || item.Key < before).Take(most).Select(Entry)]);

    public Task<QuarantineEntry?> Get(long number, CancellationToken cancel = default) =>
        Task.FromResult(_items.TryGetValue(number, out var item) ? Entry(new(number, item)) : null);

    public Task<int> Remove(IReadOnlyList<long> numbers, CancellationToken cancel = default) => Task.FromResult(numbers.Count(number => _items.TryRemove(number, out _)));

    public Task<QuarantineSize> Size(CancellationToken cancel = default) => Task.FromResult(new QuarantineSize(_items.Count, _items.Sum(item => (long)item.Value.Bytes.Length), 0));

    private static QuarantineEntry Entry(KeyValuePair<long, QuarantinedItem> item) => new(item.Key, DateTimeOffset.UnixEpoch, item.Value);
}
