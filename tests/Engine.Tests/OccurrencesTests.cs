using CsCheck;
using Yagura.Detectors;

namespace Yagura.Engine.Tests;

public sealed class OccurrencesTests
{
    private static readonly Gen<UInt128[]> Identities = Gen.ULong.Select(value => (UInt128)value).Array[0, 300];

    private static Occurrences Of(int limit, IEnumerable<UInt128> identities)
    {
        var set = new Occurrences(limit);
        foreach (var identity in identities) set.Add(identity);
        return set;
    }

    [Fact]
    public void Up_to_the_limit_the_count_is_exact() =>
        Identities.Sample(ids => Assert.Equal(ids.Distinct().Count(), Of(1000, ids).Count));

    [Fact]
    public void Merging_is_the_same_in_any_order_split_and_repetition() =>
        Gen.Select(Identities, Identities, Gen.Int[5, 400]).Sample((left, right, limit) =>
        {
            var once = Of(limit, left.Concat(right));
            var merged = Of(limit, right);
            merged.Merge(Of(limit, left));
            merged.Merge(Of(limit, right));
            Assert.Equal(once.Kept, merged.Kept);
            Assert.Equal(once.IsEstimate, merged.IsEstimate);
            Assert.Equal(once.Ceiling, merged.Ceiling);
            Assert.Equal(once.Count, merged.Count);
        });

    [Fact]
    public void Beyond_the_limit_the_estimate_is_near()
    {
        var set = new Occurrences(4096);
        var random = 1UL;
        for (var i = 0; i < 1_000_000; i++)
        {
            random = unchecked(random * 6364136223846793005UL + 1442695040888963407UL);
            set.Add((UInt128)(random ^ random >> 29) * 0x9E3779B97F4A7C15UL);
        }
        Assert.True(set.IsEstimate);
        Assert.InRange(set.Count, 930_000, 1_070_000); // four standard errors of 1/sqrt(4096)
    }

    [Fact]
    public void Memory_is_bounded() => Assert.Equal(100, Of(100, Enumerable.Range(0, 100_000).Select(i => (UInt128)(ulong)i * 0x9E3779B97F4A7C15UL)).Kept.Count);

    private static IEnumerable<UInt128> Spread(int first, int count) => Enumerable.Range(first, count).Select(i => (UInt128)((ulong)(i + 1) * 0x9E3779B97F4A7C15UL));

    [Fact]
    public void A_set_with_a_small_limit_keeps_its_estimate_within_one_with_a_large_limit()
    {
        var large = new Occurrences(65_536);
        large.Merge(Of(256, Spread(0, 2_000)));
        Assert.InRange(large.Count, 1_500, 2_500);
    }

    [Fact]
    public void Written_and_read_back_it_is_the_same_set()
    {
        foreach (var seen in (int[])[0, 99, 100, 150, 250])
        {
            var set = Of(100, Spread(0, seen));
            var restored = System.Text.Json.JsonSerializer.Deserialize<Occurrences>(System.Text.Json.JsonSerializer.Serialize(set))!;
            Assert.Equal((set.Count, set.IsEstimate), (restored.Count, restored.IsEstimate));
            foreach (var more in Spread(1_000, 500))
            {
                set.Add(more);
                restored.Add(more);
            }
            Assert.Equal((set.Count, set.Ceiling), (restored.Count, restored.Ceiling));
        }
    }
}
