using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine.Baselines;
using Yagura.Engine.Findings;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Ledger;
using Yagura.Engine.State;
using Yagura.Logs;
using Yagura.Logs.Json;

namespace Yagura.Engine.Reading;

/// <summary>What to read, and what to leave out.</summary>
/// <param name="Since">Records before this are skipped; null reads from the beginning.</param>
/// <param name="Until">Records at or after this are skipped; null reads to the end.</param>
public sealed record ReadingOptions(DateTimeOffset? Since, DateTimeOffset? Until, string? FlowFormat);

/// <summary>What reading one object gives: its ledger entry, what it adds to findings and to states, and what could not be used.</summary>
public sealed record ObjectResult(
    ObjectEntry Entry, IReadOnlyDictionary<FindingKey, FindingState> Findings, IReadOnlyList<EntityStep> Steps,
    IReadOnlyList<LearnedInstance> Instances, IReadOnlyList<QuarantinedRecord> Quarantined, IReadOnlyList<DetectorFailure> Failures)
{
    /// <summary>Quarantined records that are only counted: those beyond <see cref="ObjectReader.MostQuarantined"/> or <see cref="ObjectReader.MostQuarantinedBytes"/>.</summary>
    public long NotKept { get; init; }

    /// <summary>Failures of detectors beyond those in <see cref="Failures"/>.</summary>
    public long MoreFailures { get; init; }

    /// <summary>What principals did.</summary>
    public ActBatch Acts { get; init; } = ActBatch.Empty;

    /// <summary>For each rule on trial that was asked, the days of the records.</summary>
    public IReadOnlyList<TrialDays> Trials { get; init; } = [];
}

/// <summary>A record that could not be used, kept with the reason.</summary>
/// <param name="Bytes">The record as it stands in the log, cut at <see cref="LogLimits.QuarantinedBytes"/>.</param>
public sealed record QuarantinedRecord(string Object, long Record, string Field, string Reason, byte[] Bytes);

/// <summary>A detector could not judge a record, which went on to the other detectors.</summary>
/// <param name="IsBug">It threw. Otherwise the record itself is at fault.</param>
public sealed record DetectorFailure(string Detector, string Object, long Record, string Message, bool IsBug = true);

/// <summary>Reads objects, one after the other, and reduces each to an <see cref="ObjectResult"/>. One per reading thread.</summary>
public sealed class ObjectReader : ILogSink, IDetections
{
    /// <summary>Quarantined records kept per object; the rest is only counted, since the object itself still holds them.</summary>
    public const int MostQuarantined = 1_000;

    /// <summary>Quarantined bytes kept per object.</summary>
    public const int MostQuarantinedBytes = 16 << 20;

    private const int MostFailures = 10;
    private const int MostReasons = 1_000;

    private readonly DetectorSet _detectors;
    private readonly Knowledge _knowledge;
    private readonly ReadingOptions _options;
    private readonly Action<LogEvent, string>? _watch;
    private readonly LogObject _log;
    private readonly ObjectSteps<ApiCall>[] _apiSteps;
    private readonly ObjectSteps<FlowRecord>[] _flowSteps, _listedFlowSteps;
    private readonly (LogType Log, string Rule)[] _trials;
    private readonly ObjectSteps<DnsQuery>[] _dnsSteps;
    private readonly OwnAddresses _ownAddresses = new();
    private readonly ActReader _acts = new();
    private readonly UsageCount _usage = new();

    // The object at hand.
    private string _name = "";
    private (byte[] Account, byte[] Region) _hints;
    private Dictionary<FindingKey, FindingState> _findings = [];
    private List<LearnedInstance> _instances = [];
    private List<QuarantinedRecord> _quarantined = [];
    private List<DetectorFailure> _failures = [];
    private readonly Counter[] _counters = new Counter[Enum.GetValues<LogType>().Length];
    private long _quarantinedBytes, _notKept, _moreFailures;
    private DateTimeOffset _first, _last;
    private LogEvent? _record;

    private struct Counter { public long Analysed, Quarantined; public Dictionary<string, long>? Skipped, Reasons; public int Day; public SortedSet<DateOnly>? Days; }

    /// <param name="watch">Sees every record that is analysed; null where nobody does.</param>
    public ObjectReader(DetectorSet detectors, Knowledge knowledge, ReadingOptions options, Action<LogEvent, string>? watch = null)
    {
        _watch = watch;
        _detectors = detectors;
        _knowledge = knowledge;
        _options = options;
        _log = new LogObject(new LogOptions(options.FlowFormat, Projection.Known));
        _trials = [.. detectors.Trials.SelectMany(rules => rules.Select(rule => (rules.Key, TrialDays.NameOf(rule))))];
        _apiSteps = [.. detectors.StatefulApiCalls.Select(d => d.Accept(new StepsOf<ApiCall>(() => _name, _ownAddresses)))];
        _flowSteps = StepsOf(detectors.StatefulFlows.Where(d => !d.ListedEndsOnly));
        _dnsSteps = [.. detectors.StatefulDnsQueries.Select(d => d.Accept(new StepsOf<DnsQuery>(() => _name, _ownAddresses)))];
        _listedFlowSteps = StepsOf(detectors.StatefulFlows.Where(d => d.ListedEndsOnly));
    }

    private ObjectSteps<FlowRecord>[] StepsOf(IEnumerable<StatefulDetector<FlowRecord>> detectors) =>
        [.. detectors.Select(d => d.Accept(new StepsOf<FlowRecord>(() => _name, _ownAddresses)))];

    /// <summary>Reads one object to its end, or to where it stops making sense.</summary>
    /// <param name="stored">The object's bytes as stored; read to the end, not disposed.</param>
    public ObjectResult Read(LogObjectReference reference, Stream stored, CancellationToken cancel)
    {
        Begin(reference.Name);
        string? failure = null;
        using var content = Expansion.Of(stored);
        try
        {
            _log.Read(content.IsParquet ? content.InAnyOrder(cancel) : content, reference.Name, this, cancel);
            content.DrainStored(cancel);
        }
        catch (IOException e)
        {
            failure = e.Message;
        }
        catch (InvalidDataException e)
        {
            failure = e.Message;
        }
        if (failure is not null) Quarantine(new Misfit(0, "", failure, default));
        return Finish(content, failure);
    }

    /// <summary>The result of an object that could not be opened.</summary>
    public static ObjectResult Unreadable(string name, string reason) => new(
        new ObjectEntry(name, new string('0', 32), ObjectState.Quarantined, 0, 0, [], null, null, reason),
        new Dictionary<FindingKey, FindingState>(), [], [], [new QuarantinedRecord(name, 0, "", reason, [])], []);

    private void Begin(string name)
    {
        _name = name;
        _hints = PathHints.Of(name);
        _findings = [];
        _instances = [];
        _quarantined = [];
        _failures = [];
        _moreFailures = 0;
        _ownAddresses.Clear();
        Array.Clear(_counters);
        _usage.Clear();
        _quarantinedBytes = 0;
        _notKept = 0;
        _first = DateTimeOffset.MaxValue;
        _last = DateTimeOffset.MinValue;
    }

    private ObjectResult Finish(Expansion content, string? failure)
    {
        var steps = new List<EntityStep>();
        foreach (var part in _apiSteps) part.Drain(steps);
        foreach (var part in _flowSteps) part.Drain(steps);
        foreach (var part in _listedFlowSteps) part.Drain(steps);
        foreach (var part in _dnsSteps) part.Drain(steps);
        var records = new List<RecordCounts>();
        for (var type = 0; type < _counters.Length; type++)
        {
            ref readonly var c = ref _counters[type];
            if (c.Analysed + c.Quarantined > 0 || c.Skipped is not null)
                records.Add(new RecordCounts((LogType)type, c.Analysed, Late: 0, c.Quarantined, c.Skipped ?? []) { Reasons = RecordCounts.Most(c.Reasons ?? []) });
        }
        var analysed = records.Sum(r => r.Analysed);
        var state = analysed == 0 && (failure is not null || records.Any(r => r.Quarantined > 0)) ? ObjectState.Quarantined : ObjectState.Applied;
        var seen = _first <= _last;
        var entry = new ObjectEntry(
            _name, content.Identity.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), state, content.Stored, content.Expanded, records,
            seen ? _first : null, seen ? _last : null, failure)
        {
            Usage = _usage.Drain(),
        };
        return new ObjectResult(entry, _findings, steps, _instances, _quarantined, _failures) { NotKept = _notKept, MoreFailures = _moreFailures, Trials = Trials(), Acts = _acts.Drain() };
    }

    private List<TrialDays> Trials() =>
        [.. _trials.Where(trial => _counters[(int)trial.Log].Days is not null).Select(trial => new TrialDays(trial.Rule, _counters[(int)trial.Log].Days!))];

    public void Handle(ApiCall call)
    {
        if (!Take(call)) return;
        _usage.Add(call);
        foreach (var detector in _detectors.OfEveryCall) Run(detector, call);
        foreach (var detector in _detectors.OfName(call.Name)) Run(detector, call);
        Run(_apiSteps, call);
        if (call.Name.SequenceEqual("RunInstances"u8) && call.Succeeded) Learn(call);
        ObserveAct(call);
    }

    public void Handle(FlowRecord flow)
    {
        if (!Take(flow)) return;
        _usage.Add(flow);
        _ownAddresses.See(flow);
        foreach (var detector in _detectors.Flows) Run(detector, flow);
        Run(_flowSteps, flow);
        if (!FlowFacts.HasListedEnd(flow, _knowledge.Intel)) return;
        foreach (var detector in _detectors.ListedFlows) Run(detector, flow);
        Run(_listedFlowSteps, flow);
    }

    public void Handle(DnsQuery query)
    {
        if (!Take(query)) return;
        _usage.Add(query);
        foreach (var detector in _detectors.DnsQueries) Run(detector, query);
        Run(_dnsSteps, query);
    }

    private bool Take(LogEvent record)
    {
        record.Hints = _hints;
        if (record.Time < _options.Since || record.Time >= _options.Until)
        {
            Skip(record.LogType, "outside --since/--until");
            return false;
        }
        _record = record;
        ref var counter = ref _counters[(int)record.LogType];
        counter.Analysed++;
        var day = (int)(record.Time.UtcTicks / TimeSpan.TicksPerDay);
        if (day != counter.Day || counter.Days is null) TrialDays.Add(counter.Days ??= [], DateOnly.FromDayNumber(counter.Day = day));
        if (record.Time < _first) _first = record.Time;
        if (record.Time > _last) _last = record.Time;
        _watch?.Invoke(record, _name);
        return true;
    }

    // A detector that throws has a bug. The others must still see the record, and the bug must be seen too.
    private void Run<TEvent>(Detector<TEvent> detector, TEvent record) where TEvent : LogEvent
    {
        try
        {
            detector.Detect(record, _knowledge, this);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fail(detector.GetType().Name, record, e);
        }
    }

    private void Run<TEvent>(ObjectSteps<TEvent>[] steps, TEvent record) where TEvent : LogEvent
    {
        for (var next = 0; next < steps.Length; next++)
        {
            try
            {
                for (; next < steps.Length; next++) steps[next].Observe(record, _knowledge);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Fail(steps[next].Detector, record, e);
            }
        }
    }

    private void ObserveAct(ApiCall call)
    {
        try
        {
            _acts.Observe(call, _name, _knowledge);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fail(nameof(ActReader), call, e);
        }
    }

    private void Learn(ApiCall call)
    {
        try
        {
            LearnedInstance.Learn(call, _instances);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fail(nameof(LearnedInstance), call, e);
        }
    }

    private void Fail(string detector, LogEvent record, Exception e)
    {
        if (_failures.Count < MostFailures)
        {
            _failures.Add(e is UnaskableRecordException ? new DetectorFailure("rules", _name, record.Record, e.Message, IsBug: false)
                : new DetectorFailure(detector, _name, record.Record, $"{e.GetType().Name}: {e.Message}"));
        }
        else _moreFailures++;
    }

    void IDetections.Add(Detection detection)
    {
        var key = FindingKey.Of(detection);
        if (!_findings.TryGetValue(key, out var state)) _findings.Add(key, state = new FindingState());
        state.Add(_record ?? throw new InvalidOperationException("a detection belongs to a record"), _name, detection);
    }

    public void Skip(LogType logType, string reason, long records = 1)
    {
        var skipped = _counters[(int)logType].Skipped ??= new(StringComparer.Ordinal);
        skipped[reason] = skipped.GetValueOrDefault(reason) + records;
    }

    public void Quarantine(in Misfit misfit)
    {
        ref var counter = ref _counters[(int)LogType.Unknown];
        counter.Quarantined++;
        CountReason(counter.Reasons ??= new(StringComparer.Ordinal), misfit.Field.Length == 0 ? misfit.Reason : $"{misfit.Field}: {misfit.Reason}");
        if (_quarantined.Count >= MostQuarantined || _quarantinedBytes + misfit.Bytes.Length > MostQuarantinedBytes)
        {
            _notKept++;
            return;
        }
        _quarantined.Add(new QuarantinedRecord(_name, misfit.Record, misfit.Field, misfit.Reason, misfit.Bytes.ToArray()));
        _quarantinedBytes += misfit.Bytes.Length;
    }

    // Reasons may quote the record, so their number is bounded while they are counted as well.
    private static void CountReason(Dictionary<string, long> reasons, string reason)
    {
        if (reasons.Count >= MostReasons && !reasons.ContainsKey(reason)) reason = RecordCounts.OtherReasons;
        reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
    }
}
