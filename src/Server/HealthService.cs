using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Core.Ports;
using Yagura.Engine.Health;
using Yagura.Engine.Live;

namespace Yagura.Server;

/// <summary>Looks once a minute whether all that should come does come, and tells what is wrong as findings.</summary>
internal sealed partial class HealthService(HealthWatch watch, LiveEngine engine, IFindingStore findings, TimeProvider time, ILogger<HealthService> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        string? trouble = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (engine.Trouble is { } now && now != trouble) Waiting(now);
            trouble = engine.Trouble;
            try
            {
                var found = await watch.Look([], stoppingToken);
                if (found.Count > 0) await findings.Put(found, stoppingToken);
            }
            catch (Exception e) when (e is IOException or StorageException)
            {
                Failed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "nothing can be kept at the moment; everything waits: {Trouble}")]
    private partial void Waiting(string trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "the health of the sources cannot be judged")]
    private partial void Failed(Exception fault);
}

/// <summary>Forgets what has been kept for as long as it was to be.</summary>
internal sealed partial class RetentionService(ServerOptions options, IFindingStore findings, ILedger ledger, TimeProvider time, ILogger<RetentionService> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var now = time.GetUtcNow();
                var gone = options.FindingRetention is { } retention ? await findings.Prune(now - retention, stoppingToken) : 0;
                await ledger.Prune(now - options.LedgerRetention, stoppingToken);
                if (gone > 0) Pruned(gone);
            }
            catch (Exception e) when (e is IOException or StorageException)
            {
                Failed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} findings were older than they are kept for")]
    private partial void Pruned(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "what is too old cannot be removed")]
    private partial void Failed(Exception fault);
}
