using System.Collections.Concurrent;
using Yagura.Core.Ports;

namespace Yagura.Tests;

/// <summary>Keeps what a test sees quarantined.</summary>
internal sealed class QuarantineInMemory : IQuarantine
{
    public ConcurrentQueue<QuarantinedItem> Items { get; } = new();

    /// <summary>Refuses everything.</summary>
    public bool IsFull { get; set; }

    public void Put(IReadOnlyList<QuarantinedItem> items)
    {
        if (IsFull) throw new IOException("the quarantine is full");
        foreach (var item in items) Items.Enqueue(item);
    }
}
