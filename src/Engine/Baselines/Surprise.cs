using System.Numerics;
using System.Runtime.InteropServices;
using Yagura.Core.Findings;

namespace Yagura.Engine.Baselines;

/// <summary>How surprising an act is: for each trait the bits by which what is known fell short of expecting it, and their sum.</summary>
/// <remarks>
/// <para>The chance that a subject does something on a day is (d + λ·p) / (n + λ): it did so on d of its n days in the window, and p is the chance at the next wider level, from the
/// principal by its peers and the account to the world. λ, how much the wider level counts, is one and one more for each day on which the subject did something
/// of that trait for the first time: of somebody who tries something new each day, something new is expected. (Witten and Bell, "The zero-frequency problem", 1991, with days for
/// tokens.) A trait adds the negative binary logarithm of the chance, and no more than a most of its own, so that no single one decides.</para>
/// <para>As long as the account itself is new, everything but the API is new in it and says nothing.</para>
/// </remarks>
internal sealed class Surprise(Behaviour behaviour, OneDay? others = null)
{
    /// <summary>Days from which the history of a principal, a group or an account counts as known.</summary>
    public const int DaysNeeded = 7;

    /// <summary>Active days before which nothing a subject does for the first time is counted as a change.</summary>
    public const int WarmUp = 3;

    private const double BitsADoubling = 3;

    /// <summary>Principals for which the world stands in where an account is not known.</summary>
    private const double WeightOfWorld = 2;

    private readonly Dictionary<(ulong Subject, int Before), History> _histories = [];

    /// <summary>Bits that a trait adds at most, and its bits where nobody knows anything.</summary>
    private static (double Most, double World) Of(Trait trait) => trait switch
    {
        Trait.Network => (10, 6),
        Trait.Country => (3, 4),
        Trait.Client => (7, 4),
        Trait.Region => (6, 4),
        Trait.Error => (8, 4),
        Trait.Hour => (2, Math.Log2(6)),
        Trait.Bucket => (8, 6),
        Trait.Principal => (6, 2),
        Trait.Detail => (6, 4),
        Trait.Amount => (20, 0),
        _ => (20, 6),
    };

    /// <summary>The score of an act.</summary>
    /// <param name="parts">Takes what it is made of, with what was compared; null where only the sum is asked for.</param>
    public double Score(Act act, List<ScorePart>? parts)
    {
        var names = new ActNames(act);
        var before = act.History;
        var (principal, peers, account) = (At(act.Actor.Self, before), At(act.Actor.PeersSubject, before), At(act.Actor.AccountSubject, before));
        if (account.Days < WarmUp)
        {
            var bits = AmongOthers(act, OneDay.Called(act), act.Api.Family.WorldBits, out var compared);
            parts?.Add(new(NameOf(Trait.Api), act.Api.Text, bits, [compared, World(act.Api.Family.WorldBits)]));
            return bits + AddAmounts(act, parts);
        }
        var sum = Add(act, Trait.Api, act.Api.Feature, act.Api.Text, act.Api.Family.WorldBits, principal, peers, account, parts);
        sum += Add(act, Trait.Network, act.Place.NetworkFeature, act.Place.Network, null, principal, peers, account, parts);
        if (act.Place.Country.Length > 0) sum += Add(act, Trait.Country, act.Place.CountryFeature, act.Place.Country, null, principal, peers, account, parts);
        sum += Add(act, Trait.Client, act.Client.Feature, act.Client.Family, null, principal, peers, account, parts);
        sum += Add(act, Trait.Region, names.Region, act.Region, null, principal, peers, account, parts);
        if (act.Error.Length > 0) sum += Add(act, Trait.Error, names.Error, act.Error, null, principal, peers, account, parts);
        if (act.Bucket.Length > 0) sum += Add(act, Trait.Bucket, names.OfBucket, act.Bucket, null, principal, peers, account, parts);
        if (act.Detail.Length > 0) sum += Add(act, Trait.Detail, names.Detail, act.Detail, null, principal, peers, account, parts);
        sum += AddHour(act, principal, parts);
        sum += AddPrincipal(act, principal, account, parts);
        return sum + AddAmounts(act, parts);
    }

    /// <summary>What the API alone adds.</summary>
    public double OfApi(Act act)
    {
        return Add(act, Trait.Api, act.Api.Feature, "", act.Api.Family.WorldBits, At(act.Actor.Self, act.History), At(act.Actor.PeersSubject, act.History), At(act.Actor.AccountSubject, act.History), parts: null);
    }

    /// <summary>How far the baseline of an act's principal had come.</summary>
    public LearningProgress Progress(Act act)
    {
        var history = At(act.Actor.Self, act.History);
        return new(act.Actor.Principal, history.Days, ProfileStore.HistoryDays, DaysNeeded, history.First is { } first ? DateOf(first) : null);
    }

    /// <summary>The days that an act's account is known.</summary>
    public int DaysOfAccount(Act act) => At(act.Actor.AccountSubject, act.History).Days;

    private double Add(Act act, Trait trait, uint feature, string seen, double? world, in History principal, in History peers, in History account, List<ScorePart>? parts)
    {
        var (most, unknown) = Of(trait);
        var chance = Math.Pow(2, -(world ?? unknown));
        var (ofAccount, ofPeers, ofPrincipal) = (DaysOf(account, feature, act), DaysOf(peers, feature, act), DaysOf(principal, feature, act));
        chance = account.Chance(ofAccount, trait, chance);
        chance = peers.Chance(ofPeers, trait, chance);
        chance = principal.Chance(ofPrincipal, trait, chance);
        var bits = Math.Min(-Math.Log2(chance), most);
        parts?.Add(new(NameOf(trait), seen, bits,
        [
            Compare("userIdentity", act.Actor.Principal, principal, feature, ofPrincipal, act),
            Compare("peers", act.Actor.Peers, peers, feature, ofPeers, act),
            Compare("account", act.Actor.Account, account, feature, ofAccount, act),
            World(world ?? unknown),
        ]));
        return bits;
    }

    private static Comparison World(double bits) => new("world", $"one in {Math.Pow(2, bits):N0}, by judgement", null, 0, null);

    private double AddHour(Act act, in History principal, List<ScorePart>? parts)
    {
        if (principal.Days < WarmUp) return 0;
        var feature = ActNames.HourOf(act.First.Time.Hour);
        var days = DaysOf(principal, feature, act);
        var (most, world) = Of(Trait.Hour);
        var bits = Math.Min(-Math.Log2(principal.Chance(days, Trait.Hour, Math.Pow(2, -world))), most);
        var from = act.First.Time.Hour / 4 * 4;
        parts?.Add(new("time of day", $"{from:00}:00 to {from + 4:00}:00 UTC", bits, [Compare("userIdentity", act.Actor.Principal, principal, feature, days, act)]));
        return bits;
    }

    /// <summary>A principal that was never seen before, by how seldom the account gets a new one.</summary>
    private double AddPrincipal(Act act, in History principal, in History account, List<ScorePart>? parts)
    {
        if (principal.Days > 0) return 0;
        var known = At(act.Actor.Principals, act.History);
        var (most, world) = Of(Trait.Principal);
        var bits = Math.Min(-Math.Log2(known.Chance(0, Trait.Principal, Math.Pow(2, -world))), most);
        parts?.Add(new("identity", act.Actor.Principal, bits, [new("account", act.Actor.Account, 0, account.Days, null)]));
        return bits;
    }

    /// <summary>In an account that is not known yet the others of the same day tell what is common there: what many of them do is no more surprising than that.</summary>
    private double AmongOthers(Act act, ulong what, double bits, out Comparison compared)
    {
        var (all, same) = others is null ? (1, 1) : others.Of(act, what);
        compared = new("account", $"{act.Actor.Account}: {same} of {all} identities on that day", null, 0, null);
        var chance = (same - 1 + WeightOfWorld * Math.Pow(2, -bits)) / (all - 1 + WeightOfWorld);
        return Math.Clamp(-Math.Log2(chance), 0, bits);
    }

    /// <summary>The amount that stands out most: three bits for each time that it is twice as much as ever before.</summary>
    private double AddAmounts(Act act, List<ScorePart>? parts)
    {
        Span<Counted> counted = stackalloc Counted[Counted.Most];
        var (most, bits) = (default(Counted), 0.0);
        foreach (ref readonly var one in counted[..Counted.Of(act, counted)])
        {
            var its = BitsOf(act, one);
            if (its > bits) (most, bits) = (one, its);
        }
        if (bits == 0 || parts is null) return bits;
        var usual = Usual(act, most);
        var (level, whom) = most.Owner(act);
        parts.Add(new($"number of {most.Text(act)}", $"about {behaviour.Amounts.Of(most, act.Day):N0} on that day", bits, [new(level, whom, null, (int)usual.Count, null, usual)]));
        return bits;
    }

    private double BitsOf(Act act, in Counted counted)
    {
        var amount = behaviour.Amounts.Of(counted, act.Day);
        // Whose bucket is read by many stands out for the one who read most of it, not for those who read as ever.
        if (amount <= counted.Harmless || (counted.Kind == Counting.OfBucket && act.Calls < amount / 2)) return 0;
        if (counted.IsOfPeers && DaysOfAccount(act) < WarmUp) return 0;
        var usual = Usual(act, counted);
        // Where nothing was counted before, the other traits say that it is new; of a bucket's content a first day may well be a busy one.
        if (usual.Count < WarmUp && act.Bucket.Length > 0) return 0;
        var bits = Math.Clamp(BitsADoubling * Math.Log2(amount / Math.Max(usual.Most, counted.Harmless)), 0, Of(Trait.Amount).Most);
        return usual.Count > 0 ? bits : AmongOthers(act, counted.Kind == Counting.Refusals ? OneDay.Refused(act) : OneDay.Called(act), bits, out _);
    }

    /// <summary>How much was done on a bucket, beside what was usual.</summary>
    public IReadOnlyList<CallVolume> VolumesOf(Act act)
    {
        Span<Counted> counted = stackalloc Counted[Counted.Most];
        var volumes = new List<CallVolume>();
        foreach (ref readonly var one in counted[..Counted.Of(act, counted)])
        {
            if (one.Kind is Counting.Refusals or Counting.Calls || BitsOf(act, one) == 0) continue;
            var usual = Usual(act, one);
            var scope = one.Kind switch { Counting.OfBucket => VolumeScope.Bucket, Counting.OnBucket => VolumeScope.BucketUserIdentity, _ => VolumeScope.UserIdentity };
            volumes.Add(new(scope, (long)behaviour.Amounts.Of(one, act.Day), usual.Median, (long)usual.Most));
        }
        return volumes;
    }

    /// <summary>The amounts of the days in the window on which there was any, up to a power of two.</summary>
    private Quantiles Usual(Act act, Counted counted)
    {
        var before = act.History;
        var profile = behaviour.Profiles[counted.Subject];
        Span<int> reached = stackalloc int[Baselines.Amounts.Powers + 1];
        for (var power = 0; power < Baselines.Amounts.Powers; power++) reached[power] = profile.DaysOf(counted.Feature(power), before);
        var days = reached[0];
        // Of n days ascending, the one at the given place reached every power that more days than stand before it reached.
        double At(ReadOnlySpan<int> reached, double share)
        {
            var place = (int)(share * Math.Max(days - 1, 0));
            var power = 0;
            while (power < Baselines.Amounts.Powers && reached[power] >= days - place && days > 0) power++;
            return power == 0 ? 0 : Math.ScaleB(1, power) - 1;
        }
        return new(days, At(reached, 0.5), At(reached, 0.9), At(reached, 1), counted.Text(act));
    }

    private static int DaysOf(in History history, uint feature, Act act) => history.IsEmpty ? 0 : history.Profile(act.History, feature);

    private static Comparison Compare(string level, string whom, in History history, uint feature, int days, Act act) =>
        new(level, whom, days, history.Days, days == 0 ? null : DateOf(history.FirstOf(feature, act.History)));

    public static string NameOf(Trait trait) => trait switch
    {
        Trait.Api => "API",
        Trait.Network => "network",
        Trait.Country => "country",
        Trait.Client => "client",
        Trait.Region => "region",
        Trait.Error => "outcome",
        Trait.Bucket => "bucket",
        Trait.Detail => "instance type",
        _ => throw new ArgumentOutOfRangeException(nameof(trait)),
    };

    internal static DateOnly DateOf(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day));

    private History At(ulong subject, int before)
    {
        if (_histories.TryGetValue((subject, before), out var history)) return history;
        history = History.Of(behaviour.Profiles, subject, before);
        _histories.Add((subject, before), history);
        return history;
    }

    /// <summary>A subject's days before one, and on how many of them it did something for the first time, by trait.</summary>
    private readonly struct History
    {
        private readonly ProfileStore _store;
        private readonly ulong _subject;
        private readonly byte[] _novel;

        private History(ProfileStore store, ulong subject, int days, int? first, byte[] novel)
        {
            _store = store;
            _subject = subject;
            Days = days;
            First = first;
            _novel = novel;
        }

        public int Days { get; }

        /// <summary>The first of them, in days since 1970.</summary>
        public int? First { get; }

        public bool IsEmpty => Days == 0;

        public static History Of(ProfileStore store, ulong subject, int before)
        {
            var profile = store[subject];
            Span<ulong> firsts = stackalloc ulong[16];
            firsts.Clear();
            var active = profile.ActiveWindow(before);
            for (var i = 0; i < profile.Features.Length; i++)
            {
                // The oldest day of the window is the lowest bit.
                var days = profile.WindowAt(i, before);
                firsts[(int)Named.TraitOf(profile.Features[i])] |= days & (ulong)-(long)days;
            }
            // What comes first in the first days is no change.
            var warm = active;
            for (var i = 0; i < WarmUp; i++) warm &= warm - 1;
            var novel = new byte[firsts.Length];
            for (var trait = 0; trait < novel.Length; trait++) novel[trait] = (byte)BitOperations.PopCount(firsts[trait] & warm);
            var count = BitOperations.PopCount(active);
            return new(store, subject, count, count == 0 ? null : before - ProfileStore.HistoryDays + BitOperations.TrailingZeroCount(active), novel);
        }

        public int Profile(int before, uint feature) => _store[_subject].DaysOf(feature, before);

        public int FirstOf(uint feature, int before)
        {
            var profile = _store[_subject];
            return before - ProfileStore.HistoryDays + BitOperations.TrailingZeroCount(profile.WindowAt(profile.Features.IndexOf(feature), before));
        }

        public double Chance(int days, Trait trait, double wider)
        {
            if (Days == 0) return wider;
            var weight = 1.0 + _novel[(int)trait];
            return (days + weight * wider) / (Days + weight);
        }
    }
}

/// <summary>How many principals of an account did the same on a day.</summary>
internal sealed class OneDay
{
    private const ulong Anything = 0;

    private readonly Dictionary<(ulong Account, int Day, ulong What), HashSet<ulong>> _principals = [];

    public OneDay(IEnumerable<Act> acts)
    {
        foreach (var act in acts)
        {
            Add(act, Anything);
            if (!act.IsDiscovery) Add(act, Called(act));
            if (act.IsDenied) Add(act, Refused(act));
        }
    }

    /// <summary>That an act's API was called.</summary>
    public static ulong Called(Act act) => act.Api.Calls;

    /// <summary>That an act's API was refused.</summary>
    public static ulong Refused(Act act) => ~act.Api.Calls;

    /// <summary>All principals that did anything, and those that did it; at least one each.</summary>
    public (int All, int Same) Of(Act act, ulong what) => (Count(act, Anything), Count(act, what));

    private int Count(Act act, ulong what) => _principals.TryGetValue((act.Actor.AccountSubject, act.Day, what), out var principals) ? principals.Count : 1;

    private void Add(Act act, ulong what)
    {
        ref var principals = ref CollectionsMarshal.GetValueRefOrAddDefault(_principals, (act.Actor.AccountSubject, act.Day, what), out _);
        (principals ??= []).Add(act.Actor.Self);
    }
}
