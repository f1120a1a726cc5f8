using Yagura.Detectors.Signals;

namespace Yagura.Engine.Sequences;

/// <summary>Tells who stands behind a principal: the user who assumed a role, and the thief who uses a workload's credentials.</summary>
internal sealed class Actors
{
    /// <summary>Roles that were assumed by sessions of roles, one after the other.</summary>
    private const int LongestChain = 8;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Dictionary<ulong, (string Principal, ulong Key)> _issuers = [];

    public Actors(IEnumerable<SessionsOfCaller> assumed)
    {
        foreach (var caller in assumed.Where(caller => caller.Principal is { Length: > 0 }).OrderByDescending(caller => caller.Principal, StringComparer.Ordinal).ThenByDescending(caller => caller.Key))
            foreach (var session in caller.Sessions.Kept) _issuers[session] = (caller.Principal!, caller.Key);
    }

    /// <summary>The clues with who stands behind them.</summary>
    public IReadOnlyList<Clue> Name(IEnumerable<Clue> clues) => JoinByPlace([.. clues.Select(Assumed)]);

    private Clue Assumed(Clue clue)
    {
        if (clue.Detection.Principal is not { Length: > 0 } principal || principal == Detectors.ApiCallFacts.Anonymous) return clue;
        var actor = principal;
        if (clue.Detection.Resource.AccessKeyDetails?.AccessKeyId is { Length: > 0 } id)
        {
            var key = AssumedSessions.NumberOf(id);
            for (var step = 0; step < LongestChain && _issuers.TryGetValue(key, out var issuer); step++) (actor, key) = issuer;
        }
        return clue with { Actor = actor, JoinedBecause = actor == principal ? null : $"{actor} assumed the role" };
    }

    /// <summary>Tells what the records name nobody for of the one user who worked from the same place at the same time, in the same account.</summary>
    /// <remarks>Two cases: credentials stolen from a workload, used from the user's address; and sessions of roles that were given out before the logs begin, used from the user's address by the same program.
    /// Where several users work from the place, nobody is named.</remarks>
    private static IReadOnlyList<Clue> JoinByPlace(IReadOnlyList<Clue> clues)
    {
        var ofUsers = clues.Where(clue => clue is { Actor: not null, Address.IsNone: false } && IsUser(clue)).ToLookup(clue => (clue.Detection.AccountId, clue.Address));
        var thefts = clues.Where(IsTheft).Select(clue => (clue.Detection.AccountId, clue.Actor, clue.Address)).ToHashSet();
        return [.. clues.Select(clue =>
        {
            if (clue is not { Actor: not null, Address.IsNone: false } || clue.JoinedBecause is not null) return clue;
            var isStolen = thefts.Contains((clue.Detection.AccountId, clue.Actor, clue.Address));
            if (!isStolen && !IsSession(clue)) return clue;
            var users = ofUsers[(clue.Detection.AccountId, clue.Address)]
                .Where(other => AreNear(other, clue) && (isStolen || AgentOf(other) == AgentOf(clue)))
                .Select(other => other.Actor!).Distinct(StringComparer.Ordinal).Take(2).ToList();
            return users is not [var user] ? clue
                : clue with { Actor = user, JoinedBecause = isStolen ? $"{user} worked from the same address, {clue.Address}" : $"{user} worked from the same address with the same program" };
        })];
    }

    private static bool IsTheft(Clue clue) => clue.Name.Contains("CredentialExfiltration.", StringComparison.Ordinal) && clue is { Actor: not null, Address.IsNone: false };

    private static bool IsUser(Clue clue) => clue.Detection.Resource.AccessKeyDetails?.UserType == "IAMUser";

    // Sessions of instances are the instance's own: their names begin like this.
    private static bool IsSession(Clue clue) =>
        clue.Detection.Resource.AccessKeyDetails is { UserType: "AssumedRole", PrincipalId: { } id } && !id.Contains(":i-", StringComparison.Ordinal);

    private static string? AgentOf(Clue clue) => (clue.Detection.Action as Core.Findings.AwsApiCallAction)?.UserAgent;

    private static bool AreNear(Clue one, Clue other) =>
        one.Occurrences.Any(a => other.Occurrences.Any(b => a.First - b.First <= Day && b.First - a.First <= Day));
}
