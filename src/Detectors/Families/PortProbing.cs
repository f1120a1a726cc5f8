using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>What public addresses met: ports that refused them and ports that answered, by day.</summary>
/// <remarks>
/// Most addresses are refused once and never come again, so that what is refused takes eight bytes and no object. Only an address that was answered can become a finding, and has more.
/// Both keep the smallest of what they are told, so that the same is left whatever the order of reading and merging.
/// </remarks>
public sealed class PortProbing : IMergeable<PortProbing>, IBounded
{
    /// <summary>Ports that refused, of all addresses: 64 to 128 MiB.</summary>
    public const int MostRefused = 6_000_000;

    /// <summary>Addresses that were answered.</summary>
    public const int MostAnswered = 200_000;

    /// <summary>Refusals of an object that wait to be looked up together.</summary>
    private const int MostNotes = 1 << 17;

    private readonly SortedDictionary<int, RefusedPorts> _refused = []; // by day
    private readonly Pages<ulong> _notes = new(pageBits: 13); // numbers of the day that was met last, as they came
    private int _day;
    private readonly Dictionary<ProbeKey, AnsweredClient> _answered = [];
    private readonly HashSet<ProbeKey> _changed = [];
    private readonly Dictionary<ProbeKey, IReadOnlyList<Decision>> _decided = [];

    public PortProbing() { }

    [JsonConstructor]
    public PortProbing(IReadOnlyDictionary<int, byte[]> refused, IReadOnlyList<AnsweredClient> answered)
    {
        foreach (var (day, numbers) in refused)
        {
            var ports = Of(day);
            foreach (var number in MemoryMarshal.Cast<byte, ulong>(numbers)) ports.Add(number);
        }
        foreach (var client in answered)
        {
            _answered.Add(client.Key, client);
            _changed.Add(client.Key);
        }
    }

    /// <summary>Ports that refused, by day (days since the first of January of the year 1) as numbers of <see cref="RefusedPorts"/>.</summary>
    public IReadOnlyDictionary<int, byte[]> Refused
    {
        get
        {
            Settle();
            return _refused.ToDictionary(day => day.Key, day => day.Value.ToBytes());
        }
    }

    public IReadOnlyList<AnsweredClient> Answered => [.. _answered.Values];

    [JsonIgnore]
    public long Evicted { get; private set; }

    public void AddRefused(ProbeKey client, ulong target)
    {
        if (client.Day != _day || _notes.Count == MostNotes) Settle();
        _day = client.Day;
        _notes.Add(client.Client << RefusedPorts.PortBits | PortOf(target));
    }

    private void Settle()
    {
        if (_notes.Count == 0) return;
        var ports = Of(_day);
        for (var page = 0; page < _notes.PageCount; page++) ports.Add(_notes.Page(page));
        _notes.Cut(0);
    }

    public void AddAnswered(ProbeKey key, ulong target, FlowRecord flow, OwnAddress? own, string objectName)
    {
        var client = Of(key);
        client.Own ??= own;
        client.Of(target)?.Add(flow, objectName);
    }

    public void Merge(PortProbing other)
    {
        foreach (var (day, ports) in other._refused)
        {
            var mine = Of(day);
            mine.Reserve(ports.Count);
            Add(mine, day, [.. ports.All]);
        }
        for (var page = 0; page < other._notes.PageCount; page++) Add(Of(other._day), other._day, other._notes.Page(page));
        foreach (var (key, client) in other._answered)
        {
            Of(key).Merge(client);
            _changed.Add(key);
        }
        Evicted += other.Evicted;
        if (_refused.Values.Sum(ports => ports.Count) > MostRefused) ForgetRefused();
        if (_answered.Count > MostAnswered) ForgetAnswered();
    }

    private void Add(RefusedPorts ports, int day, ReadOnlySpan<ulong> numbers)
    {
        ports.Add(numbers);
        if (_answered.Count == 0) return;
        foreach (var number in numbers)
        {
            var key = new ProbeKey(day, number >> RefusedPorts.PortBits);
            if (_answered.ContainsKey(key)) _changed.Add(key);
        }
    }

    /// <summary>What is to be said of all addresses, after those about which more is known now were judged anew.</summary>
    /// <param name="judge">Is given an address and how many ports only refused it.</param>
    internal IEnumerable<Decision> After(Func<AnsweredClient, int, IReadOnlyList<Decision>> judge)
    {
        foreach (var key in _changed)
        {
            if (judge(_answered[key], RefusalsOf(key)) is { Count: > 0 } decisions) _decided[key] = decisions;
            else _decided.Remove(key);
        }
        _changed.Clear();
        return _decided.OrderBy(decided => decided.Key.Day).ThenBy(decided => decided.Key.Client).SelectMany(decided => decided.Value);
    }

    private int RefusalsOf(ProbeKey key) =>
        _refused.TryGetValue(key.Day, out var ports) ? ports.Of(key.Client).Count(port => !_answered[key].Answered.Keys.Any(target => PortOf(target) == port)) : 0;

    private static uint PortOf(ulong target) => (uint)(target & ((1 << RefusedPorts.PortBits) - 1));

    private RefusedPorts Of(int day)
    {
        if (!_refused.TryGetValue(day, out var ports)) _refused.Add(day, ports = new());
        return ports;
    }

    private AnsweredClient Of(ProbeKey key)
    {
        if (!_answered.TryGetValue(key, out var client)) _answered.Add(key, client = new(key));
        return client;
    }

    // The oldest day leaves; of the only one those addresses that one port refused.
    private void ForgetRefused()
    {
        var (day, ports) = _refused.First();
        var before = ports.Count;
        if (_refused.Count > 1)
        {
            _refused.Remove(day);
            Evicted += before;
            return;
        }
        ports.ForgetSingles();
        Evicted += before - ports.Count;
    }

    // The eighth that was seen longest ago, but for what is a finding.
    private void ForgetAnswered()
    {
        foreach (var key in _answered.Keys.Where(key => !_decided.ContainsKey(key)).OrderBy(key => _answered[key].LastSeen).Take(MostAnswered / 8).ToList())
        {
            _answered.Remove(key);
            _changed.Remove(key);
            Evicted++;
        }
    }
}

/// <summary>A public address and a day.</summary>
/// <param name="Day">Days since the first of January of the year 1.</param>
/// <param name="Client">A hash of 40 bits.</param>
public readonly record struct ProbeKey(int Day, ulong Client);

/// <summary>A public address that was answered within a day: by which ports, and how.</summary>
public sealed class AnsweredClient(ProbeKey key)
{
    /// <summary>Ports kept.</summary>
    public const int MostTargets = 16;

    private readonly SortedDictionary<ulong, AnsweredProbe> _answered = [];

    [JsonConstructor]
    public AnsweredClient(ProbeKey key, OwnAddress? own, IReadOnlyDictionary<ulong, AnsweredProbe> answered) : this(key)
    {
        Own = own;
        foreach (var (target, probe) in answered) _answered.Add(target, probe);
    }

    public ProbeKey Key => key;

    /// <summary>Tells whether the logs are those of the end that was probed; null where the records themselves tell it.</summary>
    public OwnAddress? Own { get; set; }

    /// <summary>By interface and port, as their hash.</summary>
    public IReadOnlyDictionary<ulong, AnsweredProbe> Answered => _answered;

    [JsonIgnore]
    public DateTimeOffset LastSeen => _answered.Values.Max(answered => answered.Seen.LastSeen);

    public void Merge(AnsweredClient other)
    {
        if (other.Own is not null) Own = OwnAddress.Both(Own ?? new(), other.Own);
        foreach (var (target, answered) in other._answered) Of(target)?.Merge(answered);
    }

    // Null for one too many: the smallest are kept.
    internal AnsweredProbe? Of(ulong target)
    {
        if (_answered.TryGetValue(target, out var known)) return known;
        if (_answered.Count == MostTargets && target > _answered.Keys.Last()) return null;
        var answered = new AnsweredProbe();
        _answered.Add(target, answered);
        if (_answered.Count > MostTargets) _answered.Remove(_answered.Keys.Last());
        return answered;
    }
}

/// <summary>The answers of one port of one interface to one address.</summary>
public sealed class AnsweredProbe : IMergeable<AnsweredProbe>
{
    private const int ExactOccurrences = 256, MostEvidence = 2;

    public AnsweredProbe() => Seen = new(ExactOccurrences, MostEvidence);

    [JsonConstructor]
    public AnsweredProbe(SeenFlow? latest, FindingState seen) => (Latest, Seen) = (latest, seen);

    public SeenFlow? Latest { get; private set; }

    public FindingState Seen { get; }

    public void Add(FlowRecord flow, string objectName)
    {
        Seen.Add(flow, objectName, detection: null, FlowFacts.Summary, flow.End);
        Latest = SeenFlow.Later(Latest, flow, objectName);
    }

    public void Merge(AnsweredProbe other)
    {
        Seen.Merge(other.Seen);
        Latest = SeenFlow.Later(Latest, other.Latest);
    }
}
