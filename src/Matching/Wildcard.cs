namespace Yagura.Matching;

/// <summary>Patterns of finding criteria: <c>*</c> stands for any run of characters, <c>?</c> for one character or none.</summary>
/// <remarks>The guide says "exactly one" of <c>?</c> on one page; its example and its change log say "one or none", which is followed here. Every position of
/// the pattern that the text may have reached is tracked at once, so the time is at most (length of pattern) × (length of text), whatever they hold.</remarks>
internal static class Wildcard
{
    /// <summary>Longest pattern, in characters; a limit of ours, which bounds the cost of each character of a text.</summary>
    public const int LongestPattern = 512;

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var reached = pattern.Length <= LongestPattern ? stackalloc bool[pattern.Length + 1] : new bool[pattern.Length + 1];
        reached[0] = true;
        Skip(pattern, reached);
        foreach (var c in text)
        {
            var any = false;
            // Backwards, so that each position still tells what held before this character.
            for (var at = pattern.Length; at >= 0; at--)
            {
                var stays = at < pattern.Length && pattern[at] == '*' && reached[at];
                var steps = at > 0 && pattern[at - 1] != '*' && reached[at - 1] && (pattern[at - 1] == '?' || pattern[at - 1] == c);
                any |= reached[at] = stays || steps;
            }
            if (!any) return false;
            Skip(pattern, reached);
        }
        return reached[pattern.Length];
    }

    /// <summary>Moves past wildcards without taking a character.</summary>
    private static void Skip(ReadOnlySpan<char> pattern, Span<bool> reached)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] is '*' or '?') reached[at + 1] |= reached[at];
        }
    }
}
