using CsCheck;
using Yagura.Matching;
using Yagura.Matching.Conditions;
using Yagura.Matching.Criteria;

namespace Yagura.Tests.Matching;

public sealed class FindingPatternTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "abbb", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", true)]
    [InlineData("a?c", "abbc", false)]
    [InlineData("a?c", "a😀c", true)]
    [InlineData("*.example", "www.example", true)]
    [InlineData("*.example", "www.example.com", false)]
    [InlineData("Web", "web", false)]
    public void A_star_is_any_run_and_a_question_mark_one_character_or_none(string pattern, string text, bool expected) => Assert.Equal(expected, Fits(pattern, text));

    [Fact]
    public void The_fast_way_agrees_with_the_naive_one()
    {
        Gen<string> Of(string letters, int longest) => Gen.Int[0, letters.Length - 1].Select(index => letters[index]).Array[0, longest].Select(chars => new string(chars));
        Gen.Select(Of("ab*?", 8), Of("ab", 10)).Sample((pattern, text) => Fits(pattern, text) == NaiveCriteria.Fits([.. pattern.EnumerateRunes()], [.. text.EnumerateRunes()]), iter: 2_000);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a*b", "a*b")]
    [InlineData("?", "", "?")]
    [InlineData("a??b?", "ab", "ab?", "a?b", "a?b?", "a??b", "a??b?")]
    [InlineData("a?*?b?*", "a*b*")]
    [InlineData("**a", "*a")]
    public void Where_a_question_mark_is_exactly_one_character_a_pattern_is_several(string pattern, params string[] expected) =>
        Assert.Equal(expected, new FindingPattern(pattern).WithExactlyOne());

    [Fact]
    public void A_pattern_made_to_backtrack_ends_all_the_same() =>
        Assert.False(Fits("*a*a?a*a*" + new string('a', 400) + "b", new string('a', 1_000_000)));

    private static bool Fits(string pattern, string text)
    {
        var matcher = new Matcher<int>();
        matcher.Add(1, new Field("a", new FindingPattern(pattern).Wildcard));
        List<int> hits = [];
        Assert.Equal(EventFault.None, matcher.Match(System.Text.Encoding.UTF8.GetBytes($"{{\"a\":\"{text}\"}}"), new MatchBuffer(), hits));
        return hits.Count > 0;
    }
}
