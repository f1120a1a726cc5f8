using System.Threading.Channels;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Live;
using Yagura.Intel;
using Yagura.Simulation;
using Yagura.Storage.Embedded;
using Yagura.Storage.Embedded.Findings;
using Yagura.Storage.Embedded.Ledger;
using Yagura.Storage.Embedded.Quarantine;

namespace Yagura.Server.Tests.Live;

/// <summary>The engine over simulated logs and a real database, as it runs in the server.</summary>
public sealed class LiveEngineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-live-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_arrives_is_found_as_a_scan_of_the_same_logs_finds_it()
    {
        var (files, options) = Simulate();
        await using (var server = await Running.Start(_folder, options))
        {
            await server.Deliver([.. files, .. files.Take(20)]); // some twice
            await server.Until(async () => Same(await Expected(files, options), await server.Findings()));
            Assert.Empty(await server.Ledger.Verify());
            var objects = await server.Ledger.Objects(new(), null, 1_000);
            Assert.Equal(files.Count, objects.Count);
            Assert.All(objects, entry => Assert.True(entry.State.IsSettled()));
        }
    }

    [Fact]
    public async Task What_was_committed_and_not_stored_is_stored_by_the_next_start()
    {
        var (files, options) = Simulate();
        await using (var server = await Running.Start(_folder, options))
        {
            server.Store.IsBroken = true;
            await server.Offer(files);
            await server.Until(() => Task.FromResult(server.Engine.Trouble is not null));
            Assert.Empty(await server.Findings());
            Assert.Equal("the disk is full", server.Engine.Trouble);
            Assert.True(server.Source.Committed < files.Count);
        }
        await using (var server = await Running.Start(_folder, options))
        {
            await server.Until(async () => (await server.Findings()).Count > 0); // before anything arrives again
            await server.Deliver(files);
            await server.Until(async () => Same(await Expected(files, options), await server.Findings()));
            Assert.Empty(await server.Ledger.Verify());
        }
    }

    [Fact]
    public async Task A_store_that_fails_for_a_while_makes_everything_wait_and_loses_nothing()
    {
        var (files, options) = Simulate();
        await using var server = await Running.Start(_folder, options);
        server.Store.IsBroken = true;
        var delivering = server.Deliver(files);
        await server.Until(() => Task.FromResult(server.Engine.Trouble is not null));
        server.Store.IsBroken = false;
        await delivering;
        await server.Until(async () => Same(await Expected(files, options), await server.Findings()));
        Assert.Null(server.Engine.Trouble);
    }

    [Fact]
    public async Task An_object_that_breaks_off_in_transit_is_given_back_and_nothing_of_it_counts()
    {
        var (files, options) = Simulate();
        await using var server = await Running.Start(_folder, options);
        var file = files[0];
        var broken = server.Source.Offer(file, bytes => new BreakingStream(bytes, bytes.Length / 2));
        Assert.Equal("the network is gone", await broken);
        Assert.DoesNotContain(await server.Ledger.Objects(new(), null, 10), entry => entry.State.IsSettled());
        await server.Deliver([file]);
        Assert.Equal(LedgerState.Applied, Assert.Single(await server.Ledger.Objects(new(), null, 10)).State);
    }

    [Fact]
    public async Task A_new_list_counts_for_the_next_object()
    {
        var (files, options) = Simulate();
        var without = options with { Knowledge = options.Knowledge with { Intel = IntelSnapshot.Empty } };
        await using var server = await Running.Start(_folder, without);
        server.Engine.Knowledge = options.Knowledge;
        await server.Deliver(files);
        await server.Until(async () => (await server.Findings()).Any(finding => finding.Service.ThreatIntelligence.Count > 0));
    }

    private (IReadOnlyList<string> Files, ScanOptions Options) Simulate()
    {
        var corpus = Path.Combine(_folder, "corpus");
        Simulator.Write(new() { TargetBytes = 3_000_000, Seed = 5 }, corpus);
        var knowledge = Knowledge.Nothing with
        {
            Intel = IntelFolder.Load(Path.Combine(corpus, Simulator.IntelFolder)).Snapshot,
            Inventory = Inventory.Parse(File.ReadAllBytes(Path.Combine(corpus, Simulator.InventoryFile))),
        };
        return ([.. Directory.EnumerateFiles(corpus, "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal)],
            new(knowledge, new(null, null, null), _ => false, "test", null, 2));
    }

    private static async Task<IReadOnlyList<Finding>> Expected(IReadOnlyList<string> files, ScanOptions options) =>
        (await Scan.Run([new LocalObjects(files)], options, null, TimeProvider.System, CancellationToken.None)).Findings;

    private static bool Same(IReadOnlyList<Finding> expected, IReadOnlyList<Finding> found) =>
        expected.Select(Text).Order(StringComparer.Ordinal).SequenceEqual(found.Where(finding => !finding.Service.Archived).Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static string Text(Finding finding) => FindingJson.ToJson(finding with { CreatedAt = default, UpdatedAt = default });

    /// <summary>An engine that runs until it is disposed.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Database _database;
        private readonly FindingStore _findings;
        private readonly Task _running;

        private Running(Database database, FindingStore findings, ScanOptions options)
        {
            (_database, _findings, Ledger) = (database, findings, new ObjectLedger(database));
            Store = new(findings);
            Engine = LiveEngine.Open(options, new(Store, Ledger, new QuarantineStore(database, TimeProvider.System)), TimeProvider.System);
            _running = Engine.Run([Source], _stop.Token);
        }

        public LiveEngine Engine { get; }
        public ILedger Ledger { get; }
        public BreakableStore Store { get; }
        public HandSource Source { get; } = new();

        public static async Task<Running> Start(string folder, ScanOptions options)
        {
            var database = Database.Open(Path.Combine(folder, "data"));
            return new(database, await FindingStore.Open(database), options with { StateFolder = Path.Combine(folder, "data", "state") });
        }

        public Task Deliver(IReadOnlyList<string> files) => Task.WhenAll(files.Select(file => Source.Offer(file, bytes => new MemoryStream(bytes))));

        /// <summary>Delivers without waiting for the answers.</summary>
        public Task Offer(IReadOnlyList<string> files)
        {
            foreach (var file in files) _ = Source.Offer(file, bytes => new MemoryStream(bytes));
            return Task.CompletedTask;
        }

        public async Task<IReadOnlyList<Finding>> Findings()
        {
            var page = await _findings.List(new(FindingScope.Everything) { Limit = FindingQuery.MostIds });
            return [.. (await _findings.Get(FindingScope.Everything, page.Ids)).Select(stored => stored.Finding)];
        }

        public async Task Until(Func<Task<bool>> holds)
        {
            var end = TimeProvider.System.GetUtcNow() + Patience;
            while (!await holds())
            {
                Assert.True(TimeProvider.System.GetUtcNow() < end, "it did not come to hold");
                await Task.Delay(100);
                if (_running.IsFaulted) await _running;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            Engine.Dispose();
            _findings.Dispose();
            await _database.DisposeAsync();
            _stop.Dispose();
        }
    }

    /// <summary>Delivers what a test gives it.</summary>
    private sealed class HandSource : ILogSource
    {
        private readonly Channel<ILogDelivery> _waiting = Channel.CreateUnbounded<ILogDelivery>();
        private int _committed;

        public string Name => "hand";
        public SourceStatus Status => new(_committed, 0, 0, 0, null, null, null);
        public int Committed => _committed;
        public IAsyncEnumerable<ILogDelivery> Deliveries(CancellationToken cancel = default) => _waiting.Reader.ReadAllAsync(cancel);

        /// <returns>Why it was given back; null when it is committed.</returns>
        public Task<string?> Offer(string file, Func<byte[], Stream> open)
        {
            var delivery = new Delivery(this, new(file, new FileInfo(file).Length, "1", null), () => open(File.ReadAllBytes(file)));
            Assert.True(_waiting.Writer.TryWrite(delivery));
            return delivery.Answer.Task;
        }

        private sealed class Delivery(HandSource source, LogObjectReference reference, Func<Stream> open) : ILogDelivery
        {
            public TaskCompletionSource<string?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
            public LogObjectReference Object => reference;
            public Task<Stream> Open(CancellationToken cancel = default) => Task.FromResult(open());

            public void Commit()
            {
                Interlocked.Increment(ref source._committed);
                Answer.SetResult(null);
            }

            public bool Fail(string reason)
            {
                Answer.SetResult(reason);
                return true;
            }
        }
    }

    /// <summary>A store on a disk that is full at times.</summary>
    private sealed class BreakableStore(IFindingStore store) : IFindingStore
    {
        public bool IsBroken { get; set; }

        public Task<PutResult> Put(IReadOnlyList<Finding> findings, IReadOnlyList<SuppressionHit> hits, CancellationToken cancel = default) =>
            IsBroken ? throw new StorageException("the disk is full") : store.Put(findings, hits, cancel);

        public Task<IReadOnlyList<StoredFinding>> Get(FindingScope scope, IReadOnlyList<string> ids, CancellationToken cancel = default) => store.Get(scope, ids, cancel);
        public Task<FindingPage> List(FindingQuery query, CancellationToken cancel = default) => store.List(query, cancel);
        public Task<IReadOnlyList<FindingGroup>> Statistics(FindingStatistics question, CancellationToken cancel = default) => store.Statistics(question, cancel);
        public Task<IReadOnlyList<string>> SetArchived(FindingScope scope, IReadOnlyList<string> ids, bool archived, CancellationToken cancel = default) => store.SetArchived(scope, ids, archived, cancel);
        public Task<IReadOnlyList<string>> SetFeedback(FindingScope scope, IReadOnlyList<string> ids, UserFeedback feedback, CancellationToken cancel = default) => store.SetFeedback(scope, ids, feedback, cancel);
        public Task<int> Prune(DateTimeOffset before, CancellationToken cancel = default) => store.Prune(before, cancel);
        public Task<IReadOnlyList<StoredFinding>> Changes(long after, int limit, CancellationToken cancel = default) => store.Changes(after, limit, cancel);
    }

    /// <summary>Bytes that end in the middle, as over a network that fails.</summary>
    private sealed class BreakingStream(byte[] bytes, int whole) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            Position < whole ? base.Read(buffer, offset, (int)Math.Min(count, whole - Position)) : throw new IOException("the network is gone");
    }
}
