using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Yagura.Engine.Baselines;

/// <summary>What everybody is used to do, and what of it may be out of the usual: learns from acts, in any order.</summary>
public sealed class Behaviour
{
    /// <summary>Acts kept until it is known whether they were usual. The least telling of the oldest day go first, and are counted.</summary>
    public const int MostActs = 200_000;

    /// <summary>What a principal did on so many of the days before is usual for it, whatever else is learnt: the act is not kept.</summary>
    public const int UsualDays = 3;

    private readonly Dictionary<UInt128, Act> _acts = [];
    private readonly List<Habit> _habits = [];
    private int _judgedUntil = int.MinValue; // the last day that was there before: what was done by then was told already

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

    /// <summary>Acts given up to stay within <see cref="MostActs"/>, or because what was learnt along with them is of days so much later that it cannot tell what was usual then.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Calls that were not looked at, of objects with more acts than <see cref="ActReader.MostActs"/>.</summary>
    public long Refused { get; private set; }

    /// <param name="lastDay">What says that it is later is not believed: one record from the future would end all that is remembered of the past.</param>
    public void Learn(ActBatch batch, int lastDay = int.MaxValue)
    {
        Refused += batch.Refused;
        foreach (var (hash, name) in batch.Names) Names.Add(hash, name);
        _habits.Clear();
        foreach (var habit in batch.Habits)
            if (habit.Day >= batch.FirstDay && habit.Day <= lastDay) _habits.Add(habit);
        Profiles.Add(CollectionsMarshal.AsSpan(_habits));
        foreach (var act in batch.Acts)
        {
            if (act.Day <= lastDay) Learn(act, act.Day < batch.FirstDay);
            else Refused++;
        }
    }

    private void Learn(Act act, bool isLate)
    {
        if (act.IsDenied || !act.IsDiscovery) Amounts.Add(act, isLate);
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_acts, act.Key, out var isKnown);
        if (isKnown) known!.Merge(act);
        else if (IsUsual(act)) _acts.Remove(act.Key);
        else
        {
            known = act;
            if (_acts.Count > MostActs) Forget();
        }
    }

    /// <summary>Brings what was counted into the memory of what is usual, and gives up what is older than that remembers; to be done before it is asked or stored.</summary>
    internal void Settle()
    {
        _habits.Clear();
        Amounts.TakeHabits(_habits);
        Profiles.Add(CollectionsMarshal.AsSpan(_habits));
        Amounts.Forget(Profiles.FirstRemembered);
        foreach (var (key, act) in _acts)
        {
            if (act.Day >= Profiles.FirstRemembered) continue;
            _acts.Remove(key);
            if (act.Day > _judgedUntil) Forgotten++;
        }
    }

    /// <summary>The acts that were not usual by all that is known now, of APIs that findings tell of.</summary>
    internal IEnumerable<Act> Unusual() => _acts.Values.Where(act => act.Day >= Profiles.FirstRemembered && act.Api.Family.Type.Length > 0 && !IsUsual(act));

    /// <summary>Whether everything about an act was usual for its principal already. What is learnt later can only add to that, so nothing is lost with it.</summary>
    private bool IsUsual(Act act)
    {
        if (act.History <= Profiles.Oldest || !act.IsDiscovery || act.IsDenied) return false;
        var profile = Profiles[act.Actor.Self];
        if (profile.Features.Length == 0) return false;
        var names = new ActNames(act);
        foreach (var feature in names.Features)
        {
            if (profile.DaysOf(feature, act.History) < UsualDays) return false;
        }
        return true;
    }

    /// <summary>Takes over acts that were kept; what they tell was learnt already.</summary>
    internal void Restore(IEnumerable<Act> acts)
    {
        foreach (var act in acts) _acts[act.Key] = act;
        _judgedUntil = Profiles.Newest;
    }

    /// <summary>Makes room for an eighth, so that looking through all is paid for once in many: day by day from the oldest, what only looked around first, then what else was done.</summary>
    private void Forget()
    {
        var (wanted, gone) = (MostActs / 8, new List<UInt128>());
        foreach (var day in _acts.Values.GroupBy(act => (act.Day, IsTelling: !act.IsDiscovery || act.IsDenied)).OrderBy(day => day.Key))
        {
            gone.AddRange(day.Select(act => act.Key));
            if (gone.Count >= wanted) break;
        }
        foreach (var key in gone) _acts.Remove(key);
        Forgotten += gone.Count;
    }

    /// <summary>Takes over what others learnt, as if it had been learnt here.</summary>
    /// <param name="lastDay">As of <see cref="Learn(ActBatch, int)"/>.</param>
    public void Merge(Behaviour other, int lastDay = int.MaxValue)
    {
        foreach (var (hash, name) in other.Names.All) Names.Add(hash, name);
        Profiles.Merge(other.Profiles, lastDay);
        foreach (var (key, sketch) in other.Amounts.All.Where(amount => amount.Key.Day >= Profiles.FirstRemembered && amount.Key.Day <= lastDay)) Amounts.Merge(key, sketch);
    }
}

/// <summary>An act's features, as the memory of baselines names them.</summary>
internal readonly ref struct ActNames
{
    [InlineArray(9)]
    private struct Nine
    {
        private uint _first;
    }

    private readonly Nine _features;
    private readonly int _count;

    public ActNames(Act act)
    {
        Error = act.Error.Length == 0 ? 0 : Named.Feature(Trait.Error, act.Api, act.Error);
        Region = act.Context.RegionFeature;
        OfBucket = act.Bucket.Length == 0 ? 0 : Named.Feature(Trait.Bucket, act.Bucket);
        Detail = act.Detail.Length == 0 ? 0 : Named.Feature(Trait.Detail, act.Api, act.Detail);
        Bucket = act.Bucket.Length == 0 ? 0 : Named.Subject("bucket", "", act.Bucket);
        foreach (var feature in (ReadOnlySpan<uint>)[act.Api.Feature, act.Place.NetworkFeature, act.Client.Feature, Region, act.Place.CountryFeature, Error, OfBucket, Detail])
            if (feature != 0) _features[_count++] = feature;
    }

    public uint Region { get; }
    public uint Error { get; }
    public uint OfBucket { get; }
    public uint Detail { get; }

    /// <summary>The bucket as a subject.</summary>
    public ulong Bucket { get; }

    /// <summary>Of the principal, its peers and the account.</summary>
    [UnscopedRef]
    public ReadOnlySpan<uint> Features => ((ReadOnlySpan<uint>)_features)[.._count];

    /// <summary>Hours are told apart by four: people are not punctual.</summary>
    public static uint HourOf(int hour) => Hours[BlockOf(hour)];

    public static int BlockOf(int hour) => hour / 4;

    private static readonly uint[] Hours = [.. Enumerable.Range(0, 6).Select(block => Named.Feature(Trait.Hour, $"{block}"))];
}
