namespace Yagura.Simulation.Tests;

public sealed class SplitMix64Tests
{
    [Fact]
    public void The_numbers_are_those_of_the_reference_implementation()
    {
        var random = new SplitMix64(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.All(expected, number => Assert.Equal(number, random.Next()));
    }

    [Fact]
    public void Every_part_of_a_place_changes_what_is_drawn()
    {
        ulong[] draws =
        [
            SplitMix64.At(1, 2, 3, 4, 5).Next(), SplitMix64.At(9, 2, 3, 4, 5).Next(), SplitMix64.At(1, 9, 3, 4, 5).Next(),
            SplitMix64.At(1, 2, 9, 4, 5).Next(), SplitMix64.At(1, 2, 3, 9, 5).Next(), SplitMix64.At(1, 2, 3, 4, 9).Next(),
        ];
        Assert.Equal(draws.Length, draws.Distinct().Count());
    }

    [Fact]
    public void Draws_below_a_limit_reach_every_number_and_skewed_ones_prefer_the_low()
    {
        var random = new SplitMix64(7);
        var even = new int[10];
        var skewed = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            even[random.Below(10)]++;
            skewed[random.Skewed(10)]++;
        }
        Assert.All(even, count => Assert.InRange(count, 9_500, 10_500));
        Assert.All(skewed, count => Assert.True(count > 200));
        Assert.True(skewed[0] > 3 * skewed[5]);
    }
}
