using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Yagura.Matching.Criteria;

/// <summary>Reads criteria and files of suppression rules from JSON and collects every mistake, each with its place.</summary>
internal sealed class CriteriaReader
{
    /// <summary>Most paths in one criteria, texts of one operator, patterns of one operator and wildcards in one pattern. Source: API model.</summary>
    public const int MostPaths = 50, MostValues = 50, MostPatterns = 5, MostWildcards = 5;

    /// <summary>Longest pattern, in characters; a limit of ours, which bounds what a pattern costs.</summary>
    public const int LongestPattern = 512;

    /// <summary>Further mistakes are counted, not listed.</summary>
    public const int MostErrors = 50;

    private readonly List<string> _errors = [];
    private int _unlisted;

    /// <summary>True once something was wrong: what was read is then not fit to be used.</summary>
    public bool HasFailed => _errors.Count > 0;

    /// <returns>True where nothing was wrong.</returns>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> json, Func<CriteriaReader, JsonElement, T?> read, [NotNullWhen(true)] out T? value, out IReadOnlyList<string> errors)
        where T : class
    {
        var reader = new CriteriaReader();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            value = read(reader, document.RootElement);
        }
        catch (JsonException bad)
        {
            value = null;
            reader.Fail($"not JSON: line {bad.LineNumber + 1}, byte {bad.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            // The only way to learn that a JSON string holds half a surrogate pair.
            value = null;
            reader.Fail("a text holds an escape that is no character");
        }
        if (reader._unlisted > 0) reader._errors.Add($"and {reader._unlisted} more");
        errors = reader._errors;
        if (reader.HasFailed) value = null;
        return value is not null;
    }

    public void Fail(string error)
    {
        if (_errors.Count < MostErrors) _errors.Add(error);
        else _unlisted++;
    }

    /// <param name="place">Put before each mistake; empty for criteria that stand alone.</param>
    public FindingCriteria? Criteria(JsonElement root, string place)
    {
        if (root.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in root.EnumerateObject())
            {
                if (member.Name is "criterion" or "Criterion") return new(Conditions(member.Value, place));
            }
        }
        Fail($"{place}expected an object with the key \"criterion\"");
        return null;
    }

    public List<FindingCondition> Conditions(JsonElement criterion, string place)
    {
        var conditions = new List<FindingCondition>();
        if (criterion.ValueKind != JsonValueKind.Object)
        {
            Fail($"{place}criterion: expected an object of paths");
            return conditions;
        }
        foreach (var member in criterion.EnumerateObject())
        {
            var path = member.Name;
            if (!FindingPaths.Contains(path))
            {
                Fail(FindingPaths.Nearest(path) is { } nearest ? $"{place}{Shown(path)}: unknown path; did you mean {nearest}?" : $"{place}{Shown(path)}: unknown path");
                continue;
            }
            if (conditions.Exists(condition => string.Equals(condition.Path, path, StringComparison.Ordinal))) Fail($"{place}{path}: named twice");
            conditions.Add(new(path, Tests(member.Value, $"{place}{path}")));
        }
        var named = criterion.EnumerateObject().Count();
        if (named == 0) Fail($"{place}criterion: names no path, so every finding would match");
        if (named > MostPaths) Fail($"{place}criterion: {named} paths; at most {MostPaths} are allowed");
        return conditions;
    }

    private List<FindingTest> Tests(JsonElement condition, string place)
    {
        var tests = new List<FindingTest>();
        if (condition.ValueKind != JsonValueKind.Object)
        {
            Fail($"{place}: expected an object of operators, such as {{\"equals\": [\"…\"]}}");
            return tests;
        }
        foreach (var member in condition.EnumerateObject())
        {
            if (OperatorOf(member.Name) is not { } found)
            {
                Fail($"{place}.{Shown(member.Name)}: unknown operator; known are equals, notEquals, greaterThan, greaterThanOrEqual, lessThan, lessThanOrEqual, matches, notMatches");
                continue;
            }
            var test = $"{place}.{member.Name}";
            if (tests.Exists(earlier => earlier.Operator == found)) Fail($"{test}: the same operator stands here twice");
            tests.Add(found switch
            {
                FindingOperator.Equals or FindingOperator.NotEquals => new(found, Texts(member.Value, test, MostValues), 0),
                FindingOperator.Matches or FindingOperator.NotMatches => new(found, Patterns(member.Value, test), 0),
                _ => new(found, [], Number(member.Value, test)),
            });
        }
        if (!condition.EnumerateObject().Any()) Fail($"{place}: names no operator");
        return tests;
    }

    // The wire writes greaterThan, the AWS CLI GreaterThan; both take the deprecated short names too.
    private static FindingOperator? OperatorOf(string name) => name switch
    {
        "equals" or "Equals" or "eq" or "Eq" => FindingOperator.Equals,
        "notEquals" or "NotEquals" or "neq" or "Neq" => FindingOperator.NotEquals,
        "greaterThan" or "GreaterThan" or "gt" or "Gt" => FindingOperator.GreaterThan,
        "greaterThanOrEqual" or "GreaterThanOrEqual" or "gte" or "Gte" => FindingOperator.GreaterThanOrEqual,
        "lessThan" or "LessThan" or "lt" or "Lt" => FindingOperator.LessThan,
        "lessThanOrEqual" or "LessThanOrEqual" or "lte" or "Lte" => FindingOperator.LessThanOrEqual,
        "matches" or "Matches" => FindingOperator.Matches,
        "notMatches" or "NotMatches" => FindingOperator.NotMatches,
        _ => null,
    };

    private List<string> Texts(JsonElement value, string place, int most)
    {
        var texts = new List<string>();
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fail($"{place}: expected a list of texts");
            return texts;
        }
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String) texts.Add(item.GetString()!);
            else Fail($"{place}: {Shown(item.GetRawText())} is not a text; numbers and flags are written in quotes here");
        }
        if (value.GetArrayLength() == 0) Fail($"{place}: the list is empty");
        if (value.GetArrayLength() > most) Fail($"{place}: {value.GetArrayLength()} values; at most {most} are allowed");
        return texts;
    }

    private List<string> Patterns(JsonElement value, string place)
    {
        var patterns = Texts(value, place, MostPatterns);
        foreach (var pattern in patterns)
        {
            var wildcards = pattern.Count(c => c is '*' or '?');
            if (wildcards > MostWildcards) Fail($"{place}: {Shown(pattern)} holds {wildcards} wildcards; at most {MostWildcards} are allowed");
            if (pattern.Length > LongestPattern) Fail($"{place}: {Shown(pattern)} is longer than {LongestPattern} characters");
        }
        return patterns;
    }

    private long Number(JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)) return number;
        Fail($"{place}: expected a whole number; times are milliseconds of the Unix epoch");
        return 0;
    }

    /// <summary>A text of the input as it may stand in a message: short and on one line.</summary>
    public static string Shown(string text)
    {
        var shown = text.Length <= 80 ? text : text[..79] + "…";
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }

    /// <inheritdoc cref="Suppression.TryParseExpiry"/>
    public DateTimeOffset? Expiry(string text, string place)
    {
        if (Suppression.TryParseExpiry(text, out var end)) return end;
        Fail($"{place}: {Shown(text)} is neither a date (2026-12-31) nor a time (2026-12-31T00:00:00Z)");
        return null;
    }
}
