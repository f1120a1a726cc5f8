using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Core.Ports;
using Yagura.Engine.Live;
using Yagura.Engine.State;

namespace Yagura.Server;

/// <summary>Runs the engine over all sources. Where it cannot go on, the server ends: a watch that looks on with closed eyes is worse than none.</summary>
internal sealed partial class Detection(LiveEngine engine, IReadOnlyList<ILogSource> sources, IHostApplicationLifetime lifetime, ILogger<Detection> log) : BackgroundService
{
    /// <summary>Why it ended; null while it runs, or as was asked for.</summary>
    public string? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the server starts meanwhile
        try
        {
            await engine.Run(sources, stoppingToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failure = e is StateException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            Ended(e);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "detection cannot go on; the server stops")]
    private partial void Ended(Exception fault);
}
