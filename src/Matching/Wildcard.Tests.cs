using CsCheck;
using Yagura.Matching;

namespace Yagura.Tests.Matching;

public sealed class WildcardTests
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
    [InlineData("*.example", "www.example", true)]
    [InlineData("*.example", "www.example.com", false)]
    [InlineData("Web", "web", false)]
    public void A_star_is_any_run_and_a_question_mark_one_character_or_none(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Wildcard.Matches(pattern, text));

    [Fact]
    public void The_fast_way_agrees_with_the_naive_one()
    {
        Gen<string> Of(string letters, int longest) => Gen.Int[0, letters.Length - 1].Select(index => letters[index]).Array[0, longest].Select(chars => new string(chars));
        Gen.Select(Of("ab*?", 8), Of("ab", 10)).Sample((pattern, text) => Wildcard.Matches(pattern, text) == Naive(pattern, text), iter: 20_000);
    }

    [Fact]
    public void A_pattern_made_to_backtrack_ends_all_the_same() =>
        Assert.False(Wildcard.Matches("*a*a*a*a*" + new string('a', 400) + "b", new string('a', 100_000)));

    private static bool Naive(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) =>
        pattern.IsEmpty ? text.IsEmpty : pattern[0] switch
        {
            '*' => Naive(pattern[1..], text) || (!text.IsEmpty && Naive(pattern, text[1..])),
            '?' => Naive(pattern[1..], text) || (!text.IsEmpty && Naive(pattern[1..], text[1..])),
            var c => !text.IsEmpty && text[0] == c && Naive(pattern[1..], text[1..]),
        };
}
