using System.Threading.Channels;
using Yagura.Core.Ports;

namespace Yagura.Api.Wire;

/// <summary>What the operations work on.</summary>
public sealed record Backend(IDocumentStore Documents, IFindingStore Findings, IAuditLog Audit, TimeProvider Time)
{
    /// <summary>What was read and what it would have cost; null where nobody counts.</summary>
    public IUsage? Usage { get; init; }

    /// <summary>What suppression rules did; null where nobody remembers.</summary>
    public ISuppressionHits? Hits { get; init; }

    /// <summary>Set when lists wait to be activated or dropped.</summary>
    internal Signal ListsChanged { get; } = new();

    /// <summary>Set when publishing destinations wait to be verified.</summary>
    internal Signal DestinationsChanged { get; } = new();
}

/// <summary>Wakes one waiter; set twice before it wakes, it wakes once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _set.Writer.TryWrite(true);

    public async Task Wait(CancellationToken cancel) => await _set.Reader.ReadAsync(cancel);
}
