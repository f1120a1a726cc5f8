using CsCheck;
using Yagura.Engine.Baselines;
using Yagura.Logs;

namespace Yagura.Engine.Tests;

public sealed class DistinctSketchTests
{
    /// <summary>Even bits, as identities of records have.</summary>
    private static readonly Gen<ulong> Hash = Gen.Long.Select(number => (ulong)ContentHash.Of(BitConverter.GetBytes(number)));

    private static DistinctSketch Of(IEnumerable<ulong> hashes)
    {
        var sketch = new DistinctSketch();
        foreach (var hash in hashes) sketch.Add(hash);
        return sketch;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(2_000)]
    [InlineData(100_000)]
    public void An_estimate_is_near_the_truth(int count) =>
        Hash.HashSet[count].Sample(hashes => Assert.InRange(Of(hashes).Estimate(), count * 0.5, count * 1.7), iter: 20);

    [Fact]
    public void Order_repeats_and_cuts_make_no_difference_and_more_is_never_less() => Gen.Select(Hash.Array[0, 400], Gen.Int[0, 400]).Sample((hashes, cut) =>
    {
        cut = Math.Min(cut, hashes.Length);
        var (all, begin) = (Of(hashes), Of(hashes[..cut]));
        Assert.True(begin.Estimate() <= all.Estimate());
        begin.Merge(Of(hashes[cut..].Reverse().Concat(hashes)));
        Assert.Equal(all.Text, begin.Text);
        Assert.Equal(all.Text, new DistinctSketch(all.Text).Text);
    }, iter: 300);

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("no base64!")]
    public void Another_text_is_refused(string text) => Assert.Throws<ArgumentException>(() => new DistinctSketch(text));
}
