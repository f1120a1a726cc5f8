using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Behaviour;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Engine.Baselines;

/// <summary>What principals did, as one object tells it.</summary>
/// <param name="Acts">Those that may have been unusual.</param>
/// <param name="Habits">What they say about what is usual, as far as the reader did not say it before.</param>
/// <param name="Names">What hashes stand for, as far as the reader did not say it before.</param>
/// <param name="Refused">Calls that were left out.</param>
public sealed record ActBatch(IReadOnlyList<Act> Acts, IReadOnlyList<Habit> Habits, IReadOnlyList<KeyValuePair<ulong, string>> Names, long Refused)
{
    public static ActBatch Empty { get; } = new([], [], [], 0);

    /// <summary>Days before it are too late to tell what was usual: what they bring is judged, and trains nothing.</summary>
    public int FirstDay { get; init; } = int.MinValue;
}

/// <summary>Reduces the calls of objects to acts. One per reading thread.</summary>
/// <remarks>Calls of one object are much alike: what they are made of (who, from where, with what) is made once and shared.</remarks>
internal sealed class ActReader
{
    /// <summary>Acts of one object; the calls of what comes beyond it are counted.</summary>
    public const int MostActs = 200_000;

    /// <summary>Hours into a day during which the logs of the day before may still come.</summary>
    private const int LateHours = 6;

    private const int LongestField = 512;
    private const int MostShared = 50_000;
    private const int SaidBits = 17;

    private readonly Dictionary<UInt128, Act> _acts = [];
    private readonly List<Habit> _habits = [];
    private readonly ulong[] _said = new ulong[1 << SaidBits];
    private readonly byte[] _key = new byte[12 * (LongestField + 2)];
    private readonly List<KeyValuePair<ulong, string>> _names = [];
    private readonly Shared<Actor> _actors;
    private readonly Shared<AccessKeyDetails> _callers = new(_ => { });
    private readonly Shared<Api> _apis;
    private readonly Shared<Place> _places;
    private readonly Shared<Client> _clients;
    private readonly Shared<string> _texts = new(_ => { });
    private long _refused;

    public ActReader()
    {
        _actors = new(actor =>
        {
            Name(actor.Self, $"{actor.Account} {actor.Principal}");
            Name(actor.PeersSubject, $"{actor.Account} {actor.Peers}");
            Name(actor.AccountSubject, actor.Account);
            Name(actor.Feature, actor.Principal);
        });
        _apis = new(api => Name(api.Feature, api.Text));
        _clients = new(client => Name(client.Feature, client.Family));
        _places = new(place =>
        {
            Name(place.NetworkFeature, place.Network);
            if (place.Country.Length > 0) Name(place.CountryFeature, place.Country);
        });
    }

    private void Name(ulong hash, string name) => _names.Add(new(hash, name));

    public void Observe(ApiCall call, string objectName, Knowledge knowledge)
    {
        if (!Tells(call, knowledge)) return;
        var bucket = call.IsS3DataEvent ? BucketOf(call) : default;
        var detail = call.Name.SequenceEqual("RunInstances"u8) ? TextIn(call[ApiField.RequestParameters], "\"instanceType\""u8) : default;
        var key = KeyOf(call, bucket, detail);
        if (!_acts.TryGetValue(key, out var act))
        {
            if (_acts.Count >= MostActs)
            {
                _refused++;
                return;
            }
            _acts.Add(key, act = Begin(key, call, bucket, detail, knowledge));
            Say(act);
        }
        SayHour(act, call.Time);
        if (act.Api.Family.Type.Length == 0) return;
        var identity = call.Identity;
        if (act.Wants(call.Time, identity)) act.Add(RecordOf(call, identity, objectName), CallerOf(call));
        else act.Count(identity);
    }

    private static CallRecord RecordOf(ApiCall call, UInt128 identity, string objectName)
    {
        var eventId = call[ApiField.EventId];
        var isGuid = Utf8Parser.TryParse(eventId, out Guid guid, out var used) && used == eventId.Length;
        return new(call.Time, identity, objectName, call.Record, guid, isGuid ? null : Evidence.Identify(call));
    }

    /// <summary>Takes out what was read since the last time.</summary>
    public ActBatch Drain()
    {
        var batch = new ActBatch([.. _acts.Values.Where(act => act.Api.Family.Type.Length > 0)], [.. _habits], [.. _names], _refused);
        _acts.Clear();
        _habits.Clear();
        _names.Clear();
        _refused = 0;
        return batch;
    }

    /// <summary>Whether a call tells what somebody is used to do. What AWS does by itself, or in somebody's name for a call that is recorded beside it, does not.</summary>
    private static bool Tells(ApiCall call, Knowledge knowledge) =>
        !call.AccountId.IsEmpty && !call[ApiField.UserType].SequenceEqual("AWSService"u8) && !call[ApiField.EventType].SequenceEqual("AwsServiceEvent"u8)
        && !knowledge.Benign.IsService(call[ApiField.SourceIpAddress]) && !knowledge.Benign.IsServiceRole(call[ApiField.IssuerUserName])
        && !knowledge.Intel.IsTrusted(call.Address);

    private UInt128 KeyOf(ApiCall call, ReadOnlySpan<byte> bucket, ReadOnlySpan<byte> detail)
    {
        var used = 0;
        Append(call.AccountId, ref used);
        Append(call[ApiField.UserArn], ref used);
        Append(call[ApiField.PrincipalId], ref used);
        Append(call.Source, ref used);
        Append(call.Name, ref used);
        Append(call[ApiField.ErrorCode], ref used);
        Append(call[ApiField.SourceIpAddress], ref used);
        Append(call[ApiField.UserAgent], ref used);
        Append(call[ApiField.Region], ref used);
        Append(bucket, ref used);
        Append(detail, ref used);
        BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(used), Habit.DayOf(call.Time));
        _key[used + 4] = call.Time.Hour < LateHours ? (byte)1 : (byte)0;
        return XxHash128.HashToUInt128(_key.AsSpan(0, used + 5));
    }

    private void Append(ReadOnlySpan<byte> field, ref int used)
    {
        field = field[..Math.Min(field.Length, LongestField)];
        BinaryPrimitives.WriteUInt16LittleEndian(_key.AsSpan(used), (ushort)field.Length);
        field.CopyTo(_key.AsSpan(used + 2));
        used += field.Length + 2;
    }

    private Act Begin(UInt128 key, ApiCall call, ReadOnlySpan<byte> bucket, ReadOnlySpan<byte> detail, Knowledge knowledge)
    {
        var day = Habit.DayOf(call.Time);
        var actor = _actors.Of(Hash(call.AccountId, call[ApiField.UserArn], call[ApiField.PrincipalId]), call, static call => ActorOf(call));
        var api = _apis.Of(Hash(call.Source, call.Name, call.IsS3DataEvent ? "data"u8 : default), call, static call => new Api(Utf8.Text(call.Source), Utf8.Text(call.Name), call.IsS3DataEvent));
        var place = _places.Of(Hash(call[ApiField.SourceIpAddress]), (call, knowledge.Intel), static from => PlaceOf(from.call, from.Intel));
        var client = _clients.Of(Hash(call[ApiField.UserAgent]), call, static call => new Client(Utf8.Text(call[ApiField.UserAgent]), ClientFamily.Of(call[ApiField.UserAgent])));
        return new Act(key, actor, CallerOf(call), api, place, client, Text(call.Region), Text(call[ApiField.ErrorCode]), Text(bucket), Text(detail), day, call.Time.Hour < LateHours ? day - 1 : day);
    }

    private AccessKeyDetails CallerOf(ApiCall call) => _callers.Of(Hash(call[ApiField.AccessKeyId], call[ApiField.PrincipalId], call[ApiField.UserName]), call, static call => ApiCallFacts.AccessKey(call));

    private string Text(ReadOnlySpan<byte> text) => text.IsEmpty ? "" : _texts.Of(Hash(text), text, static text => Utf8.Text(text));

    private static ulong Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default) =>
        XxHash3.HashToUInt64(first) + (second.IsEmpty ? 0 : 3 * XxHash3.HashToUInt64(second, 1)) + (third.IsEmpty ? 0 : 5 * XxHash3.HashToUInt64(third, 2));

    private void Say(Act act)
    {
        // That a principal calls an API is news as a rule, and to say it twice does no harm.
        _habits.Add(new(act.Actor.Self, act.Api.Feature, act.Day));
        Say(act.Actor.PeersSubject, act.Api.Feature, act.Day);
        Say(act.Actor.AccountSubject, act.Api.Feature, act.Day);
        var names = new ActNames(act);
        // Most calls of a principal come from where the last one came from, with the same client.
        var context = ((ulong)act.Place.NetworkFeature << 32 | act.Client.Feature) * 0x9E37_79B9_7F4A_7C15 + ((ulong)act.Place.CountryFeature << 32 | names.Region);
        if (IsNew(act.Actor.Self ^ context, (uint)act.Day, act.Day))
        {
            SayOfAll(act, act.Place.NetworkFeature);
            SayOfAll(act, act.Client.Feature);
            SayOfAll(act, names.Region);
            if (act.Place.CountryFeature != 0) SayOfAll(act, act.Place.CountryFeature);
            Say(act.Actor.Principals, act.Actor.Feature, act.Day);
        }
        if (names.Error != 0) SayOfAll(act, names.Error);
        if (names.Detail != 0) SayOfAll(act, names.Detail);
        if (act.Bucket.Length == 0) return;
        SayOfAll(act, names.OfBucket);
        foreach (var feature in (ReadOnlySpan<uint>)[act.Actor.Feature, act.Place.NetworkFeature, act.Client.Feature]) Say(names.Bucket, feature, act.Day);
    }

    private void SayHour(Act act, DateTimeOffset time) => Say(act.Actor.Self, ActNames.HourOf(time.Hour), act.Day);

    private void SayOfAll(Act act, uint feature)
    {
        Say(act.Actor.Self, feature, act.Day);
        Say(act.Actor.PeersSubject, feature, act.Day);
        Say(act.Actor.AccountSubject, feature, act.Day);
    }

    /// <summary>Says it once.</summary>
    private void Say(ulong subject, uint feature, int day)
    {
        if (IsNew(subject, feature, day)) _habits.Add(new(subject, feature, day));
    }

    /// <summary>Whether it is asked for the first time: what was said is remembered, as far as there is room.</summary>
    private bool IsNew(ulong subject, uint feature, int day)
    {
        var said = (subject ^ (ulong)feature << 20 ^ (ulong)day) * 0x9E37_79B9_7F4A_7C15 + feature;
        ref var place = ref _said[said >> 64 - SaidBits];
        if (place == said) return false;
        place = said;
        return true;
    }

    private static Actor ActorOf(ApiCall call)
    {
        var account = Utf8.Text(call.AccountId);
        var principal = ApiCallFacts.Principal(call);
        // A person who takes a role that many take is known by the session; programs take new names for sessions all the time.
        if (!call[ApiField.IssuerArn].IsEmpty && IsPerson(call)) return new(account, Utf8.Text(call[ApiField.UserArn]), principal);
        return new(account, principal, Utf8.Text(call[ApiField.UserType]));
    }

    private static bool IsPerson(ApiCall call)
    {
        var arn = call[ApiField.UserArn];
        return !arn.IsEmpty && (call[ApiField.IssuerUserName].StartsWith("AWSReservedSSO_"u8) || arn[(arn.LastIndexOf((byte)'/') + 1)..].IndexOf((byte)'@') >= 0);
    }

    private static Place PlaceOf(ApiCall call, IntelSnapshot intel)
    {
        var text = Utf8.Text(call[ApiField.SourceIpAddress]);
        var address = call.Address;
        if (address.IsNone) return new(text, address, text, "");
        var origin = intel.Locate(address);
        var network = origin?.Asn is { } asn ? (origin.Organization is { Length: > 0 } name ? $"AS{asn} {name}" : $"AS{asn}")
            : address.IsV4 ? $"{IpAddress.FromV4(address.V4 & 0xFFFF_0000)}/16" : $"{new IpAddress(address.High & 0xFFFF_FFFF_0000_0000, 0)}/32";
        return new(text, address, network, origin?.CountryCode ?? "");
    }

    /// <summary>The bucket of a call on its content.</summary>
    private static ReadOnlySpan<byte> BucketOf(ApiCall call) =>
        TextIn(call[ApiField.RequestParameters], "\"bucketName\""u8) is { IsEmpty: false } name ? name : Encoding.UTF8.GetBytes(ApiCallFacts.Bucket(call) ?? "");

    /// <summary>The text of the first member of a name, without reading the whole request: it is a name of AWS's, in which nothing is escaped.</summary>
    private static ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> request, ReadOnlySpan<byte> quotedName)
    {
        var at = request.IndexOf(quotedName);
        if (at < 0) return default;
        var rest = request[(at + quotedName.Length)..].TrimStart(" :"u8);
        if (rest.IsEmpty || rest[0] != '"') return default;
        var end = rest[1..].IndexOf((byte)'"');
        return end < 0 ? default : rest.Slice(1, end);
    }

    /// <summary>Things that are made once and used by many, up to a number; then they are made anew.</summary>
    private sealed class Shared<T>(Action<T> made) where T : class
    {
        private readonly Dictionary<ulong, T> _made = [];

        public T Of<TFrom>(ulong hash, TFrom from, Func<TFrom, T> make) where TFrom : allows ref struct
        {
            if (_made.TryGetValue(hash, out var known)) return known;
            if (_made.Count >= MostShared) _made.Clear();
            _made.Add(hash, known = make(from));
            made(known);
            return known;
        }
    }
}
