using System.Diagnostics;
using System.Threading.Channels;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine.Baselines;
using Yagura.Engine.Findings;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;
using Yagura.Engine.Sequences;
using Yagura.Engine.State;
using Yagura.Matching.Sequences;
using Yagura.Logs;
using Yagura.Matching.Sigma;

namespace Yagura.Engine;

/// <param name="Suppress">True for findings that are judged harmless: they are reported as archived.</param>
/// <param name="Configuration">Hash of the settings, written into every finding.</param>
/// <param name="StateFolder">Where state is kept between scans; null keeps it in memory.</param>
/// <param name="Readers">Reading threads, at least 1.</param>
public sealed record ScanOptions(
    Knowledge Knowledge, ReadingOptions Reading, Func<Finding, bool> Suppress, string Configuration, string? StateFolder, int Readers)
{
    public DetectorSet Detectors { get; init; } = DetectorSet.Default;

    /// <summary>Rules beyond the shipped detectors; <see cref="Detectors"/> has to ask them.</summary>
    public SigmaRuleSet Rules { get; init; } = SigmaRuleSet.Empty;

    /// <summary>What was learnt elsewhere of what is usual; the scan's own logs add to it.</summary>
    public Behaviour? Baselines { get; init; }

    /// <summary>Sequences beyond the shipped ones; <see cref="Detectors"/> has to ask their steps.</summary>
    public SequenceSet Sequences { get; init; } = SequenceSet.Empty;

    /// <summary>Objects after which the state folder gets a new snapshot.</summary>
    public int ObjectsPerSnapshot { get; init; } = 1_000;

    /// <summary>Names how objects are read: another name reads them anew, even if they were applied before.</summary>
    internal string ReadingName => $"{FindingBuilder.Version} {Reading} {Rules.Hash} {Sequences.Hash} {string.Join(' ', Detectors.Types.Select(type => type.Type.Name))}";

    /// <summary>Receives the records that could not be used, from one thread at a time; of each object the first <see cref="ObjectReader.MostQuarantined"/>.</summary>
    public Action<QuarantinedRecord> Quarantine { get; init; } = _ => { };

    /// <summary>Sees every record that is analysed, with the name of its object, from all readers at once; the record is valid until it returns. For evaluations.</summary>
    public Action<LogEvent, string>? Watch { get; init; }

    /// <summary>Receives everything that was scored against a baseline, told or not, one after the other when all is read. For evaluations.</summary>
    public Action<JudgedAct>? Judged { get; init; }
}

/// <summary>Something that was scored against what is usual.</summary>
/// <param name="Records">The identities of those that it was seen in, as far as they are kept.</param>
/// <param name="Type">The finding type that it is told as, if it is.</param>
public sealed record JudgedAct(IReadOnlyList<UInt128> Records, string Type, double Score);

/// <summary>How far a scan has come. Sizes are of stored bytes.</summary>
/// <param name="BytesListed">Null until everything is listed, or when some size is unknown.</param>
public sealed record ScanProgress(long ObjectsDone, long ObjectsListed, long BytesDone, long? BytesListed, long Records);

/// <summary>What a scan found and what became of everything it read.</summary>
/// <param name="Findings">By severity, then type and id.</param>
/// <param name="Staged">The rules on trial with what they found; findings of a rule that was promoted stand among the others.</param>
/// <param name="Failures">Objects and places that could not be read (to the end), each with its reason.</param>
public sealed record ScanReport(
    IReadOnlyList<Finding> Findings, IReadOnlyList<StagedRule> Staged, IReadOnlyDictionary<ObjectState, long> Objects, IReadOnlyList<RecordCounts> Records,
    IReadOnlyList<(string Name, string Reason)> Failures, IReadOnlyList<DetectorFailure> DetectorFailures,
    IReadOnlyDictionary<string, long> Forgotten, DateTimeOffset? First, DateTimeOffset? Last, long StoredBytes, long Bytes, TimeSpan Elapsed)
{
    /// <summary>Quarantined records that were counted and not handed to <see cref="ScanOptions.Quarantine"/>.</summary>
    public long NotKept { get; init; }

    /// <summary>Failures of detectors beyond those in <see cref="DetectorFailures"/>.</summary>
    public long MoreDetectorFailures { get; init; }

    /// <summary>Anomalies that were not told, for the noise budgets of their accounts.</summary>
    public int HeldBack { get; init; }

    /// <summary>Users' own sequences that were nearly seen, of each at most <see cref="RuleSequences.MostNearMisses"/>.</summary>
    public IReadOnlyList<NearMiss> NearMisses { get; init; } = [];

    /// <summary>The records of each finding that is made of records, by the finding's id: every one, up to the limit of <see cref="Occurrences"/>.</summary>
    public IReadOnlyDictionary<string, Occurrences> Occurrences { get; init; } = new Dictionary<string, Occurrences>(StringComparer.Ordinal);
}

/// <summary>A rule on trial, with what it found, if anything.</summary>
/// <param name="Rule">Its id, else its title.</param>
public sealed record StagedRule(string Rule, string Title, Trial Trial, IReadOnlyList<Finding> Findings);

/// <summary>Reads objects in parallel, commits them one by one, and reports the findings at the end.</summary>
public static class Scan
{
    private const int MostFailuresShown = 1_000;

    /// <exception cref="StateException">The state folder cannot be used; what was committed before is kept.</exception>
    public static async Task<ScanReport> Run(
        IReadOnlyList<ILogObjects> places, ScanOptions options, IProgress<ScanProgress>? progress, TimeProvider time, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var state = new EngineState(options.Detectors, options.Knowledge, options.ReadingName);
        using var journal = options.StateFolder is null ? null
            : StateException.Guard(() => Journal.Open(options.StateFolder, state, options.ObjectsPerSnapshot, time.GetUtcNow()));
        state.Tell(time.GetUtcNow());
        if (options.Baselines is not null) state.Merge(options.Baselines);
        var totals = new Totals(progress);

        // Everything between the stages waits when it is full, so memory does not depend on the size of the corpus.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var listed = Channel.CreateBounded<(ILogObjects Place, LogObjectReference Reference)>(10_000);
        var read = Channel.CreateBounded<ObjectResult>(2 * options.Readers);
        var listing = Guard(List(places, listed.Writer, totals, stop.Token), stop);
        var readers = Enumerable.Range(0, options.Readers)
            .Select(_ => Guard(Task.Run(() => ReadAll(listed.Reader, read.Writer, options, stop.Token), stop.Token), stop))
            .ToArray();
        var reading = Task.WhenAll(readers).ContinueWith(_ => read.Writer.Complete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var committing = Guard(CommitAll(read.Reader, state, journal, options, totals, stop.Token), stop);
        await Task.WhenAll([listing, .. readers, reading, committing]);

        var assessment = Assessment.Of(state, options, time);
        return totals.Report(assessment.Findings, assessment.Staged, state.Forgotten, Stopwatch.GetElapsedTime(started)) with
        {
            HeldBack = state.HeldBack,
            NearMisses = assessment.NearMisses,
            Occurrences = assessment.Occurrences,
        };
    }

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

    private static async Task List(
        IReadOnlyList<ILogObjects> places, ChannelWriter<(ILogObjects, LogObjectReference)> listed, Totals totals, CancellationToken cancel)
    {
        foreach (var place in places)
        {
            try
            {
                await foreach (var reference in place.List(cancel))
                {
                    totals.Listed(reference);
                    await listed.WriteAsync((place, reference), cancel);
                }
            }
            catch (IOException e)
            {
                totals.Failed("", e.Message);
            }
        }
        totals.ListedAll();
        listed.Complete();
    }

    private static async Task ReadAll(
        ChannelReader<(ILogObjects Place, LogObjectReference Reference)> listed, ChannelWriter<ObjectResult> read, ScanOptions options, CancellationToken cancel)
    {
        var reader = new ObjectReader(options.Detectors, options.Knowledge, options.Reading, options.Watch);
        await foreach (var (place, reference) in listed.ReadAllAsync(cancel))
        {
            ObjectResult result;
            try
            {
                await using var stored = await place.Open(reference, cancel);
                await using var bytes = stored is FileStream || reference.Name == LocalObjects.StandardInput ? stored : new ReadAhead(stored, cancel);
                result = reader.Read(reference, bytes, cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever one object does to its reader, the others are read.
                result = ObjectReader.Unreadable(reference.Name, e is IOException ? e.Message : $"reading failed: {e.GetType().Name}: {e.Message}");
                reader = new ObjectReader(options.Detectors, options.Knowledge, options.Reading, options.Watch);
            }
            await read.WriteAsync(result, cancel);
        }
    }

    private static async Task CommitAll(
        ChannelReader<ObjectResult> read, EngineState state, Journal? journal, ScanOptions options, Totals totals, CancellationToken cancel)
    {
        await foreach (var result in read.ReadAllAsync(cancel))
        {
            var entry = journal is null ? state.Commit(result) : StateException.Guard(() =>
            {
                var committed = journal.Commit(result);
                if (journal.IsSnapshotDue) journal.Snapshot();
                return committed;
            });
            totals.Committed(entry, result.Failures, result.MoreFailures);
            if (entry.State is ObjectState.Applied or ObjectState.Quarantined)
            {
                foreach (var record in result.Quarantined) options.Quarantine(record);
                if (result.NotKept > 0)
                {
                    totals.NotKept += result.NotKept;
                    options.Quarantine(new QuarantinedRecord(entry.Name, 0, "", $"{result.NotKept} more records of this object could not be used; they are counted only", []));
                }
            }
        }
    }

    /// <summary>Running sums; the lister and the committer are the only writers of their own fields.</summary>
    private sealed class Totals(IProgress<ScanProgress>? progress)
    {
        private readonly Lock _failuresLock = new();
        private readonly List<(string, string)> _failures = [];
        private readonly List<DetectorFailure> _detectorFailures = [];
        private long _moreDetectorFailures;
        private readonly Dictionary<ObjectState, long> _objects = [];
        private IReadOnlyList<RecordCounts> _records = [];
        private long _listed, _listedBytes, _done, _stored, _bytes, _total;
        private bool _sizesKnown = true, _listedAll;
        private DateTimeOffset? _first, _last;

        public long NotKept { get; set; }

        public void Listed(LogObjectReference reference)
        {
            Interlocked.Increment(ref _listed);
            if (reference.Size is { } size) Interlocked.Add(ref _listedBytes, size);
            else _sizesKnown = false;
        }

        public void ListedAll() => Volatile.Write(ref _listedAll, true);

        public void Failed(string name, string reason)
        {
            lock (_failuresLock)
            {
                if (_failures.Count < MostFailuresShown) _failures.Add((name, reason));
            }
        }

        /// <param name="more">Failures that are only counted.</param>
        public void Committed(ObjectEntry entry, IReadOnlyList<DetectorFailure> failures, long more)
        {
            _objects[entry.State] = _objects.GetValueOrDefault(entry.State) + 1;
            if (entry.Failure is not null) Failed(entry.Name, entry.Failure);
            _stored += entry.Stored;
            _bytes += entry.Bytes;
            _done++;
            if (entry.State is ObjectState.Applied or ObjectState.Quarantined)
            {
                _records = RecordCounts.Sum(_records.Concat(entry.Records));
                _total += entry.Records.Sum(r => r.Total);
                if (entry.First < (_first ?? DateTimeOffset.MaxValue)) _first = entry.First;
                if (entry.Last > (_last ?? DateTimeOffset.MinValue)) _last = entry.Last;
                var shown = _detectorFailures.Count < MostFailuresShown;
                if (shown) _detectorFailures.AddRange(failures);
                _moreDetectorFailures += more + (shown ? 0 : failures.Count);
            }
            progress?.Report(new ScanProgress(
                _done, Interlocked.Read(ref _listed), _stored, Volatile.Read(ref _listedAll) && _sizesKnown ? Interlocked.Read(ref _listedBytes) : null, _total));
        }

        public ScanReport Report(IReadOnlyList<Finding> findings, IReadOnlyList<StagedRule> staged, IReadOnlyDictionary<string, long> forgotten, TimeSpan elapsed) =>
            new(findings, staged, _objects, _records, _failures, _detectorFailures, forgotten, _first, _last, _stored, _bytes, elapsed)
            {
                NotKept = NotKept, MoreDetectorFailures = _moreDetectorFailures,
            };
    }
}
