using Yagura.Core.Findings;
using Yagura.Intel;

namespace Yagura.Detectors.Families;

/// <summary>Credentials that AWS gave to a workload are used from somewhere else.</summary>
/// <remarks>
/// Each workload has a home: the addresses the inventory gives it, else the earliest address it was seen at that can be its own. A call from another
/// address is foreign unless something visible explains it: the instance was started again or got an elastic address in between, or it moved
/// within AWS and the old address fell silent. An address outside AWS's published ranges, where these are loaded, is foreign to any workload
/// that runs in AWS. Whether an address is private says nothing either way. Calls through a VPC endpoint of the own account never leave the
/// network; through another account's endpoint they have left.
/// Blind spots: credentials used from the instance itself or through its own NAT; a workload that never called before the thief did, where
/// neither inventory nor AWS's ranges are loaded.
/// </remarks>
public static class CredentialExfiltration
{
    /// <summary>How long before an address change is recorded the old address may already be silent, and how long after it still be heard.</summary>
    private static readonly TimeSpan ChangeTolerance = TimeSpan.FromMinutes(5);

    /// <summary>The home of the workload, and the places that are not.</summary>
    /// <param name="instanceId">Looked up in the inventory; null for workloads without an address of their own.</param>
    /// <returns>Home is null when every place is foreign or none is known.</returns>
    public static (PlaceOfUse? Home, IReadOnlyList<(PlaceOfUse Place, bool InsideAws)> Foreign) Judge(SessionUse use, string? instanceId, Knowledge knowledge)
    {
        var intel = knowledge.Intel;
        var instance = instanceId is null ? null : knowledge.Inventory.Instance(instanceId);
        bool IsOwn(PlaceOfUse place) => instance is not null && !place.Address.IsNone && ReferenceEquals(knowledge.Inventory.OfAddress(place.Address), instance);

        var byInternet = use.Places.Where(p => p.EndpointOwner is null).OrderBy(p => p.Uses.FirstSeen).ThenBy(p => p.Text, StringComparer.Ordinal).ToList();
        // Functions and tasks change addresses within AWS all the time: for them only being outside decides.
        var home = byInternet.FirstOrDefault(IsOwn) ?? byInternet.FirstOrDefault(p => MayBeHome(p, intel));
        var foreign = new List<(PlaceOfUse, bool)>();
        var current = home;
        foreach (var place in byInternet)
        {
            if (ReferenceEquals(place, home) || IsOwn(place) || intel.IsTrusted(place.Address)) continue;
            var insideAws = intel.IsAws(place.Address);
            if (instanceId is null)
            {
                if (insideAws == false && place.Address.IsPublic) foreign.Add((place, false));
                continue;
            }
            if (insideAws != false || !place.Address.IsPublic)
            {
                if (current is null) continue;
                var moved = current.Uses.LastSeen <= place.Uses.FirstSeen + ChangeTolerance
                    && (insideAws == true || use.AddressChanges.Any(t => t >= current.Uses.LastSeen - ChangeTolerance && t <= place.Uses.FirstSeen + ChangeTolerance));
                if (moved)
                {
                    current = place;
                    continue;
                }
            }
            foreign.Add((place, insideAws == true));
        }
        foreign.AddRange(use.Places.Where(p => p.EndpointOwner is not null).OrderBy(p => p.Text, StringComparer.Ordinal).Select(p => (p, true)));
        return (home, foreign);
    }

    private static bool MayBeHome(PlaceOfUse place, IntelSnapshot intel) => intel.IsAws(place.Address) != false || !place.Address.IsPublic;

    /// <summary>One decision per type that some place calls for.</summary>
    public static IEnumerable<Decision> Decide(SessionUse use, string? instanceId, Knowledge knowledge, TypeBinding inside, TypeBinding outside)
    {
        var (home, foreign) = Judge(use, instanceId, knowledge);
        foreach (var group in foreign.GroupBy(f => f.InsideAws))
        {
            var places = group.Select(g => g.Place).OrderBy(p => p.Uses.FirstSeen).ThenBy(p => p.Text, StringComparer.Ordinal).ToList();
            var occurrences = new FindingState();
            foreach (var place in places) occurrences.Merge(place.Uses);
            if (home?.FirstRecord is { } atHome) occurrences.Keep(atHome);
            var first = places[0];
            var affiliated = first.EndpointOwner is { } owner && knowledge.AffiliatedAccounts.Contains(owner);
            var addresses = string.Join(", ", places.Select(p => p.EndpointOwner is null ? p.Text : $"a VPC endpoint of account {p.EndpointOwner}"));
            var detection = first.First! with
            {
                Type = (group.Key ? inside : outside).Type,
                Severity = affiliated ? Severity.Medium : Severity.High,
                Why = $"credentials of {first.First!.Subject} were used from {addresses}" + (home is not null ? $", while {first.First!.Subject} is at {home.Text}" : group.Key ? "" : ", outside AWS"),
                Action = first.EndpointOwner is { } account && first.First!.Action is AwsApiCallAction call
                    ? call with { RemoteAccount = new RemoteAccount(account, affiliated) }
                    : first.First!.Action,
                AdditionalInfo =
                [
                    .. home is null ? [] : new KeyValuePair<string, string>[] { new("homeAddress", home.Text) },
                    new("foreignAddresses", addresses),
                ],
            };
            occurrences.Offer(detection, first.FirstRecord!);
            yield return new Decision(detection, occurrences);
        }
    }
}
