using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Yagura.Api.GuardDuty;
using Yagura.Api.Wire;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Core.Ports;
using Yagura.Engine.Findings;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Findings;
using Yagura.Storage.Embedded.Publications;

namespace Yagura.Api.Tests;

public sealed class FindingExportTests : IAsyncLifetime
{
    private const string Account = "111122223333", Region = "eu-west-1";
    private static readonly DateTimeOffset Start = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FixedTime _time = new(Start);
    private readonly MemoryDocuments _documents = new();
    private readonly Buckets _buckets = new();
    private readonly Database _database;
    private FindingStore _findings = null!;
    private FindingExport _export = null!;
    private Publisher _publisher = null!;

    public FindingExportTests() => _database = Database.Open(_folder.Path);

    public async ValueTask InitializeAsync()
    {
        _findings = await FindingStore.Open(_database);
        var (backend, publications) = (new Backend(_documents, _findings, _documents, _time), new PublicationStore(_database));
        _publisher = new(backend, publications, NullLogger<Publisher>.Instance);
        _export = new(backend, publications, _buckets, NullLogger<FindingExport>.Instance);
        var detector = new Detector(true, "FIFTEEN_MINUTES", Start, Start, Features.Defaults(Start), new Dictionary<string, string>(StringComparer.Ordinal));
        await Put(Kinds.Detector, FindingKey.DetectorIdOf(Account, Region), detector);
        await Put(Kinds.Destination, "d", new Destination("arn:aws:s3:::findings/here", null, DestinationStatus.Publishing, null, new Dictionary<string, string>(StringComparer.Ordinal)));
        await Put(Kinds.Member, "444455556666", new Member("m@example.com", Relationship.Enabled, null, Start));
    }

    public async ValueTask DisposeAsync()
    {
        _export.Dispose();
        _publisher.Dispose();
        _findings.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task New_findings_go_out_at_once_and_repeats_with_the_period()
    {
        await Find("Recon:EC2/Portscan"); // before the destination was there: not exported until it comes again
        await Export();
        Assert.Empty(_buckets.Lines());

        _time.Now += TimeSpan.FromSeconds(5);
        await Find("Trojan:EC2/DropPoint");
        await Find("Trojan:EC2/DropPoint", "444455556666");
        await Find("Trojan:EC2/DropPoint", "999999999999"); // no member
        await Find("Trojan:EC2/DropPoint", region: "us-east-1");
        await Export();
        Assert.Equal(["Trojan:EC2/DropPoint", "Trojan:EC2/DropPoint"], _buckets.Lines());
        Assert.StartsWith("findings here/AWSLogs/111122223333/GuardDuty/eu-west-1/2026/09/01/", _buckets.Objects.Keys.Single(), StringComparison.Ordinal);

        _time.Now += TimeSpan.FromMinutes(5);
        await Find("Recon:EC2/Portscan", again: 2);
        await Export();
        Assert.Equal(2, _buckets.Lines().Count);
        _time.Now += TimeSpan.FromMinutes(10);
        await Export();
        await Export();
        Assert.Equal(3, _buckets.Lines().Count);
    }

    [Fact]
    public async Task Archived_findings_stay_here()
    {
        await Export();
        var finding = await Find("Trojan:EC2/DropPoint");
        await _findings.SetArchived(FindingScope.Everything, [finding.Id], true);
        await Export();
        Assert.Empty(_buckets.Lines());
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_later_and_the_destination_says_so_meanwhile()
    {
        await Export();
        await Find("Trojan:EC2/DropPoint");
        _buckets.IsDown = true;
        await Export();
        Assert.Equal((DestinationStatus.UnableToPublish, Start), await Status());
        _time.Now += TimeSpan.FromHours(1);
        _buckets.IsDown = false;
        await Export();
        Assert.Equal((DestinationStatus.Publishing, null), await Status());
        Assert.Equal(["Trojan:EC2/DropPoint"], _buckets.Lines());
    }

    private async Task Export()
    {
        await _publisher.PublishAll(default);
        await _export.ExportAll(default);
    }

    private async Task<(DestinationStatus, DateTimeOffset?)> Status()
    {
        var destination = Kinds.Destination.Read((await _documents.Get(new(Kinds.Destination.Name, Account, Region, "d")))!);
        return (destination.Status, destination.FailingSince);
    }

    private async Task<Finding> Find(string type, string account = Account, string region = Region, int again = 1)
    {
        Assert.True(FindingTypeCatalog.TryGet(type, out var entry));
        var sample = SampleFindings.Sample(entry, account, region, _time.Now);
        var finding = sample with { Service = sample.Service with { Count = again } };
        await _findings.Put([finding]);
        return finding;
    }

    private Task Put<T>(DocumentKind<T> kind, string id, T value)
        where T : class => _documents.Put(new(kind.Name, Account, Region, id), kind.Write(value));

    private sealed class Buckets : IExportBuckets
    {
        public SortedDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

        public bool IsDown { get; set; }

        /// <summary>The types of all findings that were written.</summary>
        public IReadOnlyList<string> Lines()
        {
            var types = new List<string>();
            foreach (var bytes in Objects.Values)
            {
                using var lines = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
                while (lines.ReadLine() is { } line)
                {
                    using var finding = JsonDocument.Parse(line);
                    types.Add(finding.RootElement.GetProperty("type").GetString()!);
                }
            }
            return types;
        }

        public Task Write(string bucket, string key, ReadOnlyMemory<byte> bytes, string? kmsKeyArn, CancellationToken cancel = default)
        {
            if (IsDown) throw new IOException("down");
            Objects[$"{bucket} {key}"] = bytes.ToArray();
            return Task.CompletedTask;
        }
    }
}
