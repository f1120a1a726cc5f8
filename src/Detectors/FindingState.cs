using System.Text.Json.Serialization;
using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>What is known so far of one finding: how often, since when, the newest detection and the records that carry it.</summary>
/// <remarks>Merging is commutative, associative and idempotent: the state is the same for any order, split or repetition of the records.</remarks>
public sealed class FindingState : IMergeable<FindingState>
{
    /// <summary>Occurrences counted exactly; more are estimated.</summary>
    public const int ExactOccurrences = 65_536;

    /// <summary>Evidence records kept for a finding: the earliest ones, which show how it began.</summary>
    public const int MostEvidence = 20;

    /// <summary>Hours (of UTC) kept of records beyond the evidence, the newest: eleven days of ceaseless activity.</summary>
    public const int MostLaterHours = 256;

    private readonly SortedSet<Evidence> _evidence = new(Detectors.Evidence.ByTime);
    private SortedSet<long>? _laterHours;
    private long _droppedLast = -1;

    public FindingState(int exactOccurrences = ExactOccurrences, int mostEvidence = MostEvidence)
    {
        Occurrences = new(exactOccurrences);
        EvidenceLimit = mostEvidence;
    }

    /// <summary>Begins with records that were counted elsewhere.</summary>
    public FindingState(Occurrences occurrences, DateTimeOffset firstSeen, DateTimeOffset lastSeen) : this(occurrences, MostEvidence, firstSeen, lastSeen, null, null, Severity.Low, []) { }

    [JsonConstructor]
    public FindingState(
        Occurrences occurrences, int evidenceLimit, DateTimeOffset firstSeen, DateTimeOffset lastSeen,
        Detection? latest, Evidence? latestRecord, Severity gravest, IReadOnlyCollection<Evidence> evidence,
        IReadOnlyCollection<long>? laterHours = null)
    {
        Occurrences = occurrences;
        EvidenceLimit = evidenceLimit;
        FirstSeen = firstSeen;
        LastSeen = lastSeen;
        Latest = latest;
        LatestRecord = latestRecord;
        Gravest = gravest;
        _evidence.UnionWith(evidence);
        if (laterHours is not null) _laterHours = [.. laterHours];
    }

    /// <summary>Evidence records this state keeps.</summary>
    public int EvidenceLimit { get; }

    public Occurrences Occurrences { get; }
    public DateTimeOffset FirstSeen { get; private set; } = DateTimeOffset.MaxValue;
    public DateTimeOffset LastSeen { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The detection of the newest record, as GuardDuty shows it; of two at one time the one with the greater identity.</summary>
    public Detection? Latest { get; private set; }
    public Evidence? LatestRecord { get; private set; }

    /// <summary>The highest severity of any occurrence: what was grave once stays grave when a lesser one follows.</summary>
    public Severity Gravest { get; private set; }

    public IReadOnlyCollection<Evidence> Evidence => _evidence;

    /// <summary>The hours, counted from the year 1, in which there were records that are not kept as evidence; null where there were none. Ascending.</summary>
    public IReadOnlyCollection<long>? LaterHours => _laterHours;

    /// <summary>Adds one record.</summary>
    /// <param name="objectName">The object the record was read from.</param>
    /// <param name="detection">Null while it is not yet known whether the record belongs to a finding.</param>
    /// <param name="summarize">The record in one line, asked for only if the record is kept as evidence.</param>
    /// <param name="end">When a record that spans time (a flow) ended.</param>
    public void Add<TEvent>(TEvent record, string objectName, Detection? detection, Func<TEvent, string> summarize, DateTimeOffset? end = null)
        where TEvent : LogEvent
    {
        Occurrences.Add(record.Identity);
        if (record.Time < FirstSeen) FirstSeen = record.Time;
        var last = end > record.Time ? end.Value : record.Time; // a flow without an end has its start
        if (last > LastSeen) LastSeen = last;
        if (detection is null && _evidence.Count >= EvidenceLimit && record.Time > _evidence.Max!.Time)
        {
            Drop(record.Time);
            return;
        }
        var evidence = Detectors.Evidence.Of(record, objectName, summarize(record));
        Keep(evidence);
        if (detection is not null) Offer(detection, evidence);
    }

    /// <summary>Adds one record of which it is not yet known whether it belongs to a finding.</summary>
    /// <param name="evidence">The record, made at the first state that keeps it and handed on to the others.</param>
    public void Add(DnsQuery query, string objectName, ref Evidence? evidence)
    {
        Occurrences.Add(query.Identity);
        if (query.Time < FirstSeen) FirstSeen = query.Time;
        if (query.Time > LastSeen) LastSeen = query.Time;
        if (_evidence.Count < EvidenceLimit || query.Time <= _evidence.Max!.Time) Keep(evidence ??= Detectors.Evidence.Of(query, objectName, DnsFacts.Summary(query)));
        else Drop(query.Time);
    }

    /// <summary>Adds a record with what was detected in it.</summary>
    public void Add(LogEvent record, string objectName, Detection detection)
    {
        switch (record)
        {
            case ApiCall call: Add(call, objectName, detection, ApiCallFacts.Summary); break;
            case FlowRecord flow: Add(flow, objectName, detection, FlowFacts.Summary, flow.End); break;
            case DnsQuery query: Add(query, objectName, detection, DnsFacts.Summary); break;
            default: throw new ArgumentException($"nothing is detected in {record.LogType}", nameof(record));
        }
    }

    public void Merge(FindingState other)
    {
        Occurrences.Merge(other.Occurrences);
        if (other.FirstSeen < FirstSeen) FirstSeen = other.FirstSeen;
        if (other.LastSeen > LastSeen) LastSeen = other.LastSeen;
        foreach (var evidence in other._evidence) Keep(evidence);
        foreach (var hour in other._laterHours ?? []) DropHour(hour);
        if (other.Gravest > Gravest) Gravest = other.Gravest;
        if (other.Latest is not null) Offer(other.Latest, other.LatestRecord!);
    }

    /// <summary>What several entities show of one finding. The first record of each is shown before the second of any, so that all are named as far as there is room.</summary>
    public static FindingState Sum(IReadOnlyCollection<FindingState> parts)
    {
        var sum = new FindingState();
        foreach (var part in parts) sum.Merge(part);
        sum._evidence.Clear();
        foreach (var (_, evidence) in parts.SelectMany(part => part._evidence.Index()).OrderBy(e => e.Index).ThenBy(e => e.Item, Detectors.Evidence.ByTime))
        {
            if (sum._evidence.Count < sum.EvidenceLimit || sum._evidence.Contains(evidence)) sum.Keep(evidence);
        }
        return sum;
    }

    /// <summary>Sets the newest detection, for states that decide late; what is said of the same record again replaces what was said.</summary>
    public void Offer(Detection detection, Evidence record)
    {
        if (detection.Severity > Gravest) Gravest = detection.Severity;
        if (LatestRecord is not null)
        {
            var order = Detectors.Evidence.ByTime.Compare(record, LatestRecord);
            if (order < 0 || (order == 0 && LatestRecord.IsNamedBefore(record))) return;
        }
        Latest = detection;
        LatestRecord = record;
    }

    /// <summary>Adds a record that explains the finding without being an occurrence of it.</summary>
    public void Keep(Evidence evidence)
    {
        // One record delivered in two objects is shown in the one whose name comes first, whichever was read first.
        if (_evidence.TryGetValue(evidence, out var same))
        {
            if (!evidence.IsNamedBefore(same)) return;
            _evidence.Remove(same);
        }
        _evidence.Add(evidence);
        if (_evidence.Count <= EvidenceLimit) return;
        Drop(_evidence.Max!.Time);
        _evidence.Remove(_evidence.Max!);
    }

    // Whatever is not among the earliest in the end is dropped at some time in every order, and what is among them never is.
    private void Drop(DateTimeOffset time) => DropHour(time.UtcTicks / TimeSpan.TicksPerHour);

    private void DropHour(long hour)
    {
        if (hour == _droppedLast) return;
        _droppedLast = hour;
        _laterHours ??= [];
        if (_laterHours.Count == MostLaterHours && hour < _laterHours.Min) return;
        if (_laterHours.Add(hour) && _laterHours.Count > MostLaterHours) _laterHours.Remove(_laterHours.Min);
    }
}

/// <summary>A record that carries a finding, told apart and ordered by time and identity so that every order of reading keeps the same ones.</summary>
/// <param name="Identity">What makes two deliveries of one record equal; the object they came in does not.</param>
/// <param name="Name">The identity as people know it: the <c>eventID</c>, the request id, or the hash.</param>
public sealed record Evidence(DateTimeOffset Time, UInt128 Identity, string Object, long Record, string Name, string Summary)
{
    public static Evidence Of(LogEvent record, string objectName, string summary) =>
        new(record.Time, record.Identity, objectName, record.Record, NameOf(record), summary);

    public static IComparer<Evidence> ByTime { get; } =
        Comparer<Evidence>.Create((a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Identity.CompareTo(b.Identity));

    public bool IsNamedBefore(Evidence other) => (string.CompareOrdinal(Object, other.Object), Record.CompareTo(other.Record)) switch
    {
        ( < 0, _) => true,
        (0, < 0) => true,
        _ => false,
    };

    /// <summary>The later of two; of one record in two objects the one whose name comes first.</summary>
    public static Evidence? Later(Evidence? one, Evidence? other)
    {
        if (one is null || other is null) return one ?? other;
        var order = ByTime.Compare(one, other);
        return order > 0 || (order == 0 && one.IsNamedBefore(other)) ? one : other;
    }

    /// <summary>The earlier of two; of one record in two objects the one whose name comes first.</summary>
    public static Evidence Earlier(Evidence one, Evidence other)
    {
        var order = ByTime.Compare(one, other);
        return order < 0 || (order == 0 && one.IsNamedBefore(other)) ? one : other;
    }

    /// <summary>The identity of a record as people know it.</summary>
    public static string Identify(LogEvent record) => record switch
    {
        ApiCall call when call[ApiField.EventId] is { IsEmpty: false } id => Utf8.Text(id),
        ApiCall call when call[ApiField.RequestId] is { IsEmpty: false } id => Utf8.Text(id),
        _ => record.Identity.ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
    };

    public EvidenceRecord ToRecord() => new(Object, Record, Time, Name, Summary);
}
