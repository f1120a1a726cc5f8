using System.Collections.Frozen;

namespace Yagura.Matching.Criteria;

/// <summary>The paths that finding criteria may name: those of <c>finding-paths.txt</c>, which hold for suppression rules.</summary>
internal static class FindingPaths
{
    private static readonly Lazy<FrozenSet<string>> Known = new(Load);

    public static IEnumerable<string> All => Known.Value;

    public static bool Contains(string path) => Known.Value.Contains(path);

    /// <summary>The known path that differs least from a misspelt one; null where none is near.</summary>
    public static string? Nearest(string path) => Spelling.Nearest(path, Known.Value);

    /// <summary>The path that leads through the JSON. Criteria spell three keys otherwise than the JSON does.</summary>
    public static string FieldOf(string path) =>
        string.Join('.', path.Split('.').Select(key => key switch { "outpostARN" => "outpostArn", "hostIpc" => "hostIPC", "hostPid" => "hostPID", _ => key }));

    /// <summary>True where the values are times: ISO texts or, for some, epoch seconds.</summary>
    public static bool IsTime(string path) =>
        path.EndsWith("At", StringComparison.Ordinal) || path.EndsWith("Time", StringComparison.Ordinal)
        || path is "service.eventFirstSeen" or "service.eventLastSeen";

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
