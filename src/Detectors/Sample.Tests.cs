using CsCheck;

namespace Yagura.Detectors.Tests;

public sealed class SampleTests
{
    private readonly record struct Thing(ulong Number, int Least) : ISampled<Thing>
    {
        public Thing Joined(Thing other) => this with { Least = Math.Min(Least, other.Least) };
    }

    private const int Limit = 8;

    private static readonly Gen<Thing[]> Things = Gen.Select(Gen.ULong[0, 40], Gen.Int[0, 100], (number, least) => new Thing(number * 0x9E37_79B9_7F4A_7C15, least)).Array[0, 60];

    private static Sample<Thing> Of(IEnumerable<Thing> things)
    {
        var sample = new Sample<Thing>(Limit);
        foreach (var thing in things) sample.Add(thing);
        return sample;
    }

    private static string Text(Sample<Thing> sample) => $"{sample.IsPart} {sample.Count} {string.Join(' ', sample.Things)}";

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_sample() => Gen.Select(Things, Gen.Int[0, 60]).Sample((things, cut) =>
    {
        var whole = Text(Of(things));
        var pieces = Of(things.Skip(cut));
        pieces.Merge(Of(things.Take(cut)));
        pieces.Merge(Of(things.Reverse()));
        Assert.Equal(whole, Text(Of(things.Reverse().Concat(things))));
        Assert.Equal(whole, Text(pieces));
        Assert.Equal(whole, Text(new Sample<Thing>(Limit, pieces.IsPart, pieces.Things)));
    });

    [Fact]
    public void It_holds_all_up_to_its_limit_and_the_smallest_beyond() => Things.Sample(things =>
    {
        var sample = Of(things);
        var all = things.Select(thing => thing.Number).Distinct().Order().ToList();
        Assert.Equal(all.Take(Limit), sample.Things.Select(thing => thing.Number));
        Assert.Equal(all.Count > Limit, sample.IsPart);
        Assert.All(sample.Things, thing => Assert.Equal(things.Where(other => other.Number == thing.Number).Min(other => other.Least), thing.Least));
    });

    [Fact]
    public void The_estimate_is_near_the_truth()
    {
        var sample = new Sample<Thing>(256);
        for (ulong i = 1; i <= 10_000; i++) sample.Add(new((ulong)Logs.ContentHash.Of(BitConverter.GetBytes(i)), 0));
        Assert.InRange(sample.Count, 8_200, 11_800); // three standard errors
    }
}
