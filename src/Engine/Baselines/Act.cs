using System.IO.Hashing;
using System.Text;
using System.Text.Json.Serialization;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Behaviour;
using Yagura.Logs;

namespace Yagura.Engine.Baselines;

/// <summary>What one principal did in one way on one day: all its calls of one API, with one outcome, from one network, with one client, in one region, on one bucket, for one kind of thing.</summary>
/// <remarks>Merging is commutative, associative and idempotent, as everything that is learnt from it is.</remarks>
public sealed class Act : IMergeable<Act>
{
    /// <summary>Calls told apart exactly; more are estimated, with an error of an eighth.</summary>
    public const int ExactCalls = 64;

    /// <summary>The earliest records kept, and as many more that are picked by their identity, so that what came later is shown as well.</summary>
    public const int MostEvidence = 6;

    private readonly SortedSet<Evidence> _sample = new(ByIdentity);

    /// <param name="day">Days since 1970, by UTC.</param>
    /// <param name="history">What was usual is told by the days before this one: <paramref name="day"/>, or the day before it for calls in the first six hours, when logs of the last day may still come.</param>
    /// <param name="api">Service and name; see <see cref="ApiFamilies"/>.</param>
    /// <param name="error">The error code; empty where the call succeeded.</param>
    [JsonConstructor]
    public Act(Actor actor, string api, string error, string network, string country, string client, string region, string bucket, string detail, int day, int history,
        CallSample first, FindingState calls, IReadOnlyCollection<Evidence> sample, DistinctSketch amount, int hours)
    {
        Actor = actor;
        Api = api;
        Error = error;
        Network = network;
        Country = country;
        Client = client;
        Region = region;
        Bucket = bucket;
        Detail = detail;
        Day = day;
        History = history;
        First = first;
        Calls = calls;
        Amount = amount;
        Hours = hours;
        _sample.UnionWith(sample);
    }

    public Actor Actor { get; }
    public string Api { get; }
    public string Error { get; }
    public string Network { get; }
    public string Country { get; }
    public string Client { get; }
    public string Region { get; }
    public string Bucket { get; }

    /// <summary>What of the request tells most about the call; empty for most.</summary>
    public string Detail { get; }

    public int Day { get; }
    public int History { get; }

    /// <summary>The earliest call.</summary>
    public CallSample First { get; private set; }
    public FindingState Calls { get; }
    public IReadOnlyCollection<Evidence> Sample => _sample;

    /// <summary>How many calls there were.</summary>
    public DistinctSketch Amount { get; }

    /// <summary>A bit for each hour of the day with a call.</summary>
    public int Hours { get; private set; }

    /// <summary>It came too late to tell what was usual: it is judged, and trains nothing.</summary>
    public bool IsLate { get; set; }

    [JsonIgnore]
    public ApiFamily Family => ApiFamilies.Of(Api);

    [JsonIgnore]
    public bool IsOnBucketContent => Api.StartsWith(ApiFamilies.DataService, StringComparison.Ordinal);

    /// <summary>Whether it was refused for want of a permission.</summary>
    [JsonIgnore]
    public bool IsDenied => IsDenial(Error);

    /// <summary>All records that are kept, by time.</summary>
    [JsonIgnore]
    public IEnumerable<Evidence> Evidence => Calls.Evidence.Union(_sample).Order(Detectors.Evidence.ByTime);

    /// <summary>The same for whatever is the same act.</summary>
    internal UInt128 Key() => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(
        string.Join('\n', Actor.Account, Actor.Principal, Api, Error, Network, Country, Client, Region, Bucket, Detail, Day, History)));

    internal void Add(ApiCall call, string objectName)
    {
        Hours |= 1 << call.Time.Hour;
        Amount.Add((ulong)call.Identity);
        Calls.Add(call, objectName, detection: null, ApiCallFacts.Summary);
        if (call.Time < First.Time || (call.Time == First.Time && call.Identity < First.Identity)) First = CallSample.Of(call);
        if (_sample.Count >= MostEvidence && call.Identity > _sample.Max!.Identity) return;
        Keep(Detectors.Evidence.Of(call, objectName, ApiCallFacts.Summary(call)));
    }

    public void Merge(Act other)
    {
        Hours |= other.Hours;
        Amount.Merge(other.Amount);
        Calls.Merge(other.Calls);
        if (other.First.Time < First.Time || (other.First.Time == First.Time && other.First.Identity < First.Identity)) First = other.First;
        foreach (var evidence in other._sample) Keep(evidence);
    }

    private void Keep(Evidence evidence)
    {
        if (_sample.TryGetValue(evidence, out var same))
        {
            if (!evidence.IsNamedBefore(same)) return;
            _sample.Remove(same);
        }
        _sample.Add(evidence);
        if (_sample.Count > MostEvidence) _sample.Remove(_sample.Max!);
    }

    private static bool IsDenial(string error) =>
        error.Contains("AccessDenied", StringComparison.Ordinal) || error.Contains("Unauthorized", StringComparison.Ordinal) || error.Contains("Forbidden", StringComparison.Ordinal);

    private static IComparer<Evidence> ByIdentity { get; } = Comparer<Evidence>.Create((one, other) => one.Identity.CompareTo(other.Identity));
}

/// <summary>Who acts.</summary>
/// <param name="Principal">A user or role; of a role that people take, each person by the name of the session.</param>
/// <param name="Peers">Those it is compared with: who else takes the role, else the users, or the roles, of the account.</param>
public sealed record Actor(string Account, string Principal, string Peers);

/// <summary>What a finding shows of a call.</summary>
public sealed record CallSample(DateTimeOffset Time, UInt128 Identity, AccessKeyDetails Key, string Service, string Name, IpAddress Address, string AddressText, string? ErrorCode, string? UserAgent)
{
    internal static CallSample Of(ApiCall call) => new(
        call.Time, call.Identity, ApiCallFacts.AccessKey(call), Utf8.Text(call.Source), Utf8.Text(call.Name), call.Address, Utf8.Text(call[ApiField.SourceIpAddress]),
        Utf8.TextOrNull(call[ApiField.ErrorCode]), Utf8.TextOrNull(call[ApiField.UserAgent]));
}
