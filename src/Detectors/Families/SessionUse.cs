using System.Text;
using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>From where the credentials of one workload (an instance, a function, a task) were used.</summary>
/// <remarks>
/// The uses from one place in one week are kept or dropped as a whole, and which are kept follows from the weeks and places alone: so the state
/// is the same for any order, split or repetition of the records. State: up to <see cref="OldestKept"/> + <see cref="NewestKept"/> places and weeks
/// of about 4 kB each, twice where sessions come both with and without the metadata service's mark. What lies between the oldest and the newest is
/// lost: an address that was used only then is not known any more, and one that was used before too seems silent for that time.
/// </remarks>
public sealed class SessionUse : IMergeable<SessionUse>
{
    /// <summary>Places and weeks kept from the beginning: they hold the addresses that the workload had at first.</summary>
    public const int OldestKept = 8;

    /// <summary>Places and weeks kept from the end: with a new address every day, more than three weeks.</summary>
    public const int NewestKept = 24;

    /// <summary>Occurrences per place and week counted exactly.</summary>
    public const int ExactOccurrences = 256;

    /// <summary>Evidence records kept per place and week.</summary>
    public const int EvidencePerPlace = 5;

    /// <summary>Times kept at which the workload may have got another address, the newest: a start and an elastic address every day outlast
    /// <see cref="NewestKept"/> days.</summary>
    public const int MostChanges = 64;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly Dictionary<Key, PlaceOfUse> _places = [];
    private readonly SortedSet<DateTimeOffset> _changes = [];

    public SessionUse() { }

    [JsonConstructor]
    public SessionUse(IReadOnlyCollection<PlaceOfUse> places, IReadOnlyCollection<DateTimeOffset> addressChanges)
    {
        foreach (var place in places) _places.Add(KeyOf(place), place);
        _changes.UnionWith(addressChanges);
    }

    /// <summary>A place appears once for every week and role.</summary>
    public IReadOnlyCollection<PlaceOfUse> Places => _places.Values;

    /// <summary>When an elastic address was associated or the instance started: its address may be another from then on. Ascending.</summary>
    public IReadOnlyCollection<DateTimeOffset> AddressChanges => _changes;

    public void AddChange(DateTimeOffset time)
    {
        _changes.Add(time);
        if (_changes.Count > MostChanges) _changes.Remove(_changes.Min);
    }

    /// <summary>Whether the workload may have got another address in a time; true too for times before the oldest change that is kept, which nobody knows of.</summary>
    public bool MayHaveChanged(DateTimeOffset from, DateTimeOffset to) =>
        _changes.GetViewBetween(from, to < from ? from : to).Count > 0 || (_changes.Count == MostChanges && to < _changes.Min);

    /// <param name="endpointOwner">The account of the VPC endpoint the call came through; empty where it came by the internet.</param>
    /// <param name="describe">Makes the detection that would be reported if this call turned out to be foreign.</param>
    public void Add(ApiCall call, ReadOnlySpan<byte> endpointOwner, string objectName, Knowledge knowledge, Func<ApiCall, Knowledge, Detection> describe)
    {
        var role = call[ApiField.IssuerArn] is { IsEmpty: false } issuer ? issuer : Encoding.UTF8.GetBytes(ApiCallFacts.Principal(call));
        var text = endpointOwner.IsEmpty ? call[ApiField.SourceIpAddress] : endpointOwner;
        var delivered = !call[ApiField.Ec2RoleDelivery].IsEmpty;
        var key = KeyOf(delivered, call.Time, role, text, endpointOwner.IsEmpty);
        if (_places.TryGetValue(key, out var place))
        {
            place.Add(call, objectName, knowledge, describe);
            return;
        }
        place = new PlaceOfUse(Utf8.Text(text), endpointOwner.IsEmpty ? call.Address : default, Utf8.TextOrNull(endpointOwner), delivered);
        place.Add(call, objectName, knowledge, describe);
        _places.Add(key, place);
        Bound();
    }

    public void Merge(SessionUse other)
    {
        foreach (var change in other._changes) AddChange(change);
        foreach (var (key, theirs) in other._places)
        {
            if (!_places.TryGetValue(key, out var mine)) _places.Add(key, mine = theirs.WithoutUses());
            mine.Merge(theirs);
        }
        Bound();
    }

    private static Key KeyOf(PlaceOfUse place) => KeyOf(
        place.Delivered, place.Uses.FirstSeen, Encoding.UTF8.GetBytes(place.First!.Principal ?? ""), Encoding.UTF8.GetBytes(place.Text), place.EndpointOwner is null);

    private static Key KeyOf(bool delivered, DateTimeOffset time, ReadOnlySpan<byte> role, ReadOnlySpan<byte> text, bool byInternet) =>
        new(delivered, time.UtcTicks / Week.Ticks, EntityKey.Of(role, text, byInternet ? default : "endpoint"u8).Value);

    // Sessions with the mark have room of their own, so that whoever only names sessions cannot crowd them out.
    private void Bound()
    {
        if (_places.Count <= OldestKept + NewestKept) return;
        foreach (var kind in _places.Keys.GroupBy(key => key.Delivered).ToList())
        {
            foreach (var key in kind.OrderBy(key => key.Week).ThenBy(key => key.Place).Skip(OldestKept).SkipLast(NewestKept)) _places.Remove(key);
        }
    }

    private readonly record struct Key(bool Delivered, long Week, UInt128 Place);
}

/// <summary>The calls of one workload from one address, or through one foreign account's VPC endpoint.</summary>
/// <param name="text">The address as the log writes it; for an endpoint its owner.</param>
/// <param name="delivered">Whether the record says that the instance metadata service handed the credentials out.</param>
public sealed class PlaceOfUse(string text, IpAddress address, string? endpointOwner, bool delivered)
{
    [JsonConstructor]
    public PlaceOfUse(string text, IpAddress address, string? endpointOwner, bool delivered, FindingState uses, Detection? first, Evidence? firstRecord)
        : this(text, address, endpointOwner, delivered)
    {
        Uses = uses;
        First = first;
        FirstRecord = firstRecord;
    }

    public string Text { get; } = text;
    public IpAddress Address { get; } = address;
    public string? EndpointOwner { get; } = endpointOwner;
    public bool Delivered { get; } = delivered;
    public FindingState Uses { get; } = new(SessionUse.ExactOccurrences, SessionUse.EvidencePerPlace);

    /// <summary>The earliest call from here, told as the detection it would be.</summary>
    public Detection? First { get; private set; }
    public Evidence? FirstRecord { get; private set; }

    /// <summary>All weeks of one place, put together.</summary>
    public static PlaceOfUse Together(IEnumerable<PlaceOfUse> weeks)
    {
        PlaceOfUse? all = null;
        foreach (var week in weeks)
        {
            all ??= week.WithoutUses();
            all.Merge(week);
        }
        return all!;
    }

    public PlaceOfUse WithoutUses() => new(Text, Address, EndpointOwner, Delivered);

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
