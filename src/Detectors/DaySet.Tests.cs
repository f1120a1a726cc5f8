using CsCheck;

namespace Yagura.Detectors.Tests;

public sealed class DaySetTests
{
    private static readonly Gen<int[]> Days = Gen.Int[1_000, 1_400].Array[0, 40];

    private static DaySet Of(IEnumerable<int> days) => days.Aggregate(new DaySet(), (set, day) => set.With(day));

    [Fact]
    public void It_holds_what_was_added_within_the_newest_128_days() => Days.Sample(days =>
    {
        var kept = days.Where(day => day > days.Max() - DaySet.Width).ToHashSet();
        var set = Of(days);
        for (var day = 990; day < 1_410; day++) Assert.Equal(kept.Contains(day), set.Contains(day));
    });

    [Fact]
    public void A_union_is_the_same_in_any_order_and_any_number_of_times() => Gen.Select(Days, Days).Sample((some, others) =>
    {
        var (one, other) = (Of(some), Of(others));
        Assert.Equal(Of(some.Concat(others)), one.Union(other));
        Assert.Equal(one.Union(other), other.Union(one).Union(one));
    });

    [Fact]
    public void Days_between_two_are_counted() => Gen.Select(Days, Gen.Int[900, 1_500], Gen.Int[0, 200]).Sample((days, first, length) =>
    {
        var set = Of(days);
        var between = days.Distinct().Where(day => set.Contains(day) && day >= first && day <= first + length).ToList();
        Assert.Equal(between.Count, set.Count(first, first + length));
        Assert.Equal(between.Count > 0, set.Any(first, first + length));
        Assert.Equal(between.Count > 0 ? between.Min() : null, set.First(first, first + length));
    });
}
