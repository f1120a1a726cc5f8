namespace Yagura.Bench.Match;

/// <summary>Many rules that all look at the same place, each for a value of its own: what adding one among them costs is seen here.</summary>
internal static class Crowds
{
    private const int Rules = 10_000;

    public static IEnumerable<(string Kind, IEnumerable<string> Lines)> Kinds() =>
    [
        ("ranges", Of(i => $$"""{"count":[{"numeric":[">",{{i}},"<=",{{i + 100}}]}]}""")),
        ("prefixes", Of(i => $$"""{"name":[{"prefix":"{{i}}-"}]}""")),
        ("wildcards", Of(i => $$"""{"name":[{"wildcard":"*-{{i}}-*"}]}""")),
        ("keys", Of(i => $$"""{"key{{i}}":["x"]}""")),
    ];

    public static IEnumerable<string> Events(int count) => Enumerable.Range(0, count).Select(i => $$"""{"count":{{i % Rules}},"name":"{{i % Rules}}-{{i % 7}}-z","key{{i % Rules}}":"x"}""");

    private static IEnumerable<string> Of(Func<int, string> rule) => Enumerable.Range(0, Rules).Select(rule);
}
