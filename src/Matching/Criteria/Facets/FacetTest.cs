using System.Globalization;
using System.Text;

namespace Yagura.Matching.Criteria.Facets;

/// <summary>One test of criteria, asked of facets of the path that it belongs to.</summary>
public sealed class FacetTest
{
    private readonly FindingTest _test;
    private readonly HashSet<string> _texts;
    private readonly string[] _patterns;

    public FacetTest(FindingTest test)
    {
        _test = test;
        IsExact = test.Operator is FindingOperator.Equals or FindingOperator.NotEquals;
        var texts = test.Values.Select(text => text.Replace('\0', '\uFFFD'));
        _texts = IsExact ? texts.ToHashSet(StringComparer.Ordinal) : [];
        _patterns = test.Operator is FindingOperator.Matches or FindingOperator.NotMatches ? [.. texts.SelectMany(text => new FindingPattern(text).WithExactlyOne())] : [];
    }

    /// <summary>The test holds where no facet of the finding is accepted; else where at least one is.</summary>
    public bool IsNegated => _test.IsNegated;

    /// <summary>Only facets with one of <see cref="Texts"/> are accepted.</summary>
    public bool IsExact { get; }

    public IReadOnlyCollection<string> Texts => _texts;

    public bool Accepts(string text) => _test.Operator switch
    {
        FindingOperator.Equals or FindingOperator.NotEquals => _texts.Contains(text),
        FindingOperator.Matches or FindingOperator.NotMatches => Array.Exists(_patterns, pattern => Fits(pattern, text)),
        _ => TryWhole(text, out var whole) && Accepts(whole),
    };

    /// <summary>The same of a facet that is a whole number.</summary>
    public bool Accepts(long whole) => _test.Operator switch
    {
        FindingOperator.GreaterThan => whole > _test.Number,
        FindingOperator.GreaterThanOrEqual => whole >= _test.Number,
        FindingOperator.LessThan => whole < _test.Number,
        FindingOperator.LessThanOrEqual => whole <= _test.Number,
        _ => Accepts(whole.ToString(CultureInfo.InvariantCulture)),
    };

    /// <summary>The number that a text of digits spells, cut to 64 bits.</summary>
    public static bool TryWhole(string text, out long whole)
    {
        var digits = text.AsSpan(text is ['-', ..] ? 1 : 0);
        whole = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) return false;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)) whole = digits.Length < text.Length ? long.MinValue : long.MaxValue;
        return true;
    }

    // Once a star's rest was found, an earlier star need not be looked at again: the time is at most pattern times text.
    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int at = 0, from = 0, star = -1, resume = 0;
        while (from < text.Length)
        {
            var width = Rune.DecodeFromUtf16(text[from..], out _, out var length) == System.Buffers.OperationStatus.Done ? length : 1;
            if (at < pattern.Length && pattern[at] == '*') (star, resume) = (at++, from);
            else if (at < pattern.Length && pattern[at] == '?') (at, from) = (at + 1, from + width);
            else if (at < pattern.Length && pattern[at] == text[from]) (at, from) = (at + 1, from + 1);
            else if (star >= 0) (at, from) = (star + 1, ++resume);
            else return false;
        }
        return pattern[at..].IndexOfAnyExcept('*') < 0;
    }
}
