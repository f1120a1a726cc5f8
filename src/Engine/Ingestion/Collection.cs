using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Yagura.Core.Ports;

namespace Yagura.Engine.Ingestion;

/// <summary>Several sources read as one, each in turn as long as it has something.</summary>
public static class Collection
{
    /// <summary>What arrives from any of the sources, without end until it is cancelled. A reader that is slow slows them all: beyond what they hold
    /// themselves, one object of each waits.</summary>
    public static async IAsyncEnumerable<(ILogSource Source, ILogDelivery Delivery)> Deliveries(
        IReadOnlyList<ILogSource> sources, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var next = Channel.CreateBounded<(ILogSource, ILogDelivery)>(Math.Max(1, sources.Count));
        var pumping = Task.WhenAll(sources.Select(source => Task.Run(() => Pump(source, next.Writer, stop.Token), CancellationToken.None)));
        try
        {
            await foreach (var one in next.Reader.ReadAllAsync(cancel)) yield return one;
        }
        finally
        {
            await stop.CancelAsync();
            await pumping;
        }
    }

    private static async Task Pump(ILogSource source, ChannelWriter<(ILogSource, ILogDelivery)> next, CancellationToken cancel)
    {
        try
        {
            await foreach (var delivery in source.Deliveries(cancel)) await next.WriteAsync((source, delivery), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The reader has left.
        }
        catch (Exception bug)
        {
            next.TryComplete(bug); // the world's failures are the source's own affair: this is none
        }
    }
}
