
namespace Yagura.Engine.Baselines;

/// <summary>What everybody is used to do, and what of it may be out of the usual: learns from acts, in any order.</summary>
public sealed class Behaviour
{
    /// <summary>Acts kept until it is known whether they were usual. Those of the oldest day go first, and are counted.</summary>
    public const int MostActs = 200_000;

    /// <summary>What a principal did on so many of the days before is usual for it, whatever else is learnt: the act is not kept.</summary>
    public const int UsualDays = 3;

    private readonly Dictionary<UInt128, Act> _acts = [];
    private readonly List<Habit> _habits = [];

    public Behaviour() : this(new(), new(), new()) { }

    internal Behaviour(ProfileStore profiles, NameBook names, Amounts amounts)
    {
        Profiles = profiles;
        Names = names;
        Amounts = amounts;
    }

    public ProfileStore Profiles { get; }

    /// <summary>What the hashes in <see cref="Profiles"/> stand for.</summary>
    public NameBook Names { get; }

    internal Amounts Amounts { get; }
    internal IReadOnlyCollection<Act> Acts => _acts.Values;

    /// <summary>Acts given up to stay within <see cref="MostActs"/>.</summary>
    public long Forgotten { get; private set; }

    public void Learn(IEnumerable<Act> acts)
    {
        foreach (var act in acts) Learn(act);
    }

    private void Learn(Act act)
    {
        if (!act.IsLate)
        {
            _habits.Clear();
            Habits(act, _habits);
            Profiles.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_habits));
        }
        if (act.Family.Type.Length == 0) return;
        var key = act.Key();
        if (_acts.TryGetValue(key, out var known)) known.Merge(act);
        else if (!IsUsual(act))
        {
            if (_acts.Count >= MostActs) ForgetOldestDay();
            _acts.Add(key, act);
        }
    }

    /// <summary>What an act says of its principal, of those like it, of the account and of the bucket.</summary>
    private void Habits(Act act, List<Habit> habits)
    {
        var names = new ActNames(act);
        Name(act, names);
        foreach (var subject in (ReadOnlySpan<ulong>)[names.Principal, names.Peers, names.Account])
        {
            foreach (var feature in names.Features) habits.Add(new(subject, feature, act.Day));
        }
        habits.Add(new(names.Principals, names.Self, act.Day));
        for (var hours = act.Hours; hours != 0; hours &= hours - 1)
            habits.Add(new(names.Principal, ActNames.HourOf(System.Numerics.BitOperations.TrailingZeroCount(hours)), act.Day));
        if (act.Bucket.Length > 0)
        {
            foreach (var feature in names.FeaturesOfBucket) habits.Add(new(names.Bucket, feature, act.Day));
        }
        foreach (var counted in Counted.Of(act))
        {
            var subject = counted.Subject;
            for (var power = Amounts.Add(counted, act); power >= 0; power--) habits.Add(new(subject, counted.Feature(power), act.Day));
        }
    }

    /// <summary>The acts that were not usual by all that is known now.</summary>
    internal IEnumerable<Act> Unusual() => _acts.Values.Where(act => act.Day > Profiles.Newest - ProfileStore.Days && !IsUsual(act));

    /// <summary>Whether everything about an act was usual for its principal already. What is learnt later can only add to that, so nothing is lost with it.</summary>
    private bool IsUsual(Act act)
    {
        if (!act.Family.Type.StartsWith("Discovery:IAMUser", StringComparison.Ordinal)) return false;
        var names = new ActNames(act);
        var profile = Profiles[names.Principal];
        foreach (var feature in names.Features)
        {
            if (profile.DaysOf(feature, act.History) < UsualDays) return false;
        }
        return true;
    }

    /// <summary>Takes over acts that were kept; what they tell was learnt already.</summary>
    internal void Restore(IEnumerable<Act> acts)
    {
        foreach (var act in acts) _acts[act.Key()] = act;
    }

    private void ForgetOldestDay()
    {
        var oldest = _acts.Values.Min(act => act.Day);
        foreach (var (key, _) in _acts.Where(act => act.Value.Day == oldest).ToList())
        {
            _acts.Remove(key);
            Forgotten++;
        }
    }

    private void Name(Act act, ActNames names)
    {
        Names.Add(names.Principal, $"{act.Actor.Account} {act.Actor.Principal}");
        Names.Add(names.Peers, $"{act.Actor.Account} {act.Actor.Peers}");
        Names.Add(names.Account, act.Actor.Account);
        Names.Add(names.Api, Surprise.Shown(act.Api));
        Names.Add(names.Network, act.Network);
        Names.Add(names.Client, act.Client);
        Names.Add(names.Region, act.Region);
        if (act.Country.Length > 0) Names.Add(names.Country, act.Country);
        if (act.Bucket.Length > 0) Names.Add(names.OfBucket, act.Bucket);
        if (act.Detail.Length > 0) Names.Add(names.Detail, act.Detail);
    }
}

/// <summary>An act's subjects and features, as the memory of baselines names them.</summary>
internal sealed class ActNames
{
    public ActNames(Act act)
    {
        var (account, principal, peers) = act.Actor;
        Principal = Named.Subject("userIdentity", account, principal);
        Peers = Named.Subject("peers", account, peers);
        Account = Named.Subject("account", account, "");
        Principals = Named.Subject("principals", account, "");
        Self = Named.Feature(Trait.Principal, principal);
        Bucket = Named.Subject("bucket", "", act.Bucket);
        Api = Named.Feature(Trait.Api, act.Api);
        Network = Named.Feature(Trait.Network, act.Network);
        Country = Named.Feature(Trait.Country, act.Country);
        Client = Named.Feature(Trait.Client, act.Client);
        Region = Named.Feature(Trait.Region, act.Region);
        Error = Named.Feature(Trait.Error, $"{act.Api}\n{act.Error}");
        OfBucket = Named.Feature(Trait.Bucket, act.Bucket);
        Detail = Named.Feature(Trait.Detail, $"{act.Api}\n{act.Detail}");
        List<uint> features = [Api, Network, Client, Region];
        if (act.Country.Length > 0) features.Add(Country);
        if (act.Error.Length > 0) features.Add(Error);
        if (act.Bucket.Length > 0) features.Add(OfBucket);
        if (act.Detail.Length > 0) features.Add(Detail);
        Features = features;
        FeaturesOfBucket = act.Country.Length > 0 ? [Self, Network, Client, Country] : [Self, Network, Client];
    }

    public ulong Principal { get; }
    public ulong Peers { get; }
    public ulong Account { get; }

    /// <summary>The principals of the account, as a subject of their own.</summary>
    public ulong Principals { get; }
    public ulong Bucket { get; }
    public uint Self { get; }
    public uint Api { get; }
    public uint Network { get; }
    public uint Country { get; }
    public uint Client { get; }
    public uint Region { get; }
    public uint Error { get; }
    public uint OfBucket { get; }
    public uint Detail { get; }

    /// <summary>Of the principal, its peers and the account.</summary>
    public IReadOnlyList<uint> Features { get; }
    public IReadOnlyList<uint> FeaturesOfBucket { get; }

    /// <summary>Hours are told apart by four: people are not punctual.</summary>
    public static uint HourOf(int hour) => Hours[hour / 4];

    private static readonly uint[] Hours = [.. Enumerable.Range(0, 6).Select(block => Named.Feature(Trait.Hour, $"{block}"))];
}
