using System.Globalization;
using System.Text.Json;
using Yagura.Matching.Conditions;
using Yagura.Matching.Criteria;

namespace Yagura.Tests.Matching;

/// <summary>Criteria as the plainest reading has them: every value of the finding is asked every question.</summary>
internal static class NaiveCriteria
{
    public static bool Holds(FindingCriteria criteria, JsonElement finding) => criteria.Conditions.All(condition =>
    {
        var path = condition.Path.Replace("outpostARN", "outpostArn", StringComparison.Ordinal).Replace("hostIpc", "hostIPC", StringComparison.Ordinal).Replace("hostPid", "hostPID", StringComparison.Ordinal);
        var values = Values(finding, "").Where(value => value.Path == path).Select(value => value.Json).ToList();
        return condition.Tests.All(test => values.Exists(value => Accepts(test, value, FindingPaths.IsTime(path))) != (test.Operator is FindingOperator.NotEquals or FindingOperator.NotMatches));
    });

    private static IEnumerable<(string Path, JsonElement Json)> Values(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Values(member.Value, path.Length == 0 ? member.Name : path + "." + member.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Values(item, path)),
        _ => [(path, json)],
    };

    private static bool Accepts(FindingTest test, JsonElement value, bool isTime)
    {
        var whole = NaiveEvent.Whole(value, isTime ? WholeOf.Time : WholeOf.NumberOrText);
        var text = value.ValueKind switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.String when !isTime => value.GetString(),
            _ => whole?.ToString(CultureInfo.InvariantCulture),
        };
        return test.Operator switch
        {
            FindingOperator.Equals or FindingOperator.NotEquals => test.Values.Contains(text, StringComparer.Ordinal),
            FindingOperator.Matches or FindingOperator.NotMatches => text is not null && test.Values.Any(pattern => Fits([.. pattern.EnumerateRunes()], [.. text.EnumerateRunes()])),
            FindingOperator.GreaterThan => whole > test.Number,
            FindingOperator.GreaterThanOrEqual => whole >= test.Number,
            FindingOperator.LessThan => whole < test.Number,
            FindingOperator.LessThanOrEqual => whole <= test.Number,
        };
    }

    public static bool Fits(ReadOnlySpan<System.Text.Rune> pattern, ReadOnlySpan<System.Text.Rune> text) =>
        pattern.IsEmpty ? text.IsEmpty : pattern[0].Value switch
        {
            '*' => Fits(pattern[1..], text) || (!text.IsEmpty && Fits(pattern, text[1..])),
            '?' => Fits(pattern[1..], text) || (!text.IsEmpty && Fits(pattern[1..], text[1..])),
            _ => !text.IsEmpty && text[0] == pattern[0] && Fits(pattern[1..], text[1..]),
        };
}
