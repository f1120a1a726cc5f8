using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Core.Ports;

namespace Yagura.Api.Wire;

/// <summary>Does what the state of documents says is to be done: when it is told that there is something, at the start, and once in a while.</summary>
internal abstract partial class PendingWork(Backend backend, ILogger log, Signal signal) : BackgroundService
{
    /// <summary>How long it takes until what failed because the store did is tried again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    protected Backend Backend { get; } = backend;

    /// <summary>Does all that waits.</summary>
    protected abstract Task DoAll(CancellationToken cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DoAll(stoppingToken);
            }
            catch (Exception fault) when (fault is StorageException or DocumentConflictException)
            {
                Failed(fault);
            }
            using var rest = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(signal.Wait(rest.Token), Task.Delay(Rest, Backend.Time, rest.Token));
            await rest.CancelAsync();
        }
    }

    /// <summary>Every document of a kind that waits, of all accounts and regions.</summary>
    protected async Task<IReadOnlyList<(Document Document, T Value)>> Waiting<T>(DocumentKind<T> kind, Func<T, bool> waits, CancellationToken cancel)
        where T : class =>
        [.. (await Backend.Documents.List(new(kind.Name), cancel)).Select(document => (Document: document, Value: kind.Read(document))).Where(one => waits(one.Value))];

    /// <summary>Writes how it went, unless somebody changed the document meanwhile: then it waits once more, or not at all.</summary>
    protected async Task Finish<T>(DocumentKind<T> kind, Document document, T value, string action, CancellationToken cancel)
        where T : class
    {
        try
        {
            var (_, account, region, id) = document.Key;
            await Backend.Documents.Put(document.Key, kind.Write(value), document.Version,
                new(Backend.Time.GetUtcNow(), "yagura", action, $"{account}/{region}/{kind.Name}/{id}", kind.Write(value)), cancel);
        }
        catch (DocumentConflictException)
        {
            signal.Set();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "pending work has to wait")]
    private partial void Failed(Exception fault);
}
