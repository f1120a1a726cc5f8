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
            var optional = Run(at, _pattern.AsSpan(at).IndexOfAnyExcept('?'));
            // Of a run of three, none, one, two or three may be there: which of them does not matter.
            if (optional > 0) patterns = [.. patterns.SelectMany(_ => Enumerable.Range(0, optional + 1), (pattern, times) => pattern + new string('?', times))];
            at += optional;
            var plain = Run(at, _pattern.AsSpan(at).IndexOf('?'));
            patterns = patterns.ConvertAll(pattern => pattern + _pattern.Substring(at, plain));
            at += plain;
        }
        return patterns;
    }

    /// <param name="end">Counted from the start; negative for the end of the pattern.</param>
    private int Run(int start, int end) => end < 0 ? _pattern.Length - start : end;

    /// <summary>Beside a star, other wildcards ask for nothing.</summary>
    private static string Simplified(string pattern)
    {
        var simple = new StringBuilder();
        foreach (var c in pattern)
        {
            while (c == '*' && simple is [.., '?']) simple.Length--;
            if (c is not ('*' or '?') || simple is not [.., '*']) simple.Append(c);
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
