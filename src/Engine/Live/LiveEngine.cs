using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine.Findings;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;
using Yagura.Engine.State;

namespace Yagura.Engine.Live;

/// <summary>Where what the engine does is kept.</summary>
public sealed record LiveStores(IFindingStore Findings, ILedger Ledger, IQuarantine Quarantine)
{
    /// <summary>What hides findings on their way into the store; null where nothing does.</summary>
    public ISuppression? Suppression { get; init; }
}

/// <summary>Reads what arrives from sources for as long as it runs; what it finds is in the store moments later.</summary>
/// <remarks>
/// <para>Objects are read in parallel and committed in groups: to the journal first, which is the truth, then to the store, and then they are answered. Where the process ends between
/// the two, the next start puts everything that the state shows into the store again, which changes nothing where it is there.</para>
/// <para>Findings of single objects and entities are told with the object that shows them. What rests on all that was seen (behaviour, sequences, rules on trial) is
/// looked at in pauses, so long that it takes a twentieth of the time at most. A finding that was told stays, also where later logs show less; one that an
/// entity's later records show to be none is archived.</para>
/// </remarks>
public sealed class LiveEngine : IDisposable
{
    /// <summary>Most objects that are committed together.</summary>
    private const int MostTogether = 64;

    /// <summary>Most findings in one transaction.</summary>
    private const int MostFindings = 500;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1), WatermarkEvery = TimeSpan.FromHours(1);

    /// <summary>How many times as long as a look at everything the pause after it is.</summary>
    private const int PauseFactor = 19;

    private readonly ScanOptions _options;
    private readonly EngineState _state;
    private readonly Journal _journal;
    private readonly LiveStore _store;
    private readonly TimeProvider _time;
    private readonly Func<RuleReference, bool> _isOnTrial;
    private readonly Dictionary<string, UInt128> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sequenceOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ILogDelivery, UnderWay> _underWay = [];
    private Knowledge _knowledge;
    private Knowledge _used;
    private FindingBuilder _builder;
    private bool _isStale = true;
    private long _nextLook, _nextSnapshot;
    private DateTimeOffset _watermarkAt;
    private LiveCounts _counts = new(0, 0, 0, 0, 0);

    private LiveEngine(ScanOptions options, EngineState state, Journal journal, LiveStores stores, TimeProvider time)
    {
        (_options, _state, _journal, _store, _time) = (options, state, journal, new(stores, time), time);
        _knowledge = _used = options.Knowledge;
        _builder = new(state.Instances, options.Configuration, _used.Intel.Hash, time);
        _isOnTrial = Assessment.OnTrial(options);
        _watermarkAt = time.GetUtcNow();
    }

    /// <param name="options">With a state folder.</param>
    /// <exception cref="StateException">The state folder cannot be used.</exception>
    public static LiveEngine Open(ScanOptions options, LiveStores stores, TimeProvider time)
    {
        var state = new EngineState(options.Detectors, options.Knowledge, options.ReadingName);
        var journal = StateException.Guard(() => Journal.Open(options.StateFolder!, state, options.ObjectsPerSnapshot, time.GetUtcNow()));
        if (options.Baselines is not null) state.Merge(options.Baselines);
        return new(options, state, journal, stores, time);
    }

    /// <summary>What is known of addresses, instances and accounts; the next object is read with it.</summary>
    public Knowledge Knowledge
    {
        get => Volatile.Read(ref _knowledge);
        set => Volatile.Write(ref _knowledge, value);
    }

    public LiveCounts Counts => Volatile.Read(ref _counts);

    /// <summary>Why nothing can be kept at the moment, in a sentence for people; null while all is well.</summary>
    public string? Trouble => _store.Trouble;

    /// <summary>What was given up to stay within limits, by kind, when it was looked at last.</summary>
    public IReadOnlyDictionary<string, long> Forgotten { get; private set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Runs until it is cancelled; what was read by then and not committed will be delivered again.</summary>
    /// <exception cref="StateException">The state folder is damaged.</exception>
    public async Task Run(IReadOnlyList<ILogSource> sources, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var arrived = Channel.CreateBounded<(ILogSource, ILogDelivery)>(_options.Readers);
        var read = Channel.CreateBounded<ReadObject>(2 * _options.Readers);
        Task[] stages =
        [
            Guard(Receive(sources, arrived.Writer, stop.Token), stop),
            .. Enumerable.Range(0, _options.Readers).Select(_ => Guard(Task.Run(() => ReadAll(arrived.Reader, read.Writer, stop.Token), CancellationToken.None), stop)),
            Guard(Task.Run(() => CommitAll(read.Reader, stop.Token), CancellationToken.None), stop),
        ];
        try
        {
            await Task.WhenAll(stages);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // As was asked for.
        }
        if (_journal.SinceSnapshot > 0) TrySnapshot();
    }

    public void Dispose() => _journal.Dispose();

    // The first stage that fails stops the others; awaiting all of them shows its error.
    private static async Task Guard(Task stage, CancellationTokenSource stop)
    {
        try
        {
            await stage;
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task Receive(IReadOnlyList<ILogSource> sources, ChannelWriter<(ILogSource, ILogDelivery)> arrived, CancellationToken cancel)
    {
        await foreach (var (source, delivery) in Collection.Deliveries(sources, cancel))
        {
            _underWay[delivery] = new(source, _time.GetUtcNow());
            await arrived.WriteAsync((source, delivery), cancel);
        }
    }

    private async Task ReadAll(ChannelReader<(ILogSource, ILogDelivery)> arrived, ChannelWriter<ReadObject> read, CancellationToken cancel)
    {
        var knowledge = Knowledge;
        var reader = new ObjectReader(_options.Detectors, knowledge, _options.Reading, _options.Watch);
        await foreach (var (source, delivery) in arrived.ReadAllAsync(cancel))
        {
            if (!ReferenceEquals(knowledge, Knowledge)) reader = new ObjectReader(_options.Detectors, knowledge = Knowledge, _options.Reading, _options.Watch);
            ReadObject one;
            try
            {
                await using var stored = new FaithfulStream(await delivery.Open(cancel));
                await using Stream bytes = stored.IsLocal ? stored : new ReadAhead(stored, cancel);
                var result = reader.Read(delivery.Object, bytes, cancel);
                one = stored.Failure is { } failure ? new(source, delivery, null, failure) : new(source, delivery, result, null);
            }
            catch (IOException e)
            {
                one = new(source, delivery, null, e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever one object does to its reader, the others are read.
                one = new(source, delivery, ObjectReader.Unreadable(delivery.Object.Name, $"reading failed: {e.GetType().Name}: {e.Message}"), null);
                reader = new ObjectReader(_options.Detectors, knowledge, _options.Reading, _options.Watch);
            }
            await read.WriteAsync(one, cancel);
        }
    }

    private async Task CommitAll(ChannelReader<ReadObject> read, CancellationToken cancel)
    {
        var storing = Task.CompletedTask;
        while (true)
        {
            var together = await Next(read, cancel);
            Use(Knowledge);
            var entries = await Commit(together, cancel);
            var (news, withdrawn) = Changed();
            var work = new LiveWork(together, entries, news, withdrawn, Lingering());
            await storing;
            storing = _store.Write(work, Answered, cancel);
            if (work.Findings.Count > 0 || entries.Any(entry => entry?.State == ObjectState.Applied)) _isStale = true;
            if (_isStale && Stopwatch.GetTimestamp() >= _nextLook)
            {
                await storing;
                storing = Look(cancel);
            }
        }
    }

    /// <summary>What was read since, or nothing where it is time to look at everything.</summary>
    private async Task<List<ReadObject>> Next(ChannelReader<ReadObject> read, CancellationToken cancel)
    {
        var together = new List<ReadObject>();
        if (!read.TryPeek(out _))
        {
            var wait = _isStale ? Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _nextLook) : ShortestPause;
            if (wait > TimeSpan.Zero)
            {
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                pause.CancelAfter(wait);
                try
                {
                    await read.WaitToReadAsync(pause.Token);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    // Nothing came.
                }
            }
        }
        while (together.Count < MostTogether && read.TryRead(out var one)) together.Add(one);
        return together;
    }

    private async Task<IReadOnlyList<ObjectEntry?>> Commit(List<ReadObject> together, CancellationToken cancel)
    {
        var results = together.Where(one => one.Result is not null).Select(one => one.Result!).ToList();
        _state.Tell(_time.GetUtcNow());
        var committed = new Queue<ObjectEntry>(await _store.Persist(() => _journal.Commit(results), cancel));
        if (_journal.IsSnapshotDue && Stopwatch.GetTimestamp() >= _nextSnapshot) TrySnapshot();
        return [.. together.Select(one => one.Result is null ? null : committed.Dequeue())];
    }

    private void TrySnapshot()
    {
        try
        {
            _journal.Snapshot();
            if (_time.GetUtcNow() - _watermarkAt < WatermarkEvery) return;
            _watermarkAt = _time.GetUtcNow();
            _state.Begin(_watermarkAt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The journal goes on growing until there is room.
            _nextSnapshot = Stopwatch.GetTimestamp() + (long)(LongestPause.TotalSeconds * Stopwatch.Frequency);
        }
    }

    private void Use(Knowledge knowledge)
    {
        if (ReferenceEquals(knowledge, _used)) return;
        _state.Use(_used = knowledge);
        _builder = new(_state.Instances, _options.Configuration, knowledge.Intel.Hash, _time);
        _isStale = true;
    }

    /// <summary>The findings that what was committed last has changed, and the ids of those that it has shown to be none.</summary>
    private (List<Finding> News, List<string> Withdrawn) Changed()
    {
        var (news, withdrawn) = (new List<Finding>(), new List<string>());
        foreach (var key in _state.TakeChanged())
        {
            if (_state.Find(key) is not { } state) withdrawn.Add(key.Id);
            else if (state.Latest!.Rule is not { } rule || !_isOnTrial(rule))
            {
                var finding = Assessment.Suppressed(_builder.Build(key, state), _options);
                if (_sequenceOf.TryGetValue(finding.Id, out var sequence)) finding = finding with { AssociatedAttackSequenceArn = sequence };
                if (IsNews(finding)) news.Add(finding);
            }
        }
        foreach (var id in withdrawn) _told.Remove(id);
        return (news, withdrawn);
    }

    /// <summary>Looks at everything, for what no single object shows.</summary>
    private async Task Look(CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        _isStale = false;
        var assessment = Assessment.Of(_state, _options with { Knowledge = _used }, _time);
        _sequenceOf.Clear();
        foreach (var finding in assessment.Findings)
            if (finding.AssociatedAttackSequenceArn is { } sequence) _sequenceOf[finding.Id] = sequence;
        var news = assessment.Findings.Where(IsNews).ToList();
        Forgotten = _state.Forgotten;
        var taken = Stopwatch.GetElapsedTime(started);
        var pause = TimeSpan.FromTicks(Math.Clamp(PauseFactor * taken.Ticks, ShortestPause.Ticks, LongestPause.Ticks));
        _nextLook = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
        foreach (var some in news.Chunk(MostFindings)) await _store.Write(new([], [], some, [], []), Answered, cancel);
    }

    // Findings are told when something about them has changed that people or programs can see.
    private bool IsNews(Finding finding)
    {
        var seen = System.IO.Hashing.XxHash128.HashToUInt128(FindingJson.ToUtf8(finding with { CreatedAt = default, UpdatedAt = default }));
        if (_told.TryGetValue(finding.Id, out var before) && before == seen) return false;
        _told[finding.Id] = seen;
        return true;
    }

    /// <summary>What takes longer than it should, for the ledger to show.</summary>
    private List<LedgerEntry> Lingering()
    {
        var now = _time.GetUtcNow();
        var lingering = new List<LedgerEntry>();
        foreach (var (delivery, underWay) in _underWay)
        {
            if (underWay.IsNoted || now - underWay.Since < ShortestPause) continue;
            underWay.IsNoted = true;
            lingering.Add(LedgerEntries.Of(underWay.Source.Name, delivery.Object, LedgerState.Reading, now));
        }
        return lingering;
    }

    private void Answered(ReadObject one, ObjectEntry? entry)
    {
        _underWay.TryRemove(one.Delivery, out _);
        var records = entry?.State is ObjectState.Applied or ObjectState.Quarantined ? entry.Records.Sum(records => records.Total) : 0;
        Volatile.Write(ref _counts, _counts with
        {
            Objects = _counts.Objects + (entry is null ? 0 : 1),
            Failed = _counts.Failed + (entry is null ? 1 : 0),
            Stored = _counts.Stored + (entry?.Stored ?? 0),
            Bytes = _counts.Bytes + (entry?.Bytes ?? 0),
            Records = _counts.Records + records,
        });
    }

    private sealed class UnderWay(ILogSource source, DateTimeOffset since)
    {
        public ILogSource Source => source;
        public DateTimeOffset Since => since;
        public bool IsNoted { get; set; }
    }
}

/// <summary>Since the start.</summary>
/// <param name="Objects">Committed, those that were known before among them.</param>
/// <param name="Failed">Times that an object could not be read.</param>
/// <param name="Stored">Bytes as they lie in storage.</param>
/// <param name="Bytes">Bytes after decompression.</param>
/// <param name="Records">Of objects that were not known before.</param>
public sealed record LiveCounts(long Objects, long Failed, long Stored, long Bytes, long Records);

/// <param name="Result">Null where the object could not be had.</param>
/// <param name="Failure">Then why not.</param>
internal sealed record ReadObject(ILogSource Source, ILogDelivery Delivery, ObjectResult? Result, string? Failure);
