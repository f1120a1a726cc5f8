using System.Numerics;
using System.Runtime.CompilerServices;

namespace Yagura.Engine.Baselines;

/// <summary>What many subjects were seen to do, and on which days: the memory of all baselines.</summary>
/// <remarks>
/// <para>For each pair of a subject and what it does there is one word with a bit for each of the last <see cref="Days"/> days. Bits are only ever set, so the
/// order of observations, their repetition and the way they are split make no difference, and what was usual before a given day is read off the bits of the
/// <see cref="HistoryDays"/> days before it, however much was seen since.</para>
/// <para>Subjects are found through a hash table; the habits of one lie together in a block of a slab, hashes first, then days, so that a look costs three or
/// four cache lines: twelve bytes a habit and some fifty a subject. Not for two threads at once.</para>
/// </remarks>
public sealed partial class ProfileStore
{
    /// <summary>Days that are remembered: the newest seen and the 63 before it. What is older says nothing any more.</summary>
    public const int Days = 64;

    /// <summary>The days before an event that say what was usual. The rest of <see cref="Days"/> is how late an observation may come and still count.</summary>
    public const int HistoryDays = 30;

    /// <summary>Habits remembered of one subject. Where one more comes, one of the trait that has most of them is forgotten, and counted.</summary>
    public const int MostHabits = 4_096;

    /// <summary>The same of one trait: words that anybody may choose, such as names of clients, push out nothing but each other.</summary>
    public const int MostOfTrait = MostHabits / 4;

    private const int Together = 32;

    private struct Subject
    {
        public ulong Key;        // 0 marks an empty place
        public ulong Days;       // on which it did anything, also what is forgotten since
        public int Block;
        public ushort Count;
        public ushort Class;     // of the block's size
    }

    private readonly Slab _slab = new();
    private Subject[] _subjects = new Subject[64];
    private ulong _looked; // what was fetched ahead, kept so that the look is not optimised away

    /// <param name="mostSubjects">Where one more comes, those seen least recently are forgotten, and counted.</param>
    public ProfileStore(int mostSubjects = 1 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSubjects, 16);
        MostSubjects = mostSubjects;
    }

    public int MostSubjects { get; }

    /// <summary>Subjects that are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>The newest day seen, in days since 1970; <see cref="int.MinValue"/> before the first.</summary>
    public int Newest { get; private set; } = int.MinValue;

    /// <summary>The oldest of the days that are remembered, whether or not it was seen; <see cref="int.MinValue"/> before the first.</summary>
    public int FirstRemembered => Newest == int.MinValue ? int.MinValue : Newest - Days + 1;

    /// <summary>The oldest day seen; <see cref="int.MaxValue"/> before the first. Before it nobody has a history.</summary>
    public int Oldest { get; private set; } = int.MaxValue;

    /// <summary>Habits and subjects that were given up to stay within limits.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Bytes that the store holds.</summary>
    public long Bytes => _slab.Bytes + (long)_subjects.Length * Unsafe.SizeOf<Subject>();

    /// <summary>The habits of a subject; none where it is not known.</summary>
    public Profile this[ulong subject]
    {
        get
        {
            ref var found = ref _subjects[Find(KeyOf(subject))];
            return found.Key == 0 ? default : new(_slab.Features(found.Block, found.Class)[..found.Count], _slab.Days(found.Block, found.Class)[..found.Count], found.Days, Newest);
        }
    }

    /// <summary>Those that are remembered.</summary>
    public IEnumerable<ulong> Subjects => _subjects.Select(subject => subject.Key).Where(key => key != 0);

    /// <summary>Everything that is remembered, day by day.</summary>
    public IEnumerable<Habit> All => Subjects.SelectMany(HabitsOf);

    private List<Habit> HabitsOf(ulong subject)
    {
        var profile = this[subject];
        var habits = new List<Habit>();
        for (var i = 0; i < profile.Features.Length; i++)
        {
            for (var day = Newest - Days + 1; day <= Newest; day++)
                if (profile.WasOn(i, day)) habits.Add(new(subject, profile.Features[i], day));
        }
        return habits;
    }

    /// <summary>Adds observations; those older than <see cref="Days"/> change nothing.</summary>
    public void Add(ReadOnlySpan<Habit> habits)
    {
        for (; !habits.IsEmpty; habits = habits[Math.Min(Together, habits.Length)..])
        {
            var some = habits[..Math.Min(Together, habits.Length)];
            Fetch(some);
            foreach (ref readonly var habit in some) Add(habit);
        }
    }

    /// <summary>Looks at the places in memory that observations will need. They are far apart; looked at one after the other without waiting for what stands
    /// there, they are fetched all at once.</summary>
    private void Fetch(ReadOnlySpan<Habit> habits)
    {
        Span<int> places = stackalloc int[Together];
        for (var i = 0; i < habits.Length; i++) places[i] = Find(KeyOf(habits[i].Subject));
        var looked = 0UL;
        foreach (var place in places[..habits.Length])
        {
            ref readonly var subject = ref _subjects[place];
            if (subject.Key != 0) looked += _slab.Features(subject.Block, subject.Class)[0] + _slab.Days(subject.Block, subject.Class)[0];
        }
        _looked = looked;
    }

    public void Add(Habit habit)
    {
        if (habit.Day > Newest) Advance(habit.Day);
        else if (habit.Day <= Newest - Days) return;
        if (habit.Day < Oldest) Oldest = habit.Day;
        var key = KeyOf(habit.Subject);
        var at = Find(key);
        if (_subjects[at].Key == 0) at = NewSubject(key);
        ref var subject = ref _subjects[at];
        var features = _slab.Features(subject.Block, subject.Class);
        var found = features[..subject.Count].IndexOf(habit.Feature);
        if (found < 0)
        {
            found = NewHabit(ref subject, habit.Feature);
            _slab.Features(subject.Block, subject.Class)[found] = habit.Feature;
            _slab.Days(subject.Block, subject.Class)[found] = 0;
        }
        _slab.Days(subject.Block, subject.Class)[found] |= BitOf(habit.Day);
        subject.Days |= BitOf(habit.Day);
    }

    /// <summary>Adds what another store remembers.</summary>
    /// <param name="lastDay">What is later is left out.</param>
    public void Merge(ProfileStore other, int lastDay)
    {
        foreach (var habits in other.All.Where(habit => habit.Day <= lastDay).Chunk(4_096)) Add(habits);
        // The days whose habits it has forgotten.
        var common = Bits(Math.Max(FirstRemembered, other.FirstRemembered), Math.Min(Math.Min(Newest, other.Newest), lastDay));
        foreach (ref readonly var subject in other._subjects.AsSpan())
        {
            if (subject.Key != 0 && Find(subject.Key) is var at && _subjects[at].Key != 0) _subjects[at].Days |= subject.Days & common;
        }
    }

    /// <summary>The bits of the history before a day.</summary>
    internal static ulong History(int before, int newest) => Bits(Math.Max(before - HistoryDays, newest - Days + 1), Math.Min(before - 1, newest));

    /// <summary>The bits of the days from one to another, both among those that are remembered.</summary>
    private static ulong Bits(int first, int last) => last < first ? 0 : BitOperations.RotateLeft(ulong.MaxValue >> Days - 1 - (last - first), first);

    private static ulong BitOf(int day) => BitOperations.RotateLeft(1UL, day);

    private static ulong KeyOf(ulong subject) => subject == 0 ? 1 : subject;

    private int Place(ulong key) => (int)(key * 0x9E37_79B9_7F4A_7C15 >> 1 + BitOperations.LeadingZeroCount((ulong)_subjects.Length));

    /// <summary>The place of a subject, or the empty one where it would go.</summary>
    private int Find(ulong key)
    {
        var subjects = _subjects;
        var at = Place(key);
        while (subjects[at].Key != key && subjects[at].Key != 0) at = at + 1 & subjects.Length - 1;
        return at;
    }

    private int NewSubject(ulong key)
    {
        if (Count == MostSubjects) ForgetSubjects();
        if (4L * Count >= 3L * _subjects.Length) Rehash(_subjects.Length * 2);
        var at = Find(key);
        _subjects[at] = new() { Key = key, Block = _slab.Take(0), Class = 0 };
        Count++;
        return at;
    }

    private void Rehash(int size)
    {
        var before = _subjects;
        _subjects = new Subject[size];
        foreach (ref readonly var subject in before.AsSpan())
            if (subject.Key != 0) _subjects[Find(subject.Key)] = subject;
    }

    /// <summary>A place for one more habit.</summary>
    private int NewHabit(ref Subject subject, uint feature)
    {
        if (subject.Count >= MostOfTrait && Crowded(subject, feature) is { } trait)
        {
            Forgotten++;
            return LeastUsual(subject, trait);
        }
        if (subject.Count == Slab.Capacity(subject.Class))
        {
            var block = _slab.Take(subject.Class + 1);
            _slab.Features(subject.Block, subject.Class).CopyTo(_slab.Features(block, subject.Class + 1));
            _slab.Days(subject.Block, subject.Class).CopyTo(_slab.Days(block, subject.Class + 1));
            _slab.Return(subject.Block, subject.Class);
            (subject.Block, subject.Class) = (block, (ushort)(subject.Class + 1));
            if (_slab.IsScattered) Compact();
        }
        return subject.Count++;
    }

    private void Compact()
    {
        var places = new int[Count];
        var blocks = new (int Block, int Class)[Count];
        var at = 0;
        for (var place = 0; place < _subjects.Length; place++)
        {
            if (_subjects[place].Key == 0) continue;
            places[at] = place;
            blocks[at++] = (_subjects[place].Block, _subjects[place].Class);
        }
        Array.Sort(blocks, places, Comparer<(int Block, int Class)>.Create((one, other) => one.Block.CompareTo(other.Block)));
        _slab.Compact(blocks);
        for (var i = 0; i < at; i++) _subjects[places[i]].Block = blocks[i].Block;
    }
}
