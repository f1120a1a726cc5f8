using System.Globalization;
using System.Numerics;

namespace Yagura.Engine.Baselines;

/// <summary>How far the baseline of a principal has come, and what is usual for it.</summary>
/// <param name="Days">Days with calls, of the last <see cref="ProfileStore.HistoryDays"/> that were seen.</param>
/// <param name="Since">The first of them.</param>
/// <param name="Values">What was seen on them, the most frequent first.</param>
public sealed record KnownEntity(string Account, string Principal, int Days, DateOnly Since, IReadOnlyList<KnownValue> Values)
{
    /// <summary>Whether its own history decides; before, that of its peers and of the account does.</summary>
    public bool IsComplete => Days >= Surprise.DaysNeeded;
}

/// <param name="Trait">Such as <c>API</c> or <c>network</c>.</param>
/// <param name="Days">On how many of the days.</param>
public sealed record KnownValue(string Trait, string Value, int Days, DateOnly LastSeen);

/// <summary>Lists what was learnt, for people.</summary>
public static class Entities
{
    /// <summary>Days of its own from which a principal counts as known.</summary>
    public const int DaysNeeded = Surprise.DaysNeeded;

    /// <summary>The last days that were seen, by any principal, of which it is told.</summary>
    public const int DaysShown = ProfileStore.HistoryDays;

    /// <summary>The principals that are remembered, by account and name.</summary>
    public static IEnumerable<KnownEntity> Of(Behaviour behaviour)
    {
        behaviour.Settle();
        var principals = new List<(string Account, string Principal, ulong Subject)>();
        foreach (var (hash, name) in behaviour.Names.All)
        {
            var space = name.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && Named.Subject("userIdentity", name[..space], name[(space + 1)..]) == hash) principals.Add((name[..space], name[(space + 1)..], hash));
        }
        return principals.OrderBy(one => one.Account, StringComparer.Ordinal).ThenBy(one => one.Principal, StringComparer.Ordinal)
            .Select(one => Describe(behaviour, one.Account, one.Principal, one.Subject)).Where(one => one.Days > 0);
    }

    private static KnownEntity Describe(Behaviour behaviour, string account, string principal, ulong subject)
    {
        var before = behaviour.Profiles.Newest + 1;
        var profile = behaviour.Profiles[subject];
        var (active, values) = (profile.ActiveWindow(before), new List<KnownValue>());
        for (var i = 0; i < profile.Features.Length; i++)
        {
            var days = profile.WindowAt(i, before);
            var trait = Named.TraitOf(profile.Features[i]);
            if (days == 0 || trait is Trait.Hour or Trait.Amount or Trait.Error) continue;
            var last = before - ProfileStore.HistoryDays + BitOperations.Log2(days);
            values.Add(new(NameOf(trait), behaviour.Names[profile.Features[i]] ?? profile.Features[i].ToString("x8", CultureInfo.InvariantCulture), BitOperations.PopCount(days), Surprise.DateOf(last)));
        }
        var first = before - ProfileStore.HistoryDays + (active == 0 ? 0 : BitOperations.TrailingZeroCount(active));
        return new(account, principal, BitOperations.PopCount(active), Surprise.DateOf(first),
            [.. values.OrderBy(value => value.Trait, StringComparer.Ordinal).ThenByDescending(value => value.Days).ThenBy(value => value.Value, StringComparer.Ordinal)]);
    }

    private static string NameOf(Trait trait) => trait == Trait.Principal ? "identity" : Surprise.NameOf(trait);
}
