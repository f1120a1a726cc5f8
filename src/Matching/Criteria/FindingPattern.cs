using System.Text;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Criteria;

/// <summary>A pattern of finding criteria: <c>*</c> stands for any run of characters, <c>?</c> for one character or none.</summary>
/// <remarks>The guide says "exactly one" of <c>?</c> on one page; its example and its change log say "one or none", which is followed here.</remarks>
internal sealed class FindingPattern
{
    private readonly string _pattern;

    public FindingPattern(string pattern) => _pattern = Simplified(pattern);

    public Test.Wildcard Wildcard => new([.. _pattern.Split('*').Select(piece => piece.Replace('?', Test.Wildcard.OptionalCharacter))]);

    /// <summary>True where a number could be spelled so.</summary>
    public bool FitsDigits => _pattern.All(c => char.IsAsciiDigit(c) || c is '-' or '*' or '?');

    public bool Fits(string text) => Fits(_pattern, text);

    /// <summary>The same as patterns in which <c>?</c> stands for exactly one character, as databases know it; at most two to the power of its number.</summary>
    public IReadOnlyList<string> WithExactlyOne()
    {
        List<string> patterns = [""];
        for (var at = 0; at < _pattern.Length;)
        {
            var count = _pattern.AsSpan(at).IndexOfAnyExcept('?');
            if (count < 0) count = _pattern.Length - at;
            // Of a run of three, none, one, two or three may be there: which of them does not matter.
            var ways = count == 0 ? [_pattern[at].ToString()] : Enumerable.Range(0, count + 1).Select(times => new string('?', times)).ToList();
            patterns = [.. patterns.SelectMany(_ => ways, (pattern, way) => pattern + way)];
            at += Math.Max(1, count);
        }
        return patterns;
    }

    /// <summary>Beside a star, other wildcards ask for nothing.</summary>
    private static string Simplified(string pattern)
    {
        var simple = new StringBuilder();
        for (var at = 0; at < pattern.Length;)
        {
            var count = pattern.AsSpan(at).IndexOfAnyExcept('*', '?');
            if (count < 0) count = pattern.Length - at;
            if (count == 0) simple.Append(pattern[at++]);
            else
            {
                var wildcards = pattern.AsSpan(at, count);
                if (wildcards.Contains('*')) simple.Append('*');
                else simple.Append(wildcards);
                at += count;
            }
        }
        return simple.ToString();
    }

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => pattern switch
    {
        [] => text.IsEmpty,
        ['*' or '?', ..] when Fits(pattern[1..], text) => true,
        ['*', ..] => !text.IsEmpty && Fits(pattern, text[1..]),
        ['?', ..] => !text.IsEmpty && Fits(pattern[1..], text[1..]),
        _ => !text.IsEmpty && pattern[0] == text[0] && Fits(pattern[1..], text[1..]),
    };
}
