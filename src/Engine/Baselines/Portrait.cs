using System.Globalization;
using System.Numerics;
using Yagura.Core.Findings;

namespace Yagura.Engine.Baselines;

/// <summary>Tells what a principal, its account and a bucket usually do, in GuardDuty's terms, from what is remembered of them.</summary>
internal static class Portrait
{
    /// <summary>Days of a month from which something is done every week, and below which it is done less than once.</summary>
    private const int Weekly = 4, Sometimes = 2;

    /// <param name="acts">Those that are told, the most surprising first.</param>
    /// <param name="volumes">Amounts that were out of the usual.</param>
    public static BehaviourProfile Of(Behaviour behaviour, IReadOnlyList<Act> acts, IReadOnlyList<CallVolume> volumes)
    {
        var act = acts[0];
        var isNew = behaviour.Profiles[act.Actor.Self].ActiveDays(act.History) == 0;
        var apis = acts.Select(one => new AnomalousApi(one.Api.Source, one.Api.Name, one.Error.Length == 0 ? "success" : one.Error)).Distinct().ToList();
        List<UsualValues> usual = [];
        foreach (var (scope, subject) in new[] { (BehaviourScope.Account, act.Actor.AccountSubject), (BehaviourScope.UserIdentity, act.Actor.Self), (BehaviourScope.Bucket, act.Bucket.Length == 0 ? 0 : new ActNames(act).Bucket) })
        {
            if (subject == 0) continue;
            foreach (var (kind, trait) in new[] { (BehaviourKind.Apis, Trait.Api), (BehaviourKind.Asns, Trait.Network), (BehaviourKind.UserAgents, Trait.Client), (BehaviourKind.Buckets, Trait.Bucket) })
                usual.Add(Values(behaviour, subject, trait, act.History, new(kind, scope), acts.Select(one => Feature(one, trait))));
        }
        usual.Add(Values(behaviour, act.Actor.Principals, Trait.Principal, act.History, new(BehaviourKind.UserNames, BehaviourScope.Account), [(act.Actor.Feature, act.Actor.Principal)]));
        return new(apis, [.. usual.Where(values => values.IsKnown && values.Rare.Count + values.Infrequent.Count + values.Frequent.Count + values.Unusual.Count > 0)])
        {
            IsUnusualUserIdentity = isNew,
            Volumes = volumes,
        };
    }

    private static (uint Feature, string Text) Feature(Act act, Trait trait) => trait switch
    {
        Trait.Api => (act.Api.Feature, act.Api.Text),
        Trait.Network => (act.Place.NetworkFeature, AsGuardDuty(act.Place.Network)),
        Trait.Client => (act.Client.Feature, act.Client.Family),
        _ => (new ActNames(act).OfBucket, act.Bucket),
    };

    /// <summary>An autonomous system, <c>AS64496 Example Transit</c>, as GuardDuty writes it; another network as it is.</summary>
    private static string AsGuardDuty(string network)
    {
        var space = network.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at ? at : network.Length;
        return network.StartsWith("AS", StringComparison.Ordinal) && long.TryParse(network.AsSpan(2, space - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? BehaviourProfile.Network(number, space < network.Length ? network[(space + 1)..] : null) : network;
    }

    private static UsualValues Values(Behaviour behaviour, ulong subject, Trait trait, int before, UsualValues values, IEnumerable<(uint Feature, string Text)> seen)
    {
        var profile = behaviour.Profiles[subject];
        var known = new List<(string Text, int Days)>();
        for (var i = 0; i < profile.Features.Length; i++)
        {
            if (Named.TraitOf(profile.Features[i]) != trait) continue;
            var days = BitOperations.PopCount(profile.WindowAt(i, before));
            if (days > 0 && behaviour.Names[profile.Features[i]] is { } name) known.Add((trait == Trait.Network ? AsGuardDuty(name) : name, days));
        }
        string[] Of(int from, int below) =>
            [.. known.Where(value => value.Days >= from && value.Days < below).OrderByDescending(value => value.Days).ThenBy(value => value.Text, StringComparer.Ordinal).Take(BehaviourProfile.MostValues).Select(value => value.Text)];
        var unusual = new List<string>();
        foreach (var (feature, text) in seen.Where(value => value.Text.Length > 0).Distinct())
        {
            if (profile.DaysOf(feature, before) < Sometimes) unusual.Add(text);
            if (unusual.Count == BehaviourProfile.MostValues) break;
        }
        return values with { Rare = Of(1, Sometimes), Infrequent = Of(Sometimes, Weekly), Frequent = Of(Weekly, int.MaxValue), Unusual = unusual };
    }
}
