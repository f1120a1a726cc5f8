using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Yagura.Core.Findings;

namespace Yagura.Matching;

/// <summary>GuardDuty's finding criteria: conditions on paths of a finding's JSON, all of which must hold.</summary>
/// <remarks><code>{"criterion":{"severity":{"greaterThanOrEqual":4},"type":{"matches":["Recon:*"]}}}</code>
/// Where a path leads through lists, a condition holds if it holds for any value, and its negation if it holds for none; a path that leads nowhere has
/// no value. Numbers are compared as whole numbers, times as milliseconds of the Unix epoch, flags as <c>true</c> and <c>false</c>, texts by their exact
/// characters. Source: GuardDuty user guide, "Filtering findings", and API model 2017-11-28.</remarks>
public sealed class FindingCriteria
{
    internal FindingCriteria(IReadOnlyList<FindingCondition> conditions) => Conditions = conditions;

    /// <summary>In the order in which they were written.</summary>
    public IReadOnlyList<FindingCondition> Conditions { get; }

    /// <summary>Reads criteria from <c>{"criterion":{…}}</c>, with the key names of the wire or, in capitals, of the AWS CLI.</summary>
    /// <param name="errors">Every mistake, each naming its place; empty where there is none. Never throws on bad input.</param>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out FindingCriteria? criteria, out IReadOnlyList<string> errors) =>
        CriteriaReader.TryRead(json, static (reader, root) => reader.Criteria(root, ""), out criteria, out errors);

    public bool Matches(Finding finding)
    {
        using var json = JsonDocument.Parse(FindingJson.ToUtf8(finding));
        return Matches(json.RootElement);
    }

    /// <param name="finding">A finding as <see cref="FindingJson"/> or GuardDuty writes it.</param>
    public bool Matches(JsonElement finding)
    {
        foreach (var condition in Conditions)
        {
            if (!condition.Holds(finding)) return false;
        }
        return true;
    }
}

/// <summary>What is asked of the values at one path; all tests must hold.</summary>
public sealed record FindingCondition(string Path, IReadOnlyList<FindingTest> Tests)
{
    private readonly string[] _keys = FindingPaths.KeysOf(Path);
    private readonly bool _isTime = FindingPaths.IsTime(Path);

    internal bool Holds(JsonElement finding)
    {
        foreach (var test in Tests)
        {
            var negated = test.Operator is FindingOperator.NotEquals or FindingOperator.NotMatches;
            if (AnyValue(finding, 0, test) == negated) return false;
        }
        return true;
    }

    private bool AnyValue(JsonElement element, int depth, FindingTest test)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (AnyValue(item, depth, test)) return true;
            }
            return false;
        }
        if (depth < _keys.Length)
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(_keys[depth], out var child) && AnyValue(child, depth + 1, test);
        }
        return element.ValueKind switch
        {
            JsonValueKind.String when _isTime => TryTime(element, out var time) && test.AcceptsNumber(time),
            JsonValueKind.String => TryText(element, out var text) && test.AcceptsText(text),
            JsonValueKind.Number when !_isTime && element.TryGetInt64(out var whole) => test.AcceptsNumber(whole), // a double would round a large one
            JsonValueKind.Number => element.TryGetDouble(out var number) && test.AcceptsNumber((long)Math.Truncate(_isTime ? Math.Round(number * 1000) : number)),
            JsonValueKind.True => test.AcceptsText("true"),
            JsonValueKind.False => test.AcceptsText("false"),
            _ => false,
        };
    }

    private static bool TryTime(JsonElement element, out long milliseconds)
    {
        milliseconds = 0;
        if (!TryText(element, out var text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return false;
        milliseconds = time.ToUnixTimeMilliseconds();
        return true;
    }

    private static bool TryText(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in foreign JSON: no text, and there is no other way to ask.
            text = null;
            return false;
        }
    }
}

/// <summary>One operator with what it compares to.</summary>
/// <param name="Values">For the operators on texts, 1 to 50 of them; empty for the others.</param>
/// <param name="Number">For the operators on numbers; 0 for the others.</param>
public sealed record FindingTest(FindingOperator Operator, IReadOnlyList<string> Values, long Number)
{
    /// <summary>Says the same of a value with a negated operator as without: the caller negates over all values of the path.</summary>
    internal bool AcceptsText(string text)
    {
        switch (Operator)
        {
            case FindingOperator.Equals or FindingOperator.NotEquals:
                return Values.Contains(text, StringComparer.Ordinal);
            case FindingOperator.Matches or FindingOperator.NotMatches:
                foreach (var pattern in Values)
                {
                    if (Wildcard.Matches(pattern, text)) return true;
                }
                return false;
            default:
                // GuardDuty keeps some numbers, such as that of an autonomous system, as text.
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && AcceptsNumber(number);
        }
    }

    /// <inheritdoc cref="AcceptsText"/>
    internal bool AcceptsNumber(long number) => Operator switch
    {
        FindingOperator.GreaterThan => number > Number,
        FindingOperator.GreaterThanOrEqual => number >= Number,
        FindingOperator.LessThan => number < Number,
        FindingOperator.LessThanOrEqual => number <= Number,
        _ => AcceptsText(number.ToString(CultureInfo.InvariantCulture)),
    };
}

/// <summary>The operators of finding criteria; the deprecated short names mean the same.</summary>
public enum FindingOperator
{
    /// <summary>The value is one of the texts.</summary>
    Equals,
    /// <summary>No value is any of the texts.</summary>
    NotEquals,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    /// <summary>The value fits one of the patterns; see <see cref="Wildcard"/>.</summary>
    Matches,
    /// <summary>No value fits any of the patterns.</summary>
    NotMatches,
}
