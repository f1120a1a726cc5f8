using System.Text.Json.Serialization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Intel;

namespace Yagura.Engine.Baselines;

/// <summary>What one principal did in one way on one day: all its calls of one API, with one outcome, from one address, with one client, in one region, on one bucket, for one kind of thing.</summary>
/// <remarks>Merging is commutative, associative and idempotent, as everything that is learnt from it is. There are many of them, most of a single call, so they share what they are made of and keep the
/// first record in themselves.</remarks>
public sealed class Act
{
    private CallRecord _first;
    private CallRecords? _several; // null while there is one

    /// <param name="key">The same for whatever is the same act.</param>
    /// <param name="day">Days since 1970, by UTC.</param>
    /// <param name="history">What was usual is told by the days before this one: <paramref name="day"/>, or the day before it for calls in the first six hours, when logs of the last day may still come.</param>
    /// <param name="error">The error code; empty where the call succeeded.</param>
    /// <param name="detail">What of the request tells most about the call; empty for most.</param>
    public Act(UInt128 key, CallContext context, Api api, string error, string bucket, string detail, int day, int history, in CallRecord first)
    {
        Key = key;
        Context = context;
        Api = api;
        Error = error;
        Bucket = bucket;
        Detail = detail;
        Day = day;
        History = history;
        _first = first;
    }

    [JsonConstructor]
    public Act(UInt128 key, CallContext context, Api api, string error, string bucket, string detail, int day, int history, DistinctSketch? sketch, IReadOnlyList<CallRecord> earliest, IReadOnlyList<CallRecord> sampled)
        : this(key, context, api, error, bucket, detail, day, history, earliest[0])
    {
        if (earliest.Count > 1 || sketch is not null) _several = new(earliest, sampled, sketch);
    }

    public UInt128 Key { get; }

    /// <summary>Of the earliest call: the access key is not part of what makes two acts the same.</summary>
    public CallContext Context { get; private set; }
    public Api Api { get; }
    public string Error { get; }
    public string Bucket { get; }
    public string Detail { get; }
    public int Day { get; }
    public int History { get; }

    [JsonIgnore]
    public Actor Actor => Context.Actor;

    [JsonIgnore]
    public Place Place => Context.Place;

    [JsonIgnore]
    public Client Client => Context.Client;

    [JsonIgnore]
    public string Region => Context.Region;

    /// <summary>Counts the calls once there are more than <see cref="Earliest"/> holds.</summary>
    public DistinctSketch? Sketch => _several?.Sketch;

    public IReadOnlyList<CallRecord> Earliest => _several?.Earliest ?? [_first];
    public IReadOnlyList<CallRecord> Sampled => _several?.Sampled ?? [];

    [JsonIgnore]
    public ref readonly CallRecord First => ref _first;

    /// <summary>How many calls there were; an estimate beyond <see cref="CallRecords.MostEarliest"/>.</summary>
    [JsonIgnore]
    public double Calls => _several?.Count ?? 1;

    /// <summary>Whether it was refused for want of a permission.</summary>
    [JsonIgnore]
    public bool IsDenied => Error.Length > 0 && IsDenial(Error);

    /// <summary>Whether it only looks around, outside of buckets: the most frequent of all acts.</summary>
    [JsonIgnore]
    public bool IsDiscovery => Api.IsDiscovery;

    /// <summary>All records that are kept: the first, then the sample, which is of all that came, then what followed the first.</summary>
    [JsonIgnore]
    public IEnumerable<CallRecord> Records => _several is null ? [_first] : _several.Earliest.Take(1).Concat(_several.Sampled).Concat(_several.Earliest).DistinctBy(record => record.Identity);

    /// <summary>Whether an error code says that a permission was wanting.</summary>
    /// <remarks>Such as <c>AccessDenied</c>, <c>AccessDeniedException</c>, <c>UnauthorizedOperation</c>, <c>Client.UnauthorizedOperation</c>, <c>Forbidden</c>.</remarks>
    internal static bool IsDenial(string error) =>
        error.Contains("AccessDenied", StringComparison.Ordinal) || error.Contains("Unauthorized", StringComparison.Ordinal) || error.Contains("Forbidden", StringComparison.Ordinal);

    /// <summary>Adds its calls to a count.</summary>
    internal void CountInto(DistinctSketch sketch)
    {
        if (_several is null) sketch.Add(_first.Identity);
        else _several.CountInto(sketch);
    }

    internal void Add(in CallRecord record, CallContext context)
    {
        if (CallRecord.ByTime.Compare(record, _first) < 0) Context = context;
        Keep(record);
    }

    public void Merge(Act other)
    {
        if (CallRecord.ByTime.Compare(other._first, _first) < 0) Context = other.Context;
        if (other._several is null)
        {
            Keep(other._first);
            return;
        }
        (_several ??= new(_first)).Merge(other._several);
        _first = _several.Earliest[0];
    }

    /// <summary>Whether a record would be kept; if not it is to be counted only.</summary>
    internal bool Wants(DateTimeOffset time, UInt128 identity) => _several is null || _several.Wants(time, identity);

    /// <summary>Counts a record that is not kept.</summary>
    internal void Count(UInt128 identity) => (_several ??= new(_first)).Add(identity);

    private void Keep(in CallRecord record)
    {
        if (_several is null)
        {
            if (record.Identity == _first.Identity)
            {
                if (record.IsNamedBefore(_first)) _first = record;
                return;
            }
            _several = new(_first);
        }
        _several.Keep(record);
        _first = _several.Earliest[0];
    }

    internal Evidence ToEvidence(CallRecord record)
    {
        var text = $"{Api.Source} {Api.Name} from {Place.Text}";
        return new(record.Time, record.Identity, record.Object, record.Record, record.Name ?? record.EventId.ToString(), Error.Length == 0 ? text : $"{text} ({Error})");
    }

    /// <summary>A detection about the caller's key, or the bucket that it is about.</summary>
    internal Detection ToDetection(FindingType type, Severity severity, string subject, string principal, IntelSnapshot intel, string why) => new(
        type, Actor.Account, Region, subject, principal, severity,
        new Resource(Bucket.Length == 0 ? ResourceType.AccessKey : ResourceType.S3Bucket) { AccessKeyDetails = Context.Caller, S3BucketDetails = Bucket.Length == 0 ? [] : [new S3BucketDetails(Bucket)] },
        new AwsApiCallAction(Api.Name, Api.Source, Place.Address.IsNone ? "Domain" : "Remote IP", ApiCallFacts.Remote(Place.Address, intel))
        {
            ErrorCode = Error.Length > 0 ? Error : null,
            UserAgent = Client.Agent.Length > 0 ? Client.Agent : null,
            Domain = Place.Address.IsNone ? Place.Text : null,
            AffectedResources = Bucket.Length == 0 ? [] : [new("AWS::S3::Bucket", Bucket)],
        },
        ResourceRole.Target, why);
}
