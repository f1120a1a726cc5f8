using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Behaviour;

namespace Yagura.Engine.Baselines;

/// <summary>What one principal did in one way on one day: all its calls of one API, with one outcome, from one address, with one client, in one region, on one bucket, for one kind of thing.</summary>
/// <remarks>Merging is commutative, associative and idempotent, as everything that is learnt from it is. There are many of them, so they share what they are made of, and keep records as numbers.</remarks>
public sealed class Act
{
    /// <summary>The earliest records kept.</summary>
    public const int MostEarliest = 6;

    /// <summary>Further records kept: those with the smallest identities, so that what came later is shown as well.</summary>
    public const int MostSampled = 10;

    private CallRecord[] _earliest = [];
    private CallRecord[] _sampled = []; // empty as long as the earliest are all there are

    /// <param name="key">The same for whatever is the same act.</param>
    /// <param name="day">Days since 1970, by UTC.</param>
    /// <param name="history">What was usual is told by the days before this one: <paramref name="day"/>, or the day before it for calls in the first six hours, when logs of the last day may still come.</param>
    /// <param name="error">The error code; empty where the call succeeded.</param>
    /// <param name="detail">What of the request tells most about the call; empty for most.</param>
    public Act(UInt128 key, Actor actor, AccessKeyDetails caller, Api api, Place place, Client client, string region, string error, string bucket, string detail, int day, int history)
    {
        Key = key;
        Actor = actor;
        Caller = caller;
        Api = api;
        Place = place;
        Client = client;
        Region = region;
        Error = error;
        Bucket = bucket;
        Detail = detail;
        Day = day;
        History = history;
    }

    [JsonConstructor]
    public Act(UInt128 key, Actor actor, AccessKeyDetails caller, Api api, Place place, Client client, string region, string error, string bucket, string detail, int day, int history,
        DistinctSketch? sketch, IReadOnlyList<CallRecord> earliest, IReadOnlyList<CallRecord> sampled)
        : this(key, actor, caller, api, place, client, region, error, bucket, detail, day, history)
    {
        Sketch = sketch;
        _earliest = [.. earliest];
        _sampled = [.. sampled];
    }

    public UInt128 Key { get; }
    public Actor Actor { get; }

    /// <summary>The key of the earliest call.</summary>
    public AccessKeyDetails Caller { get; private set; }
    public Api Api { get; }
    public Place Place { get; }
    public Client Client { get; }
    public string Region { get; }
    public string Error { get; }
    public string Bucket { get; }
    public string Detail { get; }
    public int Day { get; }
    public int History { get; }

    /// <summary>Counts the calls once there are more than <see cref="Earliest"/> holds.</summary>
    public DistinctSketch? Sketch { get; private set; }

    public IReadOnlyList<CallRecord> Earliest => _earliest;
    public IReadOnlyList<CallRecord> Sampled => _sampled;

    [JsonIgnore]
    public CallRecord First => _earliest[0];

    /// <summary>How many calls there were; an estimate beyond <see cref="MostEarliest"/>.</summary>
    [JsonIgnore]
    public double Calls => Sketch?.Estimate() ?? _earliest.Length;

    /// <summary>Whether it was refused for want of a permission.</summary>
    [JsonIgnore]
    public bool IsDenied => Error.Length > 0
        && (Error.Contains("AccessDenied", StringComparison.Ordinal) || Error.Contains("Unauthorized", StringComparison.Ordinal) || Error.Contains("Forbidden", StringComparison.Ordinal));

    /// <summary>Whether it only looks around, outside of buckets: the most frequent of all acts.</summary>
    [JsonIgnore]
    public bool IsDiscovery => !Api.IsData && Api.Family.Type.StartsWith("Discovery", StringComparison.Ordinal);

    /// <summary>Adds its calls to a count.</summary>
    internal void CountInto(DistinctSketch sketch)
    {
        if (Sketch is not null) sketch.Merge(Sketch);
        else foreach (ref readonly var record in _earliest.AsSpan()) sketch.Add(record.Identity);
    }

    /// <summary>All records that are kept: the first, then the sample, which is of all that came, then what followed the first.</summary>
    [JsonIgnore]
    public IEnumerable<CallRecord> Records => _earliest.Take(1).Concat(_sampled).Concat(_earliest).DistinctBy(record => record.Identity);

    internal void Add(in CallRecord record, AccessKeyDetails caller)
    {
        if (_earliest.Length == 0 || CallRecord.ByTime.Compare(record, _earliest[0]) < 0) Caller = caller;
        Keep(record);
    }

    public void Merge(Act other)
    {
        if (CallRecord.ByTime.Compare(other._earliest[0], _earliest[0]) < 0) Caller = other.Caller;
        if (other.Sketch is not null) Counted().Merge(other.Sketch);
        foreach (var record in other._earliest) Keep(record);
        foreach (var record in other._sampled) Keep(record);
    }

    /// <summary>Whether a record would be kept; if not it is to be counted only.</summary>
    internal bool Wants(DateTimeOffset time, UInt128 identity) =>
        _earliest.Length < MostEarliest || time <= _earliest[^1].Time || _sampled.Length < MostSampled || identity <= _sampled[^1].Identity;

    /// <summary>Counts a record that is not kept.</summary>
    internal void Count(UInt128 identity) => Counted().Add(identity);

    private void Keep(in CallRecord record)
    {
        if (Sketch is null && _earliest.Length == MostEarliest && !Holds(record.Identity)) Counted();
        if (Sketch is not null)
        {
            Sketch.Add(record.Identity);
            CallRecord.Keep(ref _sampled, record, CallRecord.ByIdentity, MostSampled);
        }
        CallRecord.Keep(ref _earliest, record, CallRecord.ByTime, MostEarliest);
    }

    private bool Holds(UInt128 identity)
    {
        foreach (ref readonly var record in _earliest.AsSpan())
            if (record.Identity == identity) return true;
        return false;
    }

    // Until now all were kept.
    private DistinctSketch Counted()
    {
        if (Sketch is { } sketch) return sketch;
        Sketch = sketch = new();
        foreach (ref readonly var record in _earliest.AsSpan())
        {
            sketch.Add(record.Identity);
            CallRecord.Keep(ref _sampled, record, CallRecord.ByIdentity, MostSampled);
        }
        return sketch;
    }

    internal Evidence ToEvidence(CallRecord record)
    {
        var text = $"{Api.Source} {Api.Name} from {Place.Text}";
        return new(record.Time, record.Identity, record.Object, record.Record, record.Name ?? record.EventId.ToString(), Error.Length == 0 ? text : $"{text} ({Error})");
    }
}

/// <summary>One record of an act.</summary>
/// <param name="EventId">The record's own identity where it is a UUID, as CloudTrail's are.</param>
/// <param name="Name">The identity where it is none; null otherwise.</param>
public readonly record struct CallRecord(DateTimeOffset Time, UInt128 Identity, string Object, long Record, Guid EventId, string? Name)
{
    internal static IComparer<CallRecord> ByTime { get; } =
        Comparer<CallRecord>.Create((one, other) => one.Time != other.Time ? one.Time.CompareTo(other.Time) : one.Identity.CompareTo(other.Identity));

    internal static IComparer<CallRecord> ByIdentity { get; } = Comparer<CallRecord>.Create((one, other) => one.Identity.CompareTo(other.Identity));

    /// <summary>Puts a record among those that are kept, in order, if it belongs there.</summary>
    internal static void Keep(ref CallRecord[] kept, in CallRecord record, IComparer<CallRecord> order, int most)
    {
        if (kept.Length == 0)
        {
            kept = [record];
            return;
        }
        var at = 0;
        while (at < kept.Length && order.Compare(kept[at], record) < 0) at++;
        if (at < kept.Length && kept[at].Identity == record.Identity)
        {
            // One record delivered in two objects is shown in the one whose name comes first, whichever was read first.
            if ((string.CompareOrdinal(record.Object, kept[at].Object), record.Record.CompareTo(kept[at].Record)).CompareTo((0, 0)) < 0) kept[at] = record;
            return;
        }
        if (at == most) return;
        if (kept.Length < most) Array.Resize(ref kept, kept.Length + 1);
        Array.Copy(kept, at, kept, at + 1, kept.Length - at - 1);
        kept[at] = record;
    }
}

/// <summary>Who acts.</summary>
/// <param name="Principal">A user or role; of a role that people take, each person by the name of the session.</param>
/// <param name="Peers">Those it is compared with: who else takes the role, else the users, or the roles, of the account.</param>
public sealed record Actor(string Account, string Principal, string Peers)
{
    internal ulong Self { get; } = Named.Subject("userIdentity", Account, Principal);
    internal ulong PeersSubject { get; } = Named.Subject("peers", Account, Peers);
    internal ulong AccountSubject { get; } = Named.Subject("account", Account, "");

    /// <summary>The principals of the account, as a subject of their own.</summary>
    internal ulong Principals { get; } = Named.Subject("principals", Account, "");
    internal uint Feature { get; } = Named.Feature(Trait.Principal, Principal);
}

/// <param name="Source">The service, such as <c>ec2.amazonaws.com</c>.</param>
/// <param name="IsData">A call on the content of a bucket.</param>
public sealed record Api(string Source, string Name, bool IsData)
{
    /// <summary>Service and name, such as <c>ec2:GetPasswordData</c>.</summary>
    [JsonIgnore]
    public string Text { get; } = $"{ServiceOf(Source)}:{Name}";

    internal ApiFamily Family { get; } = ApiFamilies.Of($"{(IsData ? ApiFamilies.DataService : ServiceOf(Source))}:{Name}");
    internal uint Feature { get; } = Named.Feature(Trait.Api, $"{ServiceOf(Source)}:{Name}");

    /// <summary>Its calls as something that is counted.</summary>
    internal ulong Calls { get; } = Named.What($"calls of {ServiceOf(Source)}:{Name}");

    /// <summary>What it does to the content of buckets, as something that is counted.</summary>
    internal ulong OnBuckets { get; } = Named.What(OperationOf(Source, Name, IsData));

    internal string OperationText => OperationOf(Source, Name, IsData);

    private static string OperationOf(string source, string name, bool isData) => ApiFamilies.Of($"{(isData ? ApiFamilies.DataService : ServiceOf(source))}:{name}").Type switch
    {
        "Exfiltration:S3/AnomalousBehavior" => "reads of objects",
        "Impact:S3/AnomalousBehavior.Delete" => "deletions of objects",
        "Impact:S3/AnomalousBehavior.Write" => "writes of objects",
        "Impact:S3/AnomalousBehavior.Permission" => "changes of permissions",
        _ => "looks at the content",
    };

    private static string ServiceOf(string source) => source.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? source[..dot] : source;
}

/// <summary>Where a call came from.</summary>
/// <param name="Text">The address, or the name that stands in its place, as the log writes it.</param>
/// <param name="Network">The autonomous system where a database tells it, else the surroundings of the address, else <paramref name="Text"/>.</param>
/// <param name="Country">Two letters; empty where it is not known.</param>
public sealed record Place(string Text, IpAddress Address, string Network, string Country)
{
    internal uint NetworkFeature { get; } = Named.Feature(Trait.Network, Network);
    internal uint CountryFeature { get; } = Country.Length == 0 ? 0 : Named.Feature(Trait.Country, Country);
}

/// <param name="Agent">As the log writes it.</param>
/// <param name="Family">See <see cref="ClientFamily"/>.</param>
public sealed record Client(string Agent, string Family)
{
    internal uint Feature { get; } = Named.Feature(Trait.Client, Family);
}
