using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Api.Suppressions;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Health;

namespace Yagura.Server;

/// <summary>Looks once a minute at the suppression rules and at what was changed here, and tells as findings what somebody should look at.</summary>
internal sealed partial class SuppressionService(
    SuppressionReport report, WatchChanges changes, HealthFindings health, ISuppression suppression, IFindingStore findings, TimeProvider time, ILogger<SuppressionService> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        var untold = new List<Finding>(); // changes are read once: what could not be stored is kept until it can
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var finding in await changes.Look(stoppingToken))
                {
                    untold.RemoveAll(other => other.Id == finding.Id);
                    untold.Add(finding);
                }
                var told = await suppression.Apply([.. untold, .. (await report.Problems(stoppingToken)).Select(health.Build)], stoppingToken);
                if (told.Findings.Count > 0) await findings.Put(told.Findings, told.Hits, stoppingToken);
                untold.Clear();
            }
            catch (Exception e) when (e is IOException or StorageException)
            {
                Failed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the suppression rules cannot be judged")]
    private partial void Failed(Exception fault);
}
