namespace Yagura.Engine.Evaluation;

public sealed class ProportionTests
{
    // 81 of 263 is an example of Newcombe, "Two-sided confidence intervals for the single proportion" (1998), method 3.
    [Theory]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(1, 1, 0.2065, 1)]
    [InlineData(0, 0, 0, 1)]
    public void The_interval_is_wilsons(long of, long all, double low, double high)
    {
        var share = new Proportion(of, all);
        Assert.Equal((low, high), (Math.Round(share.Low, 4), Math.Round(share.High, 4)));
    }

    [Fact]
    public void Scores_that_never_cross_are_parted_wholly_and_equal_ones_by_half()
    {
        Assert.Equal(1, ScoreSpread.Between("", [3, 4], [1, 2]).Separation);
        Assert.Equal(0.5, ScoreSpread.Between("", [1, 1], [1, 1]).Separation);
        Assert.Equal(0, ScoreSpread.Between("", [1], [2]).Separation);
        Assert.Null(ScoreSpread.Between("", [], [2]).Separation);
    }

    [Fact]
    public void Quantiles_are_scores_that_were_seen() => Assert.Equal(new Spread(10, 1, 1, 5, 9, 10, 10), Spread.Of([.. Enumerable.Range(1, 10).Reverse().Select(score => (double)score)]));
}
