using System.Collections.Frozen;

namespace Yagura.Matching;

/// <summary>The paths that finding criteria may name: those of <c>finding-paths.txt</c>, which hold for suppression rules.</summary>
internal static class FindingPaths
{
    private static readonly Lazy<FrozenSet<string>> Known = new(Load);

    public static bool Contains(string path) => Known.Value.Contains(path);

    /// <summary>The known path that differs least from a misspelt one; null where none is near.</summary>
    public static string? Nearest(string path)
    {
        if (path.Length > 200) return null; // longer than any path; keeps the comparison below small
        string? nearest = null;
        var least = Math.Max(2, path.Length / 4) + 1;
        foreach (var known in Known.Value.Order(StringComparer.Ordinal))
        {
            if (Math.Abs(known.Length - path.Length) >= least) continue;
            var distance = EditDistance(known, path);
            if (distance >= least) continue;
            least = distance;
            nearest = known;
        }
        return nearest;
    }

    /// <summary>The keys of the JSON that a path leads through. Paths spell three keys otherwise than the JSON does.</summary>
    public static string[] KeysOf(string path) =>
        [.. path.Split('.').Select(key => key switch { "outpostARN" => "outpostArn", "hostIpc" => "hostIPC", "hostPid" => "hostPID", _ => key })];

    /// <summary>True where the values are times: ISO texts or, for some, epoch seconds.</summary>
    public static bool IsTime(string path) =>
        path.EndsWith("At", StringComparison.Ordinal) || path.EndsWith("Time", StringComparison.Ordinal)
        || path is "service.eventFirstSeen" or "service.eventLastSeen";

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

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(FindingPaths).Assembly.GetManifestResourceStream("Yagura.Matching.finding-paths.txt")!;
        using var reader = new StreamReader(stream);
        var paths = new HashSet<string>(600, StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#') paths.Add(line);
        }
        return paths.ToFrozenSet(StringComparer.Ordinal);
    }
}
