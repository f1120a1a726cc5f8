using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>From where the credentials of one workload (an instance, a function, a task) were used.</summary>
/// <remarks>State: up to <see cref="MostAddresses"/> addresses of about 4 kB each. Addresses beyond that are counted, not kept: the earliest stay.</remarks>
public sealed class SessionUse : IMergeable<SessionUse>
{
    /// <summary>Addresses kept per workload; an honest one has a handful.</summary>
    public const int MostAddresses = 32;

    /// <summary>Occurrences per address counted exactly.</summary>
    public const int ExactOccurrences = 256;

    /// <summary>Evidence records kept per address.</summary>
    public const int EvidencePerAddress = 5;

    /// <summary>Times kept at which the workload may have got another address.</summary>
    public const int MostChanges = 32;

    private readonly Dictionary<UInt128, PlaceOfUse> _places = [];
    private readonly SortedSet<DateTimeOffset> _changes = [];

    public SessionUse() { }

    [JsonConstructor]
    public SessionUse(IReadOnlyCollection<PlaceOfUse> places, IReadOnlyCollection<DateTimeOffset> addressChanges)
    {
        foreach (var place in places) _places.Add(KeyOf(place), place);
        _changes.UnionWith(addressChanges);
    }

    public IReadOnlyCollection<PlaceOfUse> Places => _places.Values;

    /// <summary>When an elastic address was associated or the instance started: its address may be another from then on.</summary>
    public IReadOnlyCollection<DateTimeOffset> AddressChanges => _changes;

    public void AddChange(DateTimeOffset time)
    {
        _changes.Add(time);
        if (_changes.Count > MostChanges) _changes.Remove(_changes.Min);
    }

    /// <param name="endpointOwner">The account of the VPC endpoint the call came through; empty where it came by the internet.</param>
    /// <param name="describe">Makes the detection that would be reported if this call turned out to be foreign.</param>
    public void Add(ApiCall call, ReadOnlySpan<byte> endpointOwner, string objectName, Knowledge knowledge, Func<ApiCall, Knowledge, Detection> describe)
    {
        var key = ContentHash.Of(endpointOwner.IsEmpty ? call[ApiField.SourceIpAddress] : endpointOwner);
        if (!_places.TryGetValue(key, out var place))
        {
            place = new PlaceOfUse(Utf8.Text(call[ApiField.SourceIpAddress]), call.Address, Utf8.TextOrNull(endpointOwner));
            _places.Add(key, place);
        }
        place.Add(call, objectName, knowledge, describe);
        Bound();
    }

    public void Merge(SessionUse other)
    {
        foreach (var change in other._changes) AddChange(change);
        foreach (var (key, theirs) in other._places)
        {
            if (!_places.TryGetValue(key, out var mine)) _places.Add(key, mine = new PlaceOfUse(theirs.Text, theirs.Address, theirs.EndpointOwner));
            mine.Merge(theirs);
        }
        Bound();
    }

    private static UInt128 KeyOf(PlaceOfUse place) => ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(place.EndpointOwner ?? place.Text));

    private void Bound()
    {
        while (_places.Count > MostAddresses) _places.Remove(_places.MaxBy(p => (p.Value.Uses.FirstSeen, p.Key)).Key);
    }
}

/// <summary>The calls of one workload from one address, or through one foreign account's VPC endpoint.</summary>
/// <param name="text">The address as the log writes it.</param>
public sealed class PlaceOfUse(string text, IpAddress address, string? endpointOwner)
{
    [JsonConstructor]
    public PlaceOfUse(string text, IpAddress address, string? endpointOwner, FindingState uses, Detection? first, Evidence? firstRecord)
        : this(text, address, endpointOwner)
    {
        Uses = uses;
        First = first;
        FirstRecord = firstRecord;
    }

    public string Text { get; } = text;
    public IpAddress Address { get; } = address;
    public string? EndpointOwner { get; } = endpointOwner;
    public FindingState Uses { get; } = new(SessionUse.ExactOccurrences, SessionUse.EvidencePerAddress);

    /// <summary>The earliest call from here, told as the detection it would be.</summary>
    public Detection? First { get; private set; }
    public Evidence? FirstRecord { get; private set; }

    public void Add(ApiCall call, string objectName, Knowledge knowledge, Func<ApiCall, Knowledge, Detection> describe)
    {
        var earlier = First is null || call.Time < FirstRecord!.Time || (call.Time == FirstRecord.Time && call.Identity < FirstRecord.Identity);
        Uses.Add(call, objectName, detection: null, ApiCallFacts.Summary);
        if (earlier) Offer(describe(call, knowledge), Evidence.Of(call, objectName, ApiCallFacts.Summary(call)));
    }

    public void Merge(PlaceOfUse other)
    {
        Uses.Merge(other.Uses);
        Offer(other.First!, other.FirstRecord!);
    }

    private void Offer(Detection detection, Evidence record)
    {
        if (FirstRecord is not null && Evidence.ByTime.Compare(record, FirstRecord) is var order && (order > 0 || (order == 0 && !record.IsNamedBefore(FirstRecord)))) return;
        First = detection;
        FirstRecord = record;
    }
}
