using System.Text;
using Yagura.Matching.EventBridge;
using Yagura.Tests.Matching;

namespace Yagura.Matching.Tests;

/// <summary>What <c>docs/patterns.md</c> shows is so.</summary>
public sealed class PatternsPageTests
{
    private static readonly Tables Page = new("docs/patterns.md");

    private static bool Matches(string pattern, string json)
    {
        Assert.True(EventPattern.TryParse(pattern, out var condition, out var error), error?.ToString());
        var matcher = new Matcher<int>();
        matcher.Add(1, condition);
        List<int> hits = [];
        Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits));
        return hits.Count == 1;
    }

    [Fact]
    public void Every_pattern_on_the_page_matches_what_it_says()
    {
        Assert.Equal(18, Page.Rows(3).Count);
        Assert.All(Page.Rows(3), row => Assert.Equal((row[0], true, false), (row[0], Matches(row[0], row[1]), Matches(row[0], row[2]))));
    }

    [Fact]
    public void Every_bad_pattern_on_the_page_is_refused_for_the_reason_it_says()
    {
        Assert.Equal(3, Page.Rows(2).Count);
        Assert.All(Page.Rows(2), row =>
        {
            Assert.False(EventPattern.TryParse(row[0], out _, out var error));
            Assert.Equal(row[1], error.Reason);
        });
    }
}
