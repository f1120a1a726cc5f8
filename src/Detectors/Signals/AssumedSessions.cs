using System.IO.Hashing;
using System.Text;
using System.Text.Json.Serialization;
using Yagura.Logs;

namespace Yagura.Detectors.Signals;

/// <summary>Remembers which credentials were used to assume roles, so that what a role's session did can be told of whoever stands behind it.</summary>
/// <remarks>State: who called, and 8 bytes for each session, for each access key and day; beyond <see cref="SessionsOfCaller.MostSessions"/> sessions a day a sample. Blind spots: sessions
/// that were given out before the logs begin, and those of sign-on services and AWS services, behind which the records name nobody of the account.</remarks>
public sealed class AssumedSessions : StatefulDetector<ApiCall, SessionsOfCaller>
{
    public const string StateName = "assumed-sessions";

    public override IReadOnlyList<TypeBinding> Types => [];

    public override string Name => StateName;

    public override void Observe(ApiCall call, Knowledge knowledge, ISteps<SessionsOfCaller> steps)
    {
        if (!call.Name.SequenceEqual("AssumeRole"u8) || !call.Succeeded || call[ApiField.AccessKeyId].IsEmpty || !call[ApiField.InvokedBy].IsEmpty) return;
        // {"credentials":{"accessKeyId":"ASIA…",…}}: found without parsing, for a role is assumed every other second.
        if (RequestJson.FirstText(call[ApiField.ResponseElements], "\"accessKeyId\""u8) is { IsEmpty: false } session && ApiCallFacts.Principal(call) is { Length: > 0 } principal)
            steps.Of(EntityKey.Of(call.AccountId, call[ApiField.AccessKeyId], call.Time, TimeSpan.FromDays(1))).Add(principal, call[ApiField.AccessKeyId], session);
    }

    public override IEnumerable<Decision> Decide(SessionsOfCaller state, Knowledge knowledge) => [];

    /// <summary>The number that an access key is known by.</summary>
    public static ulong NumberOf(ReadOnlySpan<byte> accessKeyId) => XxHash3.HashToUInt64(accessKeyId);

    /// <inheritdoc cref="NumberOf(ReadOnlySpan{byte})"/>
    public static ulong NumberOf(string accessKeyId) => NumberOf(Encoding.UTF8.GetBytes(accessKeyId));
}

/// <summary>The role sessions that one access key got on one day.</summary>
public sealed class SessionsOfCaller : IMergeable<SessionsOfCaller>
{
    /// <summary>Sessions kept; of more those with the smallest numbers.</summary>
    public const int MostSessions = 1_024;

    public SessionsOfCaller() => Sessions = new(MostSessions);

    [JsonConstructor]
    public SessionsOfCaller(string? principal, ulong key, Occurrences sessions) => (Principal, Key, Sessions) = (principal, key, sessions);

    /// <summary>Who called; null before the first call.</summary>
    public string? Principal { get; private set; }

    /// <summary>The access key that called (<see cref="AssumedSessions.NumberOf(string)"/>).</summary>
    public ulong Key { get; private set; }

    /// <summary>The numbers of the access keys that were given out.</summary>
    public Occurrences Sessions { get; }

    public void Add(string principal, ReadOnlySpan<byte> key, ReadOnlySpan<byte> session)
    {
        (Principal, Key) = (principal, AssumedSessions.NumberOf(key));
        Sessions.Add(new UInt128(0, AssumedSessions.NumberOf(session))); // folds to the number itself
    }

    public void Merge(SessionsOfCaller other)
    {
        // One key is one principal's; where records disagree, the same one wins in any order.
        if (Principal is null || (other.Principal is not null && string.CompareOrdinal(other.Principal, Principal) < 0)) (Principal, Key) = (other.Principal, other.Key);
        Sessions.Merge(other.Sessions);
    }
}
