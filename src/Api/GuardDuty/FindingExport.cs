using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Api.Wire;
using Yagura.Core.Findings;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Writes what is published to publishing destinations, each of which is a reader of <see cref="IPublications"/>.</summary>
/// <remarks>An object is gzip over JSON lines under <c>[prefix/]AWSLogs/account/GuardDuty/region/yyyy/MM/dd/uuid.jsonl.gz</c>. A destination that cannot be written keeps its place and
/// goes on from there; an object that was written before a crash is written once more under the same key. Source: user guide, "Exporting findings".</remarks>
internal sealed partial class FindingExport(Backend backend, IPublications publications, IExportBuckets buckets, ILogger<FindingExport> log) : BackgroundService
{
    /// <summary>How long what is published may wait.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Most findings that are looked at for one object.</summary>
    private const int Batch = 1000;

    /// <summary>Exports what is due now.</summary>
    public async Task ExportAll(CancellationToken cancel)
    {
        foreach (var document in await backend.Documents.List(new(Kinds.Destination.Name), cancel))
        {
            var destination = Kinds.Destination.Read(document);
            if (destination.Status is not (DestinationStatus.Publishing or DestinationStatus.UnableToPublish)) continue;
            if (await DetectorOf(document.Key, cancel) is not { Enabled: true }) continue;
            DateTimeOffset? failing = await Export(document.Key, destination, cancel) ? null : destination.FailingSince ?? backend.Time.GetUtcNow();
            if (failing == destination.FailingSince) continue;
            await SetFailing(document, destination with { FailingSince = failing, Status = failing is null ? DestinationStatus.Publishing : DestinationStatus.UnableToPublish }, cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ExportAll(stoppingToken);
            }
            catch (StorageException fault)
            {
                Failed(fault);
            }
            await Task.Delay(Interval, backend.Time, stoppingToken);
        }
    }

    /// <returns>False where the destination could not be written.</returns>
    private async Task<bool> Export(DocumentKey key, Destination destination, CancellationToken cancel)
    {
        var reader = $"export {key.Account} {key.Region} {key.Id}";
        var accounts = await Membership.AccountsOf(backend.Documents, key.Account, key.Region, cancel);
        try
        {
            // A new destination gets what comes from now on.
            while (await publications.Next(reader, Batch, cancel) is { IsNew: true } page)
            {
                var findings = page.Publications.Select(publication => publication.Finding)
                    .Where(finding => finding.Region == key.Region && accounts.Contains(finding.AccountId, StringComparer.Ordinal)).ToList();
                if (findings.Count > 0)
                {
                    var (bucket, prefix) = destination.Place(key.Account, key.Region);
                    var name = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Id} {page.After}")).AsSpan(0, 16));
                    await buckets.Write(bucket, $"{prefix}{backend.Time.GetUtcNow():yyyy'/'MM'/'dd}/{name}.jsonl.gz", Compress(findings), destination.KmsKeyArn, cancel);
                }
                await publications.Done(reader, page, cancel);
            }
            return true;
        }
        catch (IOException failure)
        {
            Unreachable(failure, destination.Arn);
            return false;
        }
    }

    private static byte[] Compress(IEnumerable<Finding> findings)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            foreach (var finding in findings)
            {
                gzip.Write(FindingJson.ToUtf8(finding));
                gzip.WriteByte((byte)'\n');
            }
        }
        return bytes.ToArray();
    }

    private async Task<Detector?> DetectorOf(DocumentKey key, CancellationToken cancel)
    {
        var detectors = await backend.Documents.List(new(Kinds.Detector.Name, key.Account, key.Region), cancel);
        return detectors is [var detector, ..] ? Kinds.Detector.Read(detector) : null;
    }

    private async Task SetFailing(Document document, Destination destination, CancellationToken cancel)
    {
        try
        {
            await backend.Documents.Put(document.Key, Kinds.Destination.Write(destination), document.Version, cancel: cancel);
        }
        catch (DocumentConflictException)
        {
            // Somebody changed the destination: the next round sees what is wanted now.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "findings cannot be exported: the store fails")]
    private partial void Failed(Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "findings cannot be exported to {Destination}")]
    private partial void Unreachable(Exception failure, string destination);
}
