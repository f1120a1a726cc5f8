using CsCheck;
using Yagura.Engine.Baselines;

namespace Yagura.Engine.Tests;

public sealed class ProfileStoreTests
{
    private const int Today = 20_000;
    private const uint AnyFeature = (uint)Trait.Api << 28;

    private static readonly Gen<Habit> AnyHabit = Gen.Select(Gen.ULong[0, 200], Gen.UInt[0, 30], Gen.Int[Today - 100, Today], (subject, feature, day) => new Habit(subject, AnyFeature + feature, day));

    private static ProfileStore StoreOf(IEnumerable<Habit> habits)
    {
        var store = new ProfileStore();
        store.Add(habits.ToArray());
        return store;
    }

    [Fact]
    public void What_was_usual_before_a_day_is_what_the_days_before_it_saw() => AnyHabit.Array[0, 400].Sample(habits =>
    {
        var store = StoreOf(habits);
        var newest = habits.Select(habit => habit.Day).DefaultIfEmpty(Today).Max();
        var remembered = habits.Where(habit => habit.Day > newest - ProfileStore.Days).ToHashSet();
        foreach (var before in (int[])[newest + 1, newest, newest - 20, newest - 40, newest - 200])
        {
            var history = remembered.Where(habit => habit.Day < before && habit.Day >= before - ProfileStore.HistoryDays).ToList();
            foreach (var subject in habits.Select(habit => habit.Subject).Distinct())
            {
                var profile = store[subject];
                Assert.Equal(history.Where(habit => habit.Subject == subject || (subject <= 1 && habit.Subject <= 1)).Select(habit => habit.Day).Distinct().Count(), profile.ActiveDays(before));
                for (var feature = 0U; feature <= 30; feature++)
                {
                    Assert.Equal(
                        history.Where(habit => habit.Feature == AnyFeature + feature && (habit.Subject == subject || (subject <= 1 && habit.Subject <= 1))).Select(habit => habit.Day).Distinct().Count(),
                        profile.DaysOf(AnyFeature + feature, before));
                }
            }
        }
    }, iter: 300);

    [Fact]
    public void Order_repetition_and_splitting_make_no_difference() => Gen.Select(AnyHabit.Array[1, 300], Gen.Int).Sample((habits, seed) =>
    {
        var shuffled = habits.Concat(habits.Take(habits.Length / 2)).ToArray();
        new Random(seed).Shuffle(shuffled);
        var once = StoreOf(habits);
        var other = new ProfileStore();
        foreach (var habit in shuffled) other.Add(habit);
        Assert.Equal(Written(once), Written(other));
    }, iter: 300);

    [Fact]
    public void What_was_saved_is_loaded() => AnyHabit.Array[0, 300].Sample(habits =>
    {
        var store = StoreOf(habits);
        using var file = new MemoryStream();
        store.Save(file);
        file.Position = 0;
        var loaded = ProfileStore.Load(file);
        Assert.Equal((store.Newest, store.Count), (loaded.Newest, loaded.Count));
        Assert.Equal(Written(store), Written(loaded));
    }, iter: 200);

    [Fact]
    public void A_damaged_file_is_refused() => Gen.Select(AnyHabit.Array[1, 50], Gen.Int[0, 100_000], Gen.Byte[1, 255], Gen.Bool).Sample((habits, at, flip, cut) =>
    {
        using var file = new MemoryStream();
        StoreOf(habits).Save(file);
        var bytes = file.ToArray();
        bytes[at % bytes.Length] ^= flip;
        if (cut) bytes = bytes[..(at % bytes.Length)];
        Assert.Throws<InvalidDataException>(() => ProfileStore.Load(new MemoryStream(bytes)));
    }, iter: 500);

    private static uint Of(Trait trait, int value) => (uint)trait << 28 | (uint)value;

    [Fact]
    public void A_trait_with_too_many_habits_forgets_those_of_the_fewest_days_and_of_them_the_oldest()
    {
        var store = new ProfileStore();
        for (var i = 0; i < ProfileStore.MostOfTrait; i++) store.Add(new Habit(7, Of(Trait.Client, i), i == 700 ? Today - 9 : Today - 3));
        store.Add(new Habit(7, Of(Trait.Client, 600), Today - 20));
        for (var i = 0; i < 5_000; i++) store.Add(new Habit(7, Of(Trait.Client, 1_000_000 + i), Today));
        Assert.Equal(5_000, store.Forgotten);
        Assert.Equal(ProfileStore.MostOfTrait, store[7].Features.Length);
        Assert.Equal(2, store[7].DaysOf(Of(Trait.Client, 600), Today + 1));
        Assert.Equal(0, store[7].DaysOf(Of(Trait.Client, 700), Today + 1));
        Assert.Equal(1, store[7].DaysOf(Of(Trait.Client, 1_004_999), Today + 1));
    }

    [Fact]
    public void Free_words_of_one_trait_take_nothing_from_another_nor_the_days_on_which_there_was_anything()
    {
        var store = new ProfileStore();
        for (var day = Today - 20; day < Today; day++)
            foreach (var trait in Enum.GetValues<Trait>()) store.Add(new Habit(7, Of(trait, 1), day));
        store.Add(new Habit(7, Of(Trait.Client, 2), Today - 25));
        for (var i = 3; i < 10_000; i++)
            foreach (var trait in (Trait[])[Trait.Client, Trait.Detail, Trait.Bucket, Trait.Principal, Trait.Error, Trait.Network]) store.Add(new Habit(7, Of(trait, i), Today));
        Assert.Equal(ProfileStore.MostHabits, store[7].Features.Length);
        Assert.All(Enum.GetValues<Trait>(), trait => Assert.Equal(20, store[7].DaysOf(Of(trait, 1), Today)));
        Assert.Equal((0, 21), (store[7].DaysOf(Of(Trait.Client, 2), Today), store[7].ActiveDays(Today)));
    }

    [Fact]
    public void Where_there_are_too_many_subjects_those_seen_least_recently_are_forgotten_and_counted()
    {
        var store = new ProfileStore(mostSubjects: 1_000);
        for (var i = 1; i <= 5_000; i++) store.Add(new Habit((ulong)i, 1, Today - 50 + i / 100));
        Assert.InRange(store.Count, 800, 1_000);
        Assert.Equal(5_000, store.Count + store.Forgotten);
        for (var i = 4_500; i <= 5_000; i++) Assert.Equal(1, store[(ulong)i].DaysOf(1, Today + 1));
        Assert.Equal(0, store[1].DaysOf(1, Today + 1));
    }

    [Fact]
    public void Days_that_were_pushed_out_leave_nothing_behind()
    {
        var store = StoreOf(Enumerable.Range(0, 1_000).Select(i => new Habit((ulong)i, 5, Today)));
        store.Add(new Habit(5_000, 5, Today + 63));
        Assert.Equal(1_000, store.Count);
        store.Add(new Habit(5_000, 5, Today + 64));
        Assert.Equal(1, store.Count);
        store.Add(new Habit(5_000, 5, Today));
        Assert.Equal(2, store[5_000].ActiveDays(Today + 65));
    }

    [Fact]
    public void A_store_of_many_subjects_that_grow_together_keeps_every_habit()
    {
        var store = new ProfileStore();
        const int Subjects = 20_000, Habits = 40;
        for (var habit = 0; habit < Habits; habit++)
            for (var subject = 1; subject <= Subjects; subject++) store.Add(new Habit((ulong)subject << 32, (uint)(subject + habit), Today - habit % 20));
        for (var subject = 1; subject <= Subjects; subject++)
        {
            Assert.Equal(Habits, store[(ulong)subject << 32].Features.Length);
            for (var habit = 0; habit < Habits; habit++) Assert.Equal(1, store[(ulong)subject << 32].DaysOf((uint)(subject + habit), Today + 1));
        }
        Assert.InRange(store.Bytes / Subjects, Habits * 12, Habits * 12 * 2);
    }

    private static List<(ulong Subject, uint Feature, string Days)> Written(ProfileStore store)
    {
        var rows = new List<(ulong, uint, string)>();
        for (var subject = 0UL; subject <= 200; subject++)
        {
            var profile = store[subject];
            for (var i = 0; i < profile.Features.Length; i++)
            {
                var days = "";
                for (var day = Today - 70; day < Today + 2; day++) days += profile.DaysAt(i, day) % 10;
                rows.Add((subject, profile.Features[i], days));
            }
        }
        rows.Sort();
        return rows;
    }
}
