using System.Numerics;

namespace Yagura.Engine.Baselines;

// What leaves to stay within limits, and as days go by.
public sealed partial class ProfileStore
{
    /// <summary>The trait that has to make room for a feature; null where there is room.</summary>
    private Trait? Crowded(in Subject subject, uint feature)
    {
        Span<int> counts = stackalloc int[Named.Traits];
        counts.Clear();
        foreach (var known in _slab.Features(subject.Block, subject.Class)[..subject.Count]) counts[(int)Named.TraitOf(known)]++;
        if (counts[(int)Named.TraitOf(feature)] >= MostOfTrait) return Named.TraitOf(feature);
        if (subject.Count < MostHabits) return null;
        var most = 0;
        for (var trait = 1; trait < counts.Length; trait++)
            if (counts[trait] > counts[most]) most = trait;
        return (Trait)most;
    }

    /// <summary>The habit of a trait that was seen on the fewest days, and of such the one not seen for longest.</summary>
    private int LeastUsual(in Subject subject, Trait trait)
    {
        var features = _slab.Features(subject.Block, subject.Class)[..subject.Count];
        var days = _slab.Days(subject.Block, subject.Class);
        var (least, usual) = (-1, (Seen: int.MaxValue, Recent: 0));
        for (var i = 0; i < features.Length; i++)
        {
            if (Named.TraitOf(features[i]) == trait && (BitOperations.PopCount(days[i]), -Age(days[i])) is var its && its.CompareTo(usual) < 0) (least, usual) = (i, its);
        }
        return least;
    }

    /// <summary>Days since the last one of some, counted from the newest.</summary>
    private int Age(ulong days) => BitOperations.LeadingZeroCount(BitOperations.RotateLeft(days, Days - 1 - Newest));

    /// <summary>Gives up the eighth of the subjects that was seen least recently, so that making room is paid for once in many.</summary>
    private void ForgetSubjects()
    {
        Span<int> byAge = stackalloc int[Days + 1];
        foreach (ref readonly var subject in _subjects.AsSpan())
            if (subject.Key != 0) byAge[Age(subject.Days)]++;
        var oldest = Days;
        for (var spared = Count - byAge[Days]; spared > MostSubjects - MostSubjects / 8; spared -= byAge[oldest]) oldest--;
        var kept = MostSubjects - MostSubjects / 8;
        var excess = Count - kept;
        foreach (ref var subject in _subjects.AsSpan())
        {
            if (subject.Key == 0 || Age(subject.Days) < oldest || excess == 0) continue;
            Free(ref subject);
            Forgotten++;
            excess--;
        }
        Rehash(_subjects.Length);
    }

    private void Free(ref Subject subject)
    {
        _slab.Return(subject.Block, subject.Class);
        subject = default;
        Count--;
    }

    /// <summary>Moves to a new day: what it pushes out of the remembered days is gone.</summary>
    private void Advance(int day)
    {
        var gone = Newest == int.MinValue ? 0 : day - (long)Newest >= Days ? ulong.MaxValue : BitOperations.RotateLeft((1UL << day - Newest) - 1, Newest + 1);
        Newest = day;
        if (gone == 0) return;
        var emptied = false;
        foreach (ref var subject in _subjects.AsSpan())
        {
            if (subject.Key == 0) continue;
            Drop(ref subject, gone);
            if (subject.Days != 0) continue;
            Free(ref subject);
            emptied = true;
        }
        if (emptied) Rehash(_subjects.Length);
    }

    private void Drop(ref Subject subject, ulong gone)
    {
        subject.Days &= ~gone;
        var features = _slab.Features(subject.Block, subject.Class);
        var days = _slab.Days(subject.Block, subject.Class);
        var kept = 0;
        for (var i = 0; i < subject.Count; i++)
        {
            if ((days[i] & ~gone) == 0) continue;
            (features[kept], days[kept]) = (features[i], days[i] & ~gone);
            kept++;
        }
        subject.Count = (ushort)kept;
    }
}
