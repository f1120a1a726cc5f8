using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Yagura.Core;
using Yagura.Detectors;
using Yagura.Detectors.Behaviour;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Engine.Baselines;

/// <summary>Reduces the calls of one object to acts. One per reading thread.</summary>
internal sealed class ActReader
{
    /// <summary>Acts of one object; what comes beyond it is counted.</summary>
    public const int MostActs = 200_000;

    private const int LongestField = 512;

    private readonly Dictionary<UInt128, Act> _acts = [];
    private readonly byte[] _key = new byte[12 * (LongestField + 2)];

    /// <summary>Calls that were left out since the object began.</summary>
    public long Refused { get; private set; }

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
                Refused++;
                return;
            }
            _acts.Add(key, act = Begin(call, Utf8.Text(bucket), Utf8.Text(detail), knowledge));
        }
        act.Add(call, objectName);
    }

    /// <summary>Takes the acts out, which leaves none.</summary>
    public List<Act> Drain()
    {
        List<Act> acts = [.. _acts.Values];
        _acts.Clear();
        Refused = 0;
        return acts;
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
        Append(call[ApiField.IssuerArn], ref used);
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
        BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(used), DayOf(call.Time));
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

    /// <summary>Hours into a day during which the logs of the day before may still come.</summary>
    private const int LateHours = 6;

    private static int DayOf(DateTimeOffset time) => (int)(time.UtcTicks / TimeSpan.TicksPerDay) - (int)(DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay);

    private static Act Begin(ApiCall call, string bucket, string detail, Knowledge knowledge)
    {
        var day = DayOf(call.Time);
        var origin = call.Address.IsNone ? null : knowledge.Intel.Locate(call.Address);
        return new Act(
            ActorOf(call), ApiOf(call), Utf8.Text(call[ApiField.ErrorCode]), NetworkOf(call, origin), origin?.CountryCode ?? "", ClientFamily.Of(call[ApiField.UserAgent]),
            Utf8.Text(call.Region), bucket, detail, day, call.Time.Hour < LateHours ? day - 1 : day, CallSample.Of(call), new FindingState(Act.ExactCalls, Act.MostEvidence), [], new DistinctSketch(), 0);
    }

    private static string ApiOf(ApiCall call)
    {
        var service = call.Source.IndexOf((byte)'.') is > 0 and var dot ? call.Source[..dot] : call.Source;
        return $"{(call.IsS3DataEvent ? ApiFamilies.DataService : Utf8.Text(service))}:{Utf8.Text(call.Name)}";
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
        if (call[ApiField.UserArn].IsEmpty) return false;
        var arn = call[ApiField.UserArn];
        return call[ApiField.IssuerUserName].StartsWith("AWSReservedSSO_"u8) || arn[(arn.LastIndexOf((byte)'/') + 1)..].IndexOf((byte)'@') >= 0;
    }

    /// <summary>The autonomous system where a database tells it, else the surroundings of the address, else the name that stands in its place.</summary>
    private static string NetworkOf(ApiCall call, AddressOrigin? origin)
    {
        if (origin?.Asn is { } asn) return origin.Organization is { Length: > 0 } name ? $"AS{asn} {name}" : $"AS{asn}";
        var address = call.Address;
        if (address.IsNone) return Utf8.Text(call[ApiField.SourceIpAddress]);
        return address.IsV4 ? $"{IpAddress.FromV4(address.V4 & 0xFFFF_0000)}/16" : $"{new IpAddress(address.High & 0xFFFF_FFFF_0000_0000, 0)}/32";
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
}
