using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yagura.Api.Wire;
using Yagura.Core.Findings;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Writes current findings to publishing destinations: new ones within moments, later occurrences as often as the detector says.</summary>
/// <remarks>An object is gzip over JSON lines under <c>[prefix/]AWSLogs/account/GuardDuty/region/yyyy/MM/dd/uuid.jsonl.gz</c>. A destination that cannot be written keeps its place and
/// goes on from there; an object that was written before a crash is written once more under the same key. Source: user guide, "Exporting findings".</remarks>
internal sealed partial class FindingExport(Backend backend, IExportBuckets buckets, ILogger<FindingExport> log) : BackgroundService
{
    /// <summary>How long a new finding may wait.</summary>
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
            if (await DetectorOf(document.Key, cancel) is not { Enabled: true } detector) continue;
            DateTimeOffset? failing = await Export(document.Key, destination, detector, cancel) ? null : destination.FailingSince ?? backend.Time.GetUtcNow();
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
    private async Task<bool> Export(DocumentKey key, Destination destination, Detector detector, CancellationToken cancel)
    {
        var now = backend.Time.GetUtcNow();
        var known = await backend.Documents.Get(key with { Kind = Kinds.ExportState.Name }, cancel);
        // A new destination gets what comes from now on.
        var state = known is null ? new(await LatestChange(cancel), now, await LatestChange(cancel), now) : Kinds.ExportState.Read(known);
        var accounts = await Membership.AccountsOf(backend.Documents, key.Account, key.Region, cancel);
        bool IsMine(Finding finding) => !finding.Service.Archived && finding.Region == key.Region && accounts.Contains(finding.AccountId, StringComparer.Ordinal);
        bool IsNew(Finding finding) => finding.CreatedAt == finding.UpdatedAt || finding.CreatedAt >= state.NewAt;
        try
        {
            var newAfter = await Write(key, destination, "new", state.NewAfter, finding => IsMine(finding) && IsNew(finding), cancel);
            var repeats = now - state.RepeatsAt >= Detectors.PeriodOf(detector);
            var repeatsAfter = repeats ? await Write(key, destination, "repeats", state.RepeatsAfter, finding => IsMine(finding) && finding.CreatedAt != finding.UpdatedAt, cancel) : state.RepeatsAfter;
            var reached = new ExportState(newAfter, newAfter == state.NewAfter ? state.NewAt : now, repeatsAfter, repeats ? now : state.RepeatsAt);
            if (known is null || reached != state) await backend.Documents.Put(key with { Kind = Kinds.ExportState.Name }, Kinds.ExportState.Write(reached), cancel: cancel);
            return true;
        }
        catch (IOException failure)
        {
            Unreachable(failure, destination.Arn);
            return false;
        }
    }

    /// <returns>The last change that was looked at.</returns>
    private async Task<long> Write(DocumentKey key, Destination destination, string pass, long after, Func<Finding, bool> wanted, CancellationToken cancel)
    {
        while (await backend.Findings.Changes(after, Batch, cancel) is { Count: > 0 } changes)
        {
            var findings = changes.Select(change => change.Finding).Where(wanted).ToList();
            if (findings.Count > 0)
            {
                var (bucket, prefix) = destination.Place(key.Account, key.Region);
                var name = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Id} {pass} {after} {changes[^1].Sequence}")).AsSpan(0, 16));
                await buckets.Write(bucket, $"{prefix}{backend.Time.GetUtcNow():yyyy'/'MM'/'dd}/{name}.jsonl.gz", Compress(findings), destination.KmsKeyArn, cancel);
            }
            after = changes[^1].Sequence;
            if (changes.Count < Batch) break;
        }
        return after;
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

    // Whether there is a change after a number is cheap to ask, so the last one is found by halving.
    private async Task<long> LatestChange(CancellationToken cancel)
    {
        async Task<bool> IsAfter(long number) => (await backend.Findings.Changes(number, 1, cancel)).Count > 0;
        long below = 0, above = 1;
        while (await IsAfter(above)) (below, above) = (above, above * 2);
        while (below < above)
        {
            var middle = below + ((above - below) / 2);
            if (await IsAfter(middle)) below = middle + 1;
            else above = middle;
        }
        return below;
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

/// <summary>How far the export to a destination has come.</summary>
/// <param name="NewAfter">The last change that was looked at for new findings.</param>
/// <param name="NewAt">When: a finding that was created later is new.</param>
/// <param name="RepeatsAfter">The last change that was looked at for later occurrences.</param>
internal sealed record ExportState(long NewAfter, DateTimeOffset NewAt, long RepeatsAfter, DateTimeOffset RepeatsAt);
