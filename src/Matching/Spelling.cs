namespace Yagura.Matching;

/// <summary>What somebody meant who wrote something else.</summary>
public static class Spelling
{
    /// <summary>Longer texts have no suggestion, which keeps the comparison small.</summary>
    private const int Longest = 200;

    /// <summary>The known word that differs least from a misspelt one, upper and lower case alike; null where none is near. Of two that are as near, the
    /// first in ordinal order.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > Longest) return null;
        string? nearest = null;
        var least = Math.Max(2, word.Length / 4) + 1;
        foreach (var candidate in known.Order(StringComparer.Ordinal))
        {
            if (Math.Abs(candidate.Length - word.Length) >= least) continue;
            var distance = EditDistance(candidate, word);
            if (distance >= least) continue;
            least = distance;
            nearest = candidate;
        }
        return nearest;
    }

    /// <summary>Insertions, deletions and replacements between two texts, upper and lower case alike (Levenshtein, two rows).</summary>
    private static int EditDistance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++) previous[column] = column;
        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = previous[column - 1] + (char.ToLowerInvariant(left[row - 1]) == char.ToLowerInvariant(right[column - 1]) ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
            }
            (previous, current) = (current, previous);
        }
        return previous[right.Length];
    }
}
