using Yagura.Core.Findings;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>Credentials that AWS gave to a workload are used from somewhere else.</summary>
/// <remarks>
/// Each role of a workload has a home, one for IPv4 and one for IPv6: the addresses the inventory gives it, else the earliest address it was seen at
/// that can be its own. A call from another address is foreign unless something visible explains it: the instance was started again or got an elastic
/// address in between, it moved within AWS and the old address fell silent, or both addresses were in use from the beginning and for long, as behind
/// a gateway with two. An address outside AWS's published ranges, where these are loaded, is foreign to any workload that runs in AWS. Whether an
/// address is private says nothing either way. Calls through a VPC endpoint of the own account never leave the network; through another account's
/// endpoint they have left. A session that only has an instance's name is not believed once the metadata service's own are seen.
/// Blind spots: credentials used from the instance itself or through its own NAT; a workload that never called before the thief did, or not by the
/// thief's version of IP, where neither inventory nor AWS's ranges are loaded; a thief who comes with the first calls in the logs and stays for long.
/// </remarks>
public static class CredentialExfiltration
{
    /// <summary>How long before an address change is recorded the old address may already be silent, and how long after it still be heard.</summary>
    private static readonly TimeSpan ChangeTolerance = TimeSpan.FromMinutes(5);

    /// <summary>Two addresses that begin within <see cref="SameBeginning"/> and are both used for <see cref="LongUse"/> are one home.</summary>
    private static readonly TimeSpan SameBeginning = TimeSpan.FromHours(6), LongUse = TimeSpan.FromHours(12);

    /// <summary>A gateway spreads calls over its addresses; the one with fewer has at least this part of the other's.</summary>
    private const int LeastShare = 5;

    /// <summary>Whether a call stayed in the workload's network because it came through a VPC endpoint of its own account.</summary>
    /// <remarks>Older records do not name the endpoint's owner. Then a public address is judged as any other, and a private one, as a rule behind an
    /// endpoint of one's own, is not.</remarks>
    /// <param name="foreignOwner">The account of the endpoint if it is another one; empty where the call came by the internet.</param>
    public static bool StayedInside(ApiCall call, out ReadOnlySpan<byte> foreignOwner)
    {
        foreignOwner = default;
        if (call[ApiField.VpcEndpointId].IsEmpty) return false;
        var owner = call[ApiField.VpcEndpointAccountId];
        if (owner.IsEmpty) return call.Address.IsNone || !call.Address.IsPublic;
        var own = call[ApiField.UserAccountId] is { IsEmpty: false } account ? account : call.AccountId;
        if (own.IsEmpty || owner.SequenceEqual(own)) return true;
        foreignOwner = owner;
        return false;
    }

    /// <summary>One decision per role and type that some place calls for.</summary>
    /// <param name="instanceId">Looked up in the inventory; null for workloads without an address of their own.</param>
    public static IEnumerable<Decision> Decide(SessionUse use, string? instanceId, Knowledge knowledge, TypeBinding inside, TypeBinding outside)
    {
        var marked = use.Places.Any(place => place.Delivered);
        foreach (var role in use.Places.Where(place => place.Delivered == marked).GroupBy(place => place.First!.Principal, StringComparer.Ordinal).OrderBy(role => role.Key, StringComparer.Ordinal))
        {
            var places = role.GroupBy(place => (place.Text, place.EndpointOwner)).Select(PlaceOfUse.Together)
                .OrderBy(p => p.Uses.FirstSeen).ThenBy(p => p.Text, StringComparer.Ordinal).ToList();
            var homes = new List<PlaceOfUse>();
            var foreign = new List<(PlaceOfUse Place, bool InsideAws)>();
            foreach (var family in places.Where(place => place.EndpointOwner is null).GroupBy(place => (place.Address.IsNone, place.Address.IsV4)))
                Judge([.. family], use, instanceId, knowledge, homes, foreign);
            foreign.AddRange(places.Where(place => place.EndpointOwner is not null).Select(place => (place, true)));
            foreach (var type in foreign.GroupBy(f => f.InsideAws))
            {
                var found = type.Select(f => f.Place).OrderBy(p => p.Uses.FirstSeen).ThenBy(p => p.Text, StringComparer.Ordinal).ToList();
                var home = homes.OrderBy(h => h.Address.IsV4 != found[0].Address.IsV4).ThenBy(h => h.Uses.FirstSeen).ThenBy(h => h.Text, StringComparer.Ordinal).FirstOrDefault();
                yield return Tell(found, home, type.Key, (type.Key ? inside : outside), knowledge);
            }
        }
    }

    /// <param name="places">The places of one version of IP, by their first use.</param>
    private static void Judge(
        IReadOnlyList<PlaceOfUse> places, SessionUse use, string? instanceId, Knowledge knowledge, List<PlaceOfUse> homes, List<(PlaceOfUse Place, bool InsideAws)> foreign)
    {
        var intel = knowledge.Intel;
        var instance = instanceId is null ? null : knowledge.Inventory.Instance(instanceId);
        bool IsOwn(PlaceOfUse place) => instance is not null && !place.Address.IsNone && ReferenceEquals(knowledge.Inventory.OfAddress(place.Address), instance);

        var own = places.FirstOrDefault(IsOwn);
        var home = own ?? places.FirstOrDefault(place => MayBeHome(place, intel));
        if (home is not null) homes.Add(home);
        var current = home;
        foreach (var place in places)
        {
            if (ReferenceEquals(place, home) || IsOwn(place) || intel.IsTrusted(place.Address)) continue;
            var insideAws = intel.IsAws(place.Address);
            if (instanceId is null)
            {
                // Functions and tasks change addresses within AWS all the time: for them only being outside decides.
                if (insideAws == false && place.Address.IsPublic) foreign.Add((place, false));
                continue;
            }
            if (MayBeHome(place, intel))
            {
                if (own is null && AreOneHome(current!, place)) continue;
                if (HasMoved(current!, place, insideAws == true, use))
                {
                    current = place;
                    continue;
                }
            }
            foreign.Add((place, insideAws == true));
        }
    }

    private static bool MayBeHome(PlaceOfUse place, IntelSnapshot intel) => intel.IsAws(place.Address) != false || !place.Address.IsPublic;

    private static bool AreOneHome(PlaceOfUse home, PlaceOfUse place) =>
        (place.Uses.FirstSeen - home.Uses.FirstSeen).Duration() <= SameBeginning
        && place.Uses.LastSeen - place.Uses.FirstSeen >= LongUse && home.Uses.LastSeen - home.Uses.FirstSeen >= LongUse
        && place.Uses.Occurrences.Count * LeastShare >= home.Uses.Occurrences.Count;

    private static bool HasMoved(PlaceOfUse from, PlaceOfUse to, bool insideAws, SessionUse use) =>
        from.Uses.LastSeen <= to.Uses.FirstSeen + ChangeTolerance
        && (insideAws || use.MayHaveChanged(from.Uses.LastSeen - ChangeTolerance, to.Uses.FirstSeen + ChangeTolerance));

    private static Decision Tell(List<PlaceOfUse> places, PlaceOfUse? home, bool insideAws, TypeBinding type, Knowledge knowledge)
    {
        var occurrences = new FindingState();
        foreach (var place in places) occurrences.Merge(place.Uses);
        if (home?.FirstRecord is { } atHome) occurrences.Keep(atHome);
        var first = places[0].First!;
        bool IsAffiliated(PlaceOfUse place) => place.EndpointOwner is { } owner && knowledge.AffiliatedAccounts.Contains(owner);
        var addresses = string.Join(", ", places.Select(p => p.EndpointOwner is null ? p.Text : $"a VPC endpoint of account {p.EndpointOwner}"));
        var detection = first with
        {
            Type = type.Type,
            // The credentials are good for every region, so the finding has the one that does not depend on which call came first.
            Region = ApiCallFacts.HomeRegion(first.Region),
            Severity = places.All(IsAffiliated) ? Severity.Medium : Severity.High,
            Why = $"credentials of {first.Subject} were used from {addresses}" + (home is not null ? $", while {first.Subject} is at {home.Text}" : insideAws ? "" : ", outside AWS"),
            Action = places[0].EndpointOwner is { } account && first.Action is AwsApiCallAction call
                ? call with { RemoteAccount = new RemoteAccount(account, IsAffiliated(places[0])) }
                : first.Action,
            AdditionalInfo =
            [
                .. home is null ? [] : new KeyValuePair<string, string>[] { new("homeAddress", home.Text) },
                new("foreignAddresses", addresses),
            ],
        };
        occurrences.Offer(detection, places[0].FirstRecord!);
        return new Decision(detection, occurrences);
    }
}
