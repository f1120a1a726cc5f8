using System.IO.Hashing;
using System.Text;
using Yagura.Detectors;
using Yagura.Engine.Baselines;
using Yagura.Engine.Findings;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;
using Yagura.Logs;

namespace Yagura.Engine.State;

/// <summary>All state of the engine: the partitions, which objects were applied, what was learnt of instances. Commits one object at a time.</summary>
public sealed class EngineState
{
    /// <summary>Lateness that windows wait for; older records still meet lists and rules and are marked late.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromHours(24);

    /// <summary>Marks of objects that are kept; older ones are given up together, and counted. What such an object does once more changes nothing, and a server's ledger knows it by its name.</summary>
    public const int MostMarks = 1_000_000;

    private readonly Partition[] _partitions;
    private Knowledge _knowledge;
    private readonly UInt128 _reading;
    private readonly Dictionary<(string Detector, EntityKey Entity), HashSet<FindingKey>> _decided = [];
    private readonly HashSet<UInt128> _appliedEarlier = [];
    private readonly HashSet<UInt128> _applied = [];
    private readonly Dictionary<string, SortedSet<DateOnly>> _trials = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, int> _firstDays = [];
    private HashSet<FindingKey> _changed = [];
    private DateTimeOffset? _lateBefore;
    private int _lastDay = int.MaxValue;
    private long _refusedTrials, _forgottenMarks;

    /// <param name="reading">Names how objects are read (options, version, detectors). An object that was applied when it was read otherwise is
    /// applied again, which is harmless: everything it does is idempotent.</param>
    public EngineState(DetectorSet detectors, Knowledge knowledge, string reading, int partitions = 4, int mostEntities = Partition.MostEntities)
    {
        _knowledge = knowledge;
        _reading = ContentHash.Of(Encoding.UTF8.GetBytes(reading));
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new Partition(detectors, mostEntities))];
        Instances = new InstanceBook(knowledge.Inventory);
    }

    internal IReadOnlyList<Partition> Parts => _partitions;
    internal IEnumerable<UInt128> Applied => _appliedEarlier.Concat(_applied);
    internal DateTimeOffset? Newest { get; private set; }
    public InstanceBook Instances { get; }

    internal Intel.IntelSnapshot Intel => _knowledge.Intel;

    /// <summary>What principals are used to do.</summary>
    public Behaviour Behaviour { get; private set; } = new();

    /// <summary>What was given up to stay within limits, by kind.</summary>
    public IReadOnlyDictionary<string, long> Forgotten =>
        _partitions.SelectMany(p => p.States.Values).Select(s => ($"entities of {s.Detector}", s.Evicted))
            .Concat(_partitions.Select(p => ("findings", p.Refused)))
            .Append(("instances", Instances.Refused)).Append(("acts", Behaviour.Forgotten)).Append(("baselines", Behaviour.Profiles.Forgotten)).Append(("names of baselines", Behaviour.Names.Refused)).Append(("amounts of days", Behaviour.Amounts.Refused)).Append(("calls for baselines", Behaviour.Refused)).Append(("trials of rules", _refusedTrials)).Append(("marks of objects", _forgottenMarks))
            .GroupBy(f => f.Item1, f => f.Item2, StringComparer.Ordinal)
            .Select(g => (g.Key, Sum: g.Sum())).Where(g => g.Sum > 0).ToDictionary(g => g.Key, g => g.Sum, StringComparer.Ordinal);

    /// <summary>Every finding there is, in the order of its id.</summary>
    public IEnumerable<(FindingKey Key, FindingState State)> Findings => Decide(judged: null);

    /// <inheritdoc cref="Findings"/>
    /// <param name="judged">Receives every act that was held against a baseline, told or not.</param>
    internal IEnumerable<(FindingKey Key, FindingState State)> Decide(Action<JudgedAct>? judged)
    {
        var judgement = new Judgement(Behaviour);
        var anomalies = judgement.Findings(_knowledge, judged is null ? null : (act, score, _) => judged(new([.. act.Records.Select(record => record.Identity)], act.Api.Family.Type, score)));
        HeldBack = judgement.HeldBack;
        return _partitions.SelectMany(p => p.Findings).Select(f => (f.Key, f.Value.Total())).Concat(anomalies).OrderBy(f => f.Key.Id, StringComparer.Ordinal);
    }

    /// <summary>Anomalies that were not told when it was decided last, for the noise budgets of their accounts.</summary>
    internal int HeldBack { get; private set; }

    /// <summary>What a finding is made of now; null where nothing shows it any more.</summary>
    internal FindingState? Find(FindingKey key) => OwnerOf(key).Findings.TryGetValue(key, out var finding) && finding.Total() is { Latest: not null } total ? total : null;

    /// <summary>The findings that something was added to or taken from since this was asked last; those of behaviour are not among them.</summary>
    internal IReadOnlySet<FindingKey> TakeChanged()
    {
        var changed = _changed;
        _changed = [];
        return changed;
    }

    /// <summary>What is known from here on of addresses, instances and accounts.</summary>
    internal void Use(Knowledge knowledge) => _knowledge = knowledge;

    /// <summary>How many days a rule on trial was asked about records of its log.</summary>
    internal int DaysOf(string trial) => _trials.TryGetValue(trial, out var days) ? days.Count : 0;

    internal IEnumerable<TrialDays> Trials => _trials.Select(trial => new TrialDays(trial.Key, trial.Value));

    /// <summary>What of an object's days no trial has seen yet: nothing, as a rule.</summary>
    internal IEnumerable<TrialDays> NewOf(IEnumerable<TrialDays> trials) => trials
        .Select(trial => _trials.TryGetValue(trial.Rule, out var seen) ? trial with { Days = [.. trial.Days.Where(day => !seen.Contains(day))] } : trial)
        .Where(trial => trial.Days.Count > 0);

    internal void Merge(TrialDays trial)
    {
        if (!_trials.TryGetValue(trial.Rule, out var days))
        {
            if (_trials.Count >= TrialDays.MostTrials)
            {
                _refusedTrials++;
                return;
            }
            _trials.Add(trial.Rule, days = []);
        }
        foreach (var day in trial.Days) TrialDays.Add(days, day);
    }

    /// <summary>Whether committing the object would change anything.</summary>
    internal bool IsNew(ObjectEntry entry) => entry.State == ObjectState.Applied && !_applied.Contains(MarkOf(entry)) && !_appliedEarlier.Contains(MarkOf(entry));

    /// <summary>Applies an object once: a second delivery of the same bytes changes nothing. An object with nothing usable is never marked as applied,
    /// so that it is read again when reading has learnt more.</summary>
    /// <returns>The ledger entry as it became.</returns>
    public ObjectEntry Commit(ObjectResult result) => result.Entry.State == ObjectState.Applied ? Commit(result, MarkOf(result.Entry)) : result.Entry;

    /// <param name="mark">From <see cref="MarkOf"/>, when the object was read.</param>
    internal ObjectEntry Commit(ObjectResult result, UInt128 mark)
    {
        var entry = result.Entry;
        if (_appliedEarlier.Contains(mark)) return entry with { State = ObjectState.Known };
        if (!_applied.Add(mark)) return entry with { State = ObjectState.Duplicate };
        foreach (var instance in result.Instances) Instances.Add(instance);
        foreach (var (key, occurrences) in result.Findings) Merge(key, occurrences);
        foreach (var step in result.Steps) Apply(step);
        foreach (var trial in result.Trials) Merge(trial);
        Behaviour.Learn(Believed(result.Acts));
        if (entry.Last > (Newest ?? DateTimeOffset.MinValue)) Newest = entry.Last;
        return MarkLate(entry);
    }

    /// <summary>Tells the time, for what says that it is later.</summary>
    internal void Tell(DateTimeOffset now) => _lastDay = Habit.DayOf(now) + 1;

    /// <summary>Adds what was learnt elsewhere of what is usual.</summary>
    internal void Merge(Behaviour learnt) => Behaviour.Merge(learnt, _lastDay);

    /// <summary>What of an object's acts is learnt. What says that it is from the future is left out, for it would end all that is remembered of the past, and what says that it is from
    /// before 1970. What comes too late to train a baseline is marked: a past that can be rewritten would hide whatever its writer wants. Of an account that was not there before nothing is late.</summary>
    internal ActBatch Believed(ActBatch acts)
    {
        bool IsADay(int day) => day >= 0 && day <= _lastDay;
        List<Act> believed = [.. acts.Acts.Where(act => IsADay(act.Day))];
        return acts with
        {
            Acts = believed,
            Habits = [.. acts.Habits.Where(habit => IsADay(habit.Day))],
            Refused = acts.Refused + acts.Acts.Count - believed.Count,
            FirstDay = _lateBefore is null ? acts.FirstDay : acts.Accounts.Select(FirstDayOf).Append(acts.FirstDay).Max(),
        };
    }

    private int FirstDayOf(ulong account)
    {
        // Asked before the first object of the account changes it.
        if (_firstDays.TryGetValue(account, out var day)) return day;
        day = Behaviour.Profiles[account].LastDay is { } last ? last - Lateness.Days : int.MinValue;
        _firstDays.Add(account, day);
        return day;
    }

    internal void Merge(FindingKey key, FindingState occurrences)
    {
        _changed.Add(key);
        OwnerOf(key).Merge(key, occurrences);
    }

    /// <summary>What a detector remembers of all its entities, in no order; nothing where it is not asked.</summary>
    /// <typeparam name="TState">The detector's.</typeparam>
    internal IEnumerable<TState> StatesOf<TState>(string detector) =>
        _partitions.Where(p => p.States.ContainsKey(detector)).SelectMany(p => p.States[detector].All).Select(entity => (TState)entity.Value);

    internal IEntityStates? StatesOf(string detector) => _partitions[0].States.GetValueOrDefault(detector);

    internal void Apply(EntityStep step)
    {
        var decisions = _partitions[(int)((uint)step.Key.Value % _partitions.Length)].Merge(step, _knowledge, out var evicted);
        if (evicted is { } gone) Freeze(step.Detector, gone);
        var source = (step.Detector, step.Key);
        _decided.TryGetValue(source, out var before);
        if (decisions.Count == 0 && before is null) return;
        var now = new HashSet<FindingKey>();
        // A table of many entities may say several things of one finding.
        foreach (var same in decisions.GroupBy(decision => FindingKey.Of(decision.Detection), decision => decision.Occurrences))
        {
            var occurrences = same.ToList();
            _changed.Add(same.Key);
            OwnerOf(same.Key).Replace(same.Key, step.Detector, step.Key, occurrences.Count == 1 ? occurrences[0] : FindingState.Sum(occurrences));
            now.Add(same.Key);
        }
        foreach (var withdrawn in before?.Except(now) ?? [])
        {
            _changed.Add(withdrawn);
            OwnerOf(withdrawn).Replace(withdrawn, step.Detector, step.Key, decided: null);
        }
        if (now.Count > 0) _decided[source] = now;
        else _decided.Remove(source);
    }

    /// <summary>Takes over what was stored, before anything is committed.</summary>
    internal void Restore(IEnumerable<UInt128> applied, DateTimeOffset? newest, Behaviour behaviour, IEnumerable<Act> acts)
    {
        Behaviour = behaviour;
        Behaviour.Restore(acts);
        _appliedEarlier.UnionWith(applied);
        Newest = newest;
    }

    /// <summary>What was restored is the past from here on: records that lie before it by more than <see cref="Lateness"/> come late.</summary>
    /// <param name="now">A record from the future moves nothing.</param>
    internal void Begin(DateTimeOffset now)
    {
        if (_appliedEarlier.Count + _applied.Count > MostMarks)
        {
            _forgottenMarks += _appliedEarlier.Count;
            _appliedEarlier.Clear();
        }
        _appliedEarlier.UnionWith(_applied);
        _applied.Clear();
        _firstDays.Clear();
        if (Newest is not { } newest) return;
        var watermark = newest < now ? newest : now;
        _lateBefore = watermark - DateTimeOffset.MinValue > Lateness ? watermark - Lateness : DateTimeOffset.MinValue;
    }

    private void Freeze(string detector, EntityKey entity)
    {
        if (!_decided.Remove((detector, entity), out var findings)) return;
        foreach (var key in findings) OwnerOf(key).Freeze(key, detector, entity);
    }

    /// <summary>The object as it is read now.</summary>
    internal UInt128 MarkOf(ObjectEntry entry)
    {
        Span<byte> mark = stackalloc byte[32];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(mark, UInt128.Parse(entry.Identity, System.Globalization.NumberStyles.HexNumber, null));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(mark[16..], _reading);
        return XxHash128.HashToUInt128(mark);
    }

    private Partition OwnerOf(FindingKey key) => _partitions[(int)((uint)ContentHash.Of(Encoding.UTF8.GetBytes(key.Subject)) % _partitions.Length)];

    private ObjectEntry MarkLate(ObjectEntry entry) =>
        entry.Last < _lateBefore ? entry with { Records = [.. entry.Records.Select(r => r with { Late = r.Analysed })] } : entry;
}
