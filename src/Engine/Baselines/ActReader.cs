using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;
using Yagura.Core;
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

    /// <summary>The accounts whose principals they are, as subjects of baselines.</summary>
    public IReadOnlyCollection<ulong> Accounts { get; init; } = [];

    /// <summary>Days before it are too late to tell what was usual: what they bring is judged, and trains nothing.</summary>
    public int FirstDay { get; init; } = int.MinValue;
}

/// <summary>Reduces the calls of objects to acts. One per reading thread.</summary>
/// <remarks>Calls of one object are much alike: what they are made of (who, from where, with what; which API) is made once and shared, and costs a look from then on.</remarks>
internal sealed class ActReader
{
    /// <summary>Acts of one object; the calls of what comes beyond it are counted.</summary>
    public const int MostActs = 200_000;

    /// <summary>What one object may say of what is usual; the calls beyond it are counted.</summary>
    public const int MostHabits = 4 * MostActs;

    /// <summary>Hours into a day during which the logs of the day before may still come.</summary>
    private const int LateHours = 6;

    private const int LongestField = 512;
    private const int MostFields = 14;
    private const int SaidBits = 17;

    private readonly Dictionary<UInt128, Act> _acts = [];
    private readonly List<Habit> _habits = [];
    private readonly ulong[] _said = new ulong[1 << SaidBits];
    private readonly byte[] _fields = new byte[MostFields * (LongestField + 2)];
    private readonly List<KeyValuePair<ulong, string>> _names = [];
    private readonly Shared<UInt128, Caller> _callers = new();
    private readonly Shared<ulong, Actor> _actors = new();
    private readonly Shared<ulong, Api> _apis = new();
    private readonly Shared<ulong, Place> _places = new();
    private readonly Shared<ulong, Client> _clients = new();
    private readonly Shared<ulong, string> _texts = new();
    private readonly HashSet<string> _regions = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _accounts = [];
    private long _refused;

    /// <summary>A context as this reader knows it.</summary>
    /// <param name="context">Null where what is called in it tells nothing.</param>
    /// <param name="key">The same for whatever differs in the access key alone.</param>
    private sealed class Caller(CallContext? context, UInt128 key)
    {
        private int _day = int.MinValue;
        private byte _hours;

        public CallContext? Context => context;
        public UInt128 Key => key;

        /// <summary>Whether it is asked for the first time on a day, as long as days are not mixed.</summary>
        public bool IsNewOn(int day)
        {
            if (_day == day) return false;
            (_day, _hours) = (day, 0);
            return true;
        }

        public bool IsNewAt(int hour)
        {
            var bit = (byte)(1 << ActNames.BlockOf(hour));
            if ((_hours & bit) != 0) return false;
            _hours |= bit;
            return true;
        }
    }

    public void Observe(ApiCall call, string objectName, Knowledge knowledge)
    {
        if (call.AccountId.IsEmpty || call[ApiField.EventType].SequenceEqual("AwsServiceEvent"u8)) return;
        if (_habits.Count >= MostHabits)
        {
            _refused++;
            return;
        }
        var caller = CallerOf(call, knowledge);
        if (caller.Context is not { } context) return;
        _accounts.Add(context.Actor.AccountSubject);
        var day = Habit.DayOf(call.Time);
        if (caller.IsNewOn(day)) Say(context, day);
        if (caller.IsNewAt(call.Time.Hour)) Say(context.Actor.Self, ActNames.HourOf(call.Time.Hour), day);
        var data = call.IsS3DataEvent;
        var bucket = data ? BucketOf(call) : default;
        var detail = call.Name.SequenceEqual("RunInstances"u8) ? RequestJson.FirstText(call[ApiField.RequestParameters], "\"instanceType\""u8) : default;
        var (api, apiHash) = ApiOf(call, data);
        var error = Text(call[ApiField.ErrorCode]);
        // What no finding tells of is told of when it was refused: somebody tries which doors are open.
        if (api.Family.Type.Length == 0 && !Act.IsDenial(error))
        {
            Say(context, api, error, bucket, detail, day);
            return;
        }
        var key = KeyOf(caller.Key, apiHash, error, bucket, detail, day, isEarly: call.Time.Hour < LateHours);
        if (_acts.TryGetValue(key, out var act))
        {
            var identity = call.Identity;
            if (act.Wants(call.Time, identity)) act.Add(RecordOf(call, identity, objectName), context);
            else act.Count(identity);
        }
        else if (_acts.Count >= MostActs) _refused++;
        else
        {
            act = new Act(key, context, api, error, Text(bucket), Text(detail), day, call.Time.Hour < LateHours ? day - 1 : day, RecordOf(call, call.Identity, objectName));
            _acts.Add(key, act);
            Say(context, api, error, bucket, detail, day);
        }
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
        var batch = new ActBatch([.. _acts.Values], [.. _habits], [.. _names], _refused) { Accounts = [.. _accounts] };
        _acts.Clear();
        _habits.Clear();
        _names.Clear();
        _accounts.Clear();
        _refused = 0;
        return batch;
    }

    private Caller CallerOf(ApiCall call, Knowledge knowledge)
    {
        var used = 0;
        Append(call.AccountId, ref used);
        Append(call[ApiField.UserArn], ref used);
        Append(call[ApiField.PrincipalId], ref used);
        Append(call[ApiField.SourceIpAddress], ref used);
        Append(call[ApiField.UserAgent], ref used);
        Append(call.Region, ref used);
        var shared = used;
        Append(call[ApiField.AccessKeyId], ref used);
        Append(call[ApiField.UserName], ref used);
        Append(call[ApiField.UserType], ref used);
        Append(call[ApiField.UserAccountId], ref used);
        Append(call[ApiField.IssuerArn], ref used);
        Append(call[ApiField.IssuerUserName], ref used);
        Append(call[ApiField.InvokedBy], ref used);
        var hash = XxHash128.HashToUInt128(_fields.AsSpan(0, used));
        return _callers.TryGet(hash, out var caller) ? caller
            : _callers.Add(hash, new(Tells(call, knowledge) ? ContextOf(call, knowledge) : null, XxHash128.HashToUInt128(_fields.AsSpan(0, shared))));
    }

    // A field longer than any honest one stands in the key by its hash.
    private void Append(ReadOnlySpan<byte> field, ref int used)
    {
        if (field.Length > LongestField)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_fields.AsSpan(used), ushort.MaxValue);
            BinaryPrimitives.WriteUInt128LittleEndian(_fields.AsSpan(used + 2), XxHash128.HashToUInt128(field));
            used += 2 + 16;
            return;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(_fields.AsSpan(used), (ushort)field.Length);
        field.CopyTo(_fields.AsSpan(used + 2));
        used += field.Length + 2;
    }

    /// <summary>Whether a call tells what somebody is used to do. What AWS does by itself, or in somebody's name for a call that is recorded beside it, does not.</summary>
    private static bool Tells(ApiCall call, Knowledge knowledge) =>
        !call[ApiField.UserType].SequenceEqual("AWSService"u8)
        && !knowledge.Benign.IsService(call[ApiField.SourceIpAddress]) && !knowledge.Benign.IsServiceRole(call[ApiField.IssuerUserName])
        && !knowledge.Intel.IsTrusted(call.Address);

    private CallContext ContextOf(ApiCall call, Knowledge knowledge)
    {
        var actorHash = Hash(call.AccountId, call[ApiField.UserArn], call[ApiField.PrincipalId]);
        if (!_actors.TryGet(actorHash, out var actor))
        {
            actor = _actors.Add(actorHash, ActorOf(call));
            Name(actor.Self, $"{actor.Account} {actor.Principal}");
            Name(actor.PeersSubject, $"{actor.Account} {actor.Peers}");
            Name(actor.AccountSubject, actor.Account);
            Name(actor.Feature, actor.Principal);
        }
        var placeHash = Hash(call[ApiField.SourceIpAddress]);
        if (!_places.TryGet(placeHash, out var place))
        {
            place = _places.Add(placeHash, PlaceOf(call, knowledge.Intel));
            Name(place.NetworkFeature, place.Network);
            if (place.Country.Length > 0) Name(place.CountryFeature, place.Country);
        }
        var clientHash = Hash(call[ApiField.UserAgent]);
        if (!_clients.TryGet(clientHash, out var client))
        {
            client = _clients.Add(clientHash, new Client(Utf8.Text(call[ApiField.UserAgent]), ClientFamily.Of(call[ApiField.UserAgent])));
            Name(client.Feature, client.Family);
        }
        var region = Text(call.Region);
        var context = new CallContext(actor, ApiCallFacts.AccessKey(call), place, client, region);
        if (_regions.Add(region)) Name(context.RegionFeature, region);
        return context;
    }

    private (Api Api, ulong Hash) ApiOf(ApiCall call, bool data)
    {
        var hash = Hash(call.Source, call.Name, data ? "data"u8 : default);
        if (!_apis.TryGet(hash, out var api))
        {
            api = _apis.Add(hash, new Api(Utf8.Text(call.Source), Utf8.Text(call.Name), data));
            Name(api.Feature, api.Text);
        }
        return (api, hash);
    }

    private void Name(ulong hash, string name) => _names.Add(new(hash, name));

    private string Text(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return "";
        var hash = Hash(text);
        return _texts.TryGet(hash, out var known) ? known : _texts.Add(hash, Utf8.Text(text));
    }

    private static ulong Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default) =>
        XxHash3.HashToUInt64(first) + (second.IsEmpty ? 0 : 3 * XxHash3.HashToUInt64(second, 1)) + (third.IsEmpty ? 0 : 5 * XxHash3.HashToUInt64(third, 2));

    private static UInt128 KeyOf(UInt128 caller, ulong api, string error, ReadOnlySpan<byte> bucket, ReadOnlySpan<byte> detail, int day, bool isEarly)
    {
        Span<byte> key = stackalloc byte[16 + 8 + 8 + 16 + 16 + 4 + 1];
        BinaryPrimitives.WriteUInt128LittleEndian(key, caller);
        BinaryPrimitives.WriteUInt64LittleEndian(key[16..], api);
        BinaryPrimitives.WriteUInt64LittleEndian(key[24..], error.Length == 0 ? 0 : Named.What(error));
        BinaryPrimitives.WriteUInt128LittleEndian(key[32..], bucket.IsEmpty ? 0 : XxHash128.HashToUInt128(bucket));
        BinaryPrimitives.WriteUInt128LittleEndian(key[48..], detail.IsEmpty ? 0 : XxHash128.HashToUInt128(detail));
        BinaryPrimitives.WriteInt32LittleEndian(key[64..], day);
        key[68] = isEarly ? (byte)1 : (byte)0;
        return XxHash128.HashToUInt128(key);
    }

    private void Say(CallContext context, int day)
    {
        SayOfAll(context.Actor, context.Place.NetworkFeature, day);
        SayOfAll(context.Actor, context.Client.Feature, day);
        SayOfAll(context.Actor, context.RegionFeature, day);
        if (context.Place.CountryFeature != 0) SayOfAll(context.Actor, context.Place.CountryFeature, day);
        Say(context.Actor.Principals, context.Actor.Feature, day);
    }

    private void Say(CallContext context, Api api, string error, ReadOnlySpan<byte> bucket, ReadOnlySpan<byte> detail, int day)
    {
        SayOfAll(context.Actor, api.Feature, day);
        if (error.Length > 0) SayOfAll(context.Actor, Named.Feature(Trait.Error, api, error), day);
        if (!detail.IsEmpty) SayNamed(context.Actor, Named.Feature(Trait.Detail, api, Text(detail)), Text(detail), day);
        if (bucket.IsEmpty) return;
        var name = Text(bucket);
        SayNamed(context.Actor, Named.Feature(Trait.Bucket, name), name, day);
        foreach (var feature in (ReadOnlySpan<uint>)[context.Actor.Feature, context.Place.NetworkFeature, context.Client.Feature]) Say(Named.Subject("bucket", "", name), feature, day);
    }

    private void SayNamed(Actor actor, uint feature, string name, int day)
    {
        if (Say(actor.AccountSubject, feature, day)) Name(feature, name);
        Say(actor.PeersSubject, feature, day);
        Say(actor.Self, feature, day);
    }

    private void SayOfAll(Actor actor, uint feature, int day)
    {
        Say(actor.Self, feature, day);
        Say(actor.PeersSubject, feature, day);
        Say(actor.AccountSubject, feature, day);
    }

    /// <summary>Says it once: what was said is remembered, as far as there is room, and to say it twice does no harm.</summary>
    private bool Say(ulong subject, uint feature, int day)
    {
        var said = (subject ^ (ulong)feature << 20 ^ (ulong)day) * 0x9E37_79B9_7F4A_7C15 + feature;
        ref var place = ref _said[said >> 64 - SaidBits];
        if (place == said) return false;
        place = said;
        _habits.Add(new(subject, feature, day));
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
        RequestJson.FirstText(call[ApiField.RequestParameters], "\"bucketName\""u8) is { IsEmpty: false } name ? name : Encoding.UTF8.GetBytes(ApiCallFacts.Bucket(call) ?? "");

    /// <summary>Things that are made once and used by many, up to a number; then they are made anew.</summary>
    private sealed class Shared<TKey, T> where TKey : notnull where T : class
    {
        private const int Most = 50_000;

        private readonly Dictionary<TKey, T> _made = [];

        public bool TryGet(TKey key, [NotNullWhen(true)] out T? known) => _made.TryGetValue(key, out known);

        public T Add(TKey key, T made)
        {
            if (_made.Count >= Most) _made.Clear();
            _made.Add(key, made);
            return made;
        }
    }
}
