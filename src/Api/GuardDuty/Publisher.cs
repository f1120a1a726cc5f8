using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Publishes findings: new ones at once, later occurrences as often as the detector says.</summary>
/// <remarks>A member's findings follow the detector of its administrator. Where nobody set a detector up, its default counts. Source: user guide, "Frequency for publishing updated active findings".</remarks>
internal sealed partial class Publisher(Backend backend, IPublications publications, ILogger<Publisher> log) : BackgroundService
{
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(50), AgainInterval = TimeSpan.FromSeconds(5);

    private DateTimeOffset _again = DateTimeOffset.MinValue;

    /// <summary>Publishes what is due now.</summary>
    public async Task PublishAll(CancellationToken cancel)
    {
        await PublishAgain(cancel);
        await publications.PublishFirst(backend.Time.GetUtcNow(), cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = FirstInterval;
            try
            {
                var now = backend.Time.GetUtcNow();
                await publications.PublishFirst(now, stoppingToken);
                if (now - _again >= AgainInterval || now < _again)
                {
                    await PublishAgain(stoppingToken);
                    _again = now;
                }
            }
            catch (StorageException fault)
            {
                Failed(fault);
                wait = AgainInterval;
            }
            await Task.Delay(wait, backend.Time, stoppingToken);
        }
    }

    private async Task PublishAgain(CancellationToken cancel)
    {
        var periods = (await backend.Documents.List(new(Kinds.Detector.Name), cancel))
            .GroupBy(document => (document.Key.Account, document.Key.Region)).ToDictionary(group => group.Key, group => Detectors.PeriodOf(Kinds.Detector.Read(group.First())));
        var administrators = (await backend.Documents.List(new(Kinds.Administrator.Name), cancel)).Select(document => (document.Key, Value: Kinds.Administrator.Read(document)))
            .Where(link => link.Value.Relationship is Relationship.Enabled or Relationship.Disabled).ToDictionary(link => (link.Key.Account, link.Key.Region), link => link.Value.AccountId);
        await publications.PublishAgain(
            backend.Time.GetUtcNow(), (account, region) => periods.GetValueOrDefault((administrators.GetValueOrDefault((account, region), account), region), Detectors.DefaultPeriod), cancel);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "findings cannot be published: the store fails")]
    private partial void Failed(Exception fault);
}
