using System.Text;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Sigma;

/// <summary>A text of a rule with its wildcards: <c>*</c> is any run of characters, <c>?</c> is one, a backslash takes that from them.</summary>
/// <remarks>Source: Sigma specification 2.1, "String Wildcard" and "Escape Character". A backslash before anything else stands for itself, as two do.</remarks>
internal readonly record struct SigmaText
{
    // Halves of surrogate pairs, which no valid text holds.
    private const char AnyRun = '\uD801', AnyOne = Test.Wildcard.AnyCharacter;

    private readonly string _marked;

    private SigmaText(string marked) => _marked = marked;

    /// <param name="written">As in the file.</param>
    public static SigmaText Parse(string written)
    {
        var marked = new StringBuilder(written.Length);
        for (var at = 0; at < written.Length; at++)
        {
            var c = written[at];
            if (c == '\\' && at + 1 < written.Length && written[at + 1] is '*' or '?' or '\\') marked.Append(written[++at]);
            else marked.Append(c switch { '*' => AnyRun, '?' => AnyOne, _ => c });
        }
        return new(marked.ToString());
    }

    /// <summary>A text without wildcards.</summary>
    public static SigmaText Plain(string text) => new(text);

    public bool HasWildcards => _marked.AsSpan().IndexOfAny(AnyRun, AnyOne) >= 0;

    /// <summary>The text itself, where it has no wildcards.</summary>
    public string Literal => _marked;

    public SigmaText Contained() => new(AnyRun + _marked + AnyRun);

    public SigmaText AsPrefix() => new(_marked + AnyRun);

    public SigmaText AsSuffix() => new(AnyRun + _marked);

    public SigmaText With(Func<string, string> change) => new(change(_marked));

    /// <summary>What a value has to pass. A text that is a number or a flag takes JSON's number or flag too, since Sigma compares everything as text.</summary>
    public IReadOnlyList<Test> ToTests(bool ignoreCase)
    {
        if (!HasWildcards)
        {
            var equal = new Test.Equal(_marked, ignoreCase);
            if (IsWord("true", ignoreCase)) return [equal, new Test.Word(true)];
            if (IsWord("false", ignoreCase)) return [equal, new Test.Word(false)];
            return JsonNumbers.AsNumber(_marked) is { } number ? [equal, number] : [equal];
        }
        var pieces = _marked.Split(AnyRun).ToList();
        // Runs that touch are one: a**b is a*b.
        for (var at = pieces.Count - 2; at > 0; at--)
        {
            if (pieces[at].Length == 0) pieces.RemoveAt(at);
        }
        var plain = !_marked.Contains(AnyOne, StringComparison.Ordinal);
        return pieces switch
        {
            ["", ""] => [new Test.NoneOf([new Test.Word(null)])],
            [var prefix, ""] when plain => [new Test.Prefix(prefix, ignoreCase)],
            ["", var suffix] when plain => [new Test.Suffix(suffix, ignoreCase)],
            _ => [new Test.Wildcard(pieces, ignoreCase)],
        };
    }

    private bool IsWord(string word, bool ignoreCase) => _marked.Equals(word, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
