using System.Runtime.InteropServices;

namespace Yagura.Engine.Baselines;

/// <summary>What is counted each day.</summary>
internal enum Counting { Refusals, Calls, OnBucket, OnBuckets, OfBucket }

/// <summary>Something that is counted each day, of one subject.</summary>
/// <param name="What">Tells it from what else is counted of the subject.</param>
/// <param name="Harmless">Up to this nothing is made of it, whatever was usual.</param>
/// <param name="IsOfPeers">Counted of all who take the role: who takes it may choose the name that tells one from another, and so be many.</param>
internal readonly record struct Counted(Counting Kind, ulong Subject, ulong What, double Harmless, bool IsOfPeers = false)
{
    private static readonly ulong RefusedCalls = Named.What("refused calls");

    /// <summary>Most things that are counted of one act.</summary>
    public const int Most = 5;

    /// <summary>The habit of reaching a power of two.</summary>
    public uint Feature(int power) => Named.Amount(What, power);

    /// <summary>What is counted of an act.</summary>
    /// <returns>How many of <paramref name="into"/> were filled.</returns>
    public static int Of(Act act, Span<Counted> into)
    {
        var count = 0;
        if (act.IsDenied) into[count++] = new(Counting.Refusals, act.Actor.Self, RefusedCalls, 4);
        if (act.IsDenied && act.Actor.ChoosesName) into[count++] = new(Counting.Refusals, act.Actor.PeersSubject, RefusedCalls, 4, IsOfPeers: true);
        if (act.Bucket.Length > 0)
        {
            var bucket = Named.Subject("bucket", "", act.Bucket);
            into[count++] = new(Counting.OnBucket, act.Actor.Self, act.Api.OnBuckets ^ bucket, 32);
            into[count++] = new(Counting.OnBuckets, act.Actor.Self, act.Api.OnBuckets, 32);
            into[count++] = new(Counting.OfBucket, bucket, act.Api.OnBuckets, 32);
        }
        else if (!act.IsDiscovery)
        {
            into[count++] = new(Counting.Calls, act.Actor.Self, act.Api.Calls, 16);
            if (act.Actor.ChoosesName) into[count++] = new(Counting.Calls, act.Actor.PeersSubject, act.Api.Calls, 16, IsOfPeers: true);
        }
        return count;
    }

    /// <summary>What it is, for people.</summary>
    public string Text(Act act) => Kind switch
    {
        Counting.Refusals => "refused calls",
        Counting.Calls => $"calls of {act.Api.Text}",
        Counting.OnBucket or Counting.OfBucket => $"{act.Api.OperationText} of {act.Bucket}",
        _ => $"{act.Api.OperationText}, of all buckets",
    };

    /// <summary>Whose amount it is.</summary>
    public (string Level, string Whom) Owner(Act act) => IsOfPeers ? ("peers", act.Actor.Peers) : Kind == Counting.OfBucket ? ("bucket", act.Bucket) : ("userIdentity", act.Actor.Principal);
}

/// <summary>How often something was done on each day.</summary>
internal sealed class Amounts
{
    /// <summary>Days counted, of all subjects; what would be one more is not counted, and that is told.</summary>
    public const int MostDays = 500_000;

    /// <summary>Powers of two that are told apart.</summary>
    public const int Powers = 24;

    private readonly Dictionary<Key, DistinctSketch> _days = [];
    private readonly List<Key> _changed = []; // each once, as its sketch says

    /// <param name="IsLate">What came too late to train is counted by itself.</param>
    public readonly record struct Key(ulong Subject, ulong What, int Day, bool IsLate);

    public long Refused { get; private set; }

    public void Add(Act act, bool isLate)
    {
        Span<Counted> counted = stackalloc Counted[Counted.Most];
        foreach (ref readonly var one in counted[..Counted.Of(act, counted)])
        {
            var key = new Key(one.Subject, one.What, act.Day, isLate);
            if (Of(key) is not { } sketch) continue;
            act.CountInto(sketch);
            if (isLate || sketch.IsChanged) continue;
            sketch.IsChanged = true;
            _changed.Add(key);
        }
    }

    /// <summary>What was counted since the last time, as habits: the amount of a day is one for each power of two that it reached, and so is remembered with everything else that is usual.</summary>
    public void TakeHabits(List<Habit> into)
    {
        foreach (var key in _changed)
        {
            var sketch = _days[key];
            sketch.IsChanged = false;
            for (var power = PowerOf(sketch.Estimate()); power >= 0; power--) into.Add(new(key.Subject, Named.Amount(key.What, power), key.Day));
        }
        _changed.Clear();
    }

    public double Of(Counted counted, int day)
    {
        _days.TryGetValue(new(counted.Subject, counted.What, day, false), out var timely);
        if (!_days.TryGetValue(new(counted.Subject, counted.What, day, true), out var late)) return timely?.Estimate() ?? 0;
        if (timely is null) return late.Estimate();
        var both = new DistinctSketch();
        both.Merge(timely);
        both.Merge(late);
        return both.Estimate();
    }

    public int Count => _days.Count;

    public IEnumerable<(Key Key, DistinctSketch Sketch)> All => _days.Select(day => (day.Key, day.Value));

    public void Merge(Key key, DistinctSketch sketch) => Of(key)?.Merge(sketch);

    private DistinctSketch? Of(Key key)
    {
        ref var sketch = ref CollectionsMarshal.GetValueRefOrNullRef(_days, key);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref sketch)) return sketch;
        if (_days.Count >= MostDays)
        {
            Refused++;
            return null;
        }
        var made = new DistinctSketch();
        _days.Add(key, made);
        return made;
    }

    /// <summary>The greatest power of two that an amount reaches; -1 for none.</summary>
    public static int PowerOf(double amount) => amount < 1 ? -1 : Math.Min((int)Math.Log2(amount), Powers - 1);

    public void Forget(int before)
    {
        foreach (var key in _days.Keys.Where(key => key.Day < before).ToList()) _days.Remove(key);
    }
}
