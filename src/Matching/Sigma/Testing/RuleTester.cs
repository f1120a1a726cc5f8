using System.Globalization;
using System.Text.Json;
using Yagura.Matching.Sigma.Correlations;

namespace Yagura.Matching.Sigma.Testing;

/// <summary>What came of one test of a rule.</summary>
/// <param name="Fault">Why an event could not be matched; null as a rule.</param>
/// <param name="Selections">How each selection stood to the event that decided; empty where the test passed, and for correlations.</param>
/// <param name="Seen">For a correlation: what its rules saw.</param>
public sealed record RuleTestResult(RuleTest Test, bool Passed, string? Fault, IReadOnlyList<SelectionOutcome> Selections, string? Seen = null);

/// <summary>How one selection stood to an event.</summary>
public sealed record SelectionOutcome(string Name, bool Held, IReadOnlyList<IReadOnlyList<ItemOutcome>> AnyOf);

/// <summary>How one line of a selection stood to an event.</summary>
/// <param name="Seen">The values that the event has at the field, cut short; empty where it has none, null for keywords.</param>
public sealed record ItemOutcome(SigmaItem Item, bool Held, IReadOnlyList<string>? Seen);

/// <summary>Runs the tests of rules.</summary>
public static class RuleTester
{
    private const int LongestSeen = 80;

    private static readonly JsonDocumentOptions AsDeepAsEvents = new() { MaxDepth = MatchLimits.EventLevels };

    /// <summary>Runs the tests of a rule.</summary>
    public static IReadOnlyList<RuleTestResult> Run(SigmaRule rule, IReadOnlyList<RuleTest> tests)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(tests);
        var matcher = new Matcher<int>();
        matcher.Add(0, rule.Condition);
        var buffer = new MatchBuffer();
        return [.. tests.Select(test => Run(rule, test, matcher, buffer))];
    }

    private static RuleTestResult Run(SigmaRule rule, RuleTest test, Matcher<int> matcher, MatchBuffer buffer)
    {
        var hits = new List<int>();
        foreach (var json in test.Events)
        {
            hits.Clear();
            var fault = matcher.Match(json.Span, buffer, hits);
            if (fault != EventFault.None) return new(test, false, $"the event cannot be matched: {fault}", []);
            if (hits.Count > 0 != test.Match) return new(test, false, null, Explain(rule, json));
        }
        return new(test, true, null, []);
    }

    /// <summary>How each selection and each of its lines stands to an event, with the values that the event has.</summary>
    public static IReadOnlyList<SelectionOutcome> Explain(SigmaRule rule, ReadOnlyMemory<byte> json)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var matcher = new Matcher<object>();
        foreach (var selection in rule.Detection.Selections)
        {
            matcher.Add(selection, selection.Condition);
            foreach (var item in selection.AnyOf.SelectMany(items => items)) matcher.Add(item, item.Condition);
        }
        var held = new HashSet<object>(ReferenceEqualityComparer.Instance);
        matcher.Match(json.Span, new MatchBuffer(), held);
        using var document = JsonDocument.Parse(json, AsDeepAsEvents);
        return
        [
            .. rule.Detection.Selections.Select(selection => new SelectionOutcome(selection.Name, held.Contains(selection),
                [.. selection.AnyOf.Select(items => (IReadOnlyList<ItemOutcome>)[.. items.Select(item => new ItemOutcome(item, held.Contains(item), Seen(document.RootElement, item.Path)))])])),
        ];
    }

    private static IReadOnlyList<string>? Seen(JsonElement json, string? path) =>
        path is null ? null : [.. EventValues.At(json, path, whole: true).Select(value => value.GetRawText()).Select(text => text.Length <= LongestSeen ? text : text[..(LongestSeen - 1)] + "…")];

    /// <summary>Runs the tests of a correlation: its rules see the events of a test, and the correlation must hold for some group and window, or for none.
    /// Each event of a test is one of its own, also where two are the same.</summary>
    public static IReadOnlyList<RuleTestResult> Run(Correlation correlation, IReadOnlyList<RuleTest> tests)
    {
        ArgumentNullException.ThrowIfNull(correlation);
        ArgumentNullException.ThrowIfNull(tests);
        var matcher = new Matcher<int>();
        for (var index = 0; index < correlation.Rules.Count; index++) matcher.Add(index, correlation.Rules[index].Condition);
        return [.. tests.Select(test => Run(correlation, test, matcher))];
    }

    private static RuleTestResult Run(Correlation correlation, RuleTest test, Matcher<int> matcher)
    {
        var states = new Dictionary<(string Group, DateTimeOffset Window), CorrelationState>();
        var fired = new int[correlation.Rules.Count];
        var (buffer, hits) = (new MatchBuffer(), new List<int>());
        for (var index = 0; index < test.Events.Count; index++)
        {
            var json = test.Events[index];
            hits.Clear();
            if (matcher.Match(json.Span, buffer, hits) is var fault and not EventFault.None) return new(test, false, $"an event cannot be matched: {fault}", []);
            using var document = JsonDocument.Parse(json, AsDeepAsEvents);
            foreach (var rule in hits)
            {
                fired[rule]++;
                if (TimeOf(document.RootElement, correlation.Rules[rule].Source.TimeField) is not { } time)
                    return new(test, false, $"an event has no time in {correlation.Rules[rule].Source.TimeField}", []);
                foreach (var observation in correlation.Observe(rule, document.RootElement, (UInt128)index))
                {
                    foreach (var window in correlation.WindowsOf(time))
                    {
                        var key = (TextKey.Of(observation.Group), window);
                        if (!states.TryGetValue(key, out var state)) states.Add(key, state = new());
                        correlation.Add(state, window, observation, time);
                    }
                }
            }
        }
        var holds = states.Values.Any(state => correlation.Decide(state) is not null);
        var seen = string.Join(", ", correlation.Definition.RuleNames.Select((name, index) => $"{name}: {fired[index]}"));
        return new(test, holds == test.Match, null, [], $"{test.Events.Count} events; matched by {seen}; {states.Keys.Select(key => key.Group).Distinct(StringComparer.Ordinal).Count()} groups");
    }

    private static DateTimeOffset? TimeOf(JsonElement json, string field) => EventValues.At(json, field) switch
    {
        [{ ValueKind: JsonValueKind.Number } seconds] when seconds.TryGetInt64(out var unix) && unix is >= 0 and < 253_402_300_800 => DateTimeOffset.FromUnixTimeSeconds(unix),
        [{ ValueKind: JsonValueKind.String } text] when DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
        _ => null,
    };
}
