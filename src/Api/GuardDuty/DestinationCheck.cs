using Microsoft.Extensions.Logging;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Finds out whether findings can be written to new destinations, by writing an empty object there as the real service does.</summary>
internal sealed class DestinationCheck(Backend backend, IExportBuckets buckets, ILogger<DestinationCheck> log) : PendingWork(backend, log, backend.DestinationsChanged)
{
    protected override async Task DoAll(CancellationToken cancel)
    {
        foreach (var (document, destination) in await Waiting(Kinds.Destination, one => one.Status == DestinationStatus.PendingVerification, cancel))
        {
            var (bucket, prefix) = destination.Place(document.Key.Account, document.Key.Region);
            await Finish(Kinds.Destination, document, await Try(bucket, prefix + "verification", destination, cancel), "DestinationChecked", cancel);
        }
    }

    private async Task<Destination> Try(string bucket, string key, Destination destination, CancellationToken cancel)
    {
        try
        {
            await buckets.Write(bucket, key, ReadOnlyMemory<byte>.Empty, destination.KmsKeyArn, cancel);
            return destination with { Status = DestinationStatus.Publishing, FailingSince = null };
        }
        catch (IOException)
        {
            return destination with { Status = DestinationStatus.UnableToPublish, FailingSince = Backend.Time.GetUtcNow() };
        }
    }
}
