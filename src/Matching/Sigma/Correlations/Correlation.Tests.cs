using System.Text.Json;
using CsCheck;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Correlations;
using Yagura.Matching.Sigma.Testing;
using static Yagura.Matching.Tests.SigmaRules;

namespace Yagura.Matching.Tests;

public sealed class CorrelationTests
{
    private const string Rules = """
        title: One
        name: one
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: One}, condition: s}
        ---
        title: Two
        name: two
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: Two}, condition: s}
        ---
        title: Three
        name: three
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: Three}, condition: s}
        ---
        title: Together

        """;

    private static SigmaRuleSet Set(string correlation) => SigmaRuleSet.Of([new("rules.yml", Read(Rules + correlation))]);

    private static Correlation Of(string correlation)
    {
        var set = Set("correlation: {" + correlation + "}");
        Assert.Empty(set.Problems);
        return Assert.Single(set.Correlations).Correlation;
    }

    private sealed record Event(int Rule, string Group, string Value, int Second, int Identity);

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is said of each group and window after some events.</summary>
    private static Dictionary<(string, DateTimeOffset), CorrelationState> Fold(Correlation correlation, IEnumerable<Event> events)
    {
        var states = new Dictionary<(string, DateTimeOffset), CorrelationState>();
        foreach (var one in events)
        {
            using var json = JsonDocument.Parse($$"""{"userIdentity":{"userName":"{{one.Group}}"},"sourceIPAddress":"{{one.Value}}"}""");
            var time = Epoch.AddSeconds(one.Second);
            foreach (var observation in correlation.Observe(one.Rule, json.RootElement, (UInt128)one.Identity))
            {
                foreach (var window in correlation.WindowsOf(time))
                {
                    var key = (string.Join(',', observation.Group), window);
                    if (!states.TryGetValue(key, out var state)) states.Add(key, state = new());
                    correlation.Add(state, window, observation, time);
                }
            }
        }
        return states;
    }

    private static string Verdicts(Correlation correlation, Dictionary<(string, DateTimeOffset), CorrelationState> states) =>
        string.Join('\n', states.OrderBy(one => one.Key).Select(one => $"{one.Key}: {correlation.Decide(one.Value)} {JsonSerializer.Serialize(one.Value)}"));

    private static bool Holds(Correlation correlation, IEnumerable<Event> events) => Fold(correlation, events).Values.Any(state => correlation.Decide(state) is not null);

    private static readonly Gen<Event> Events = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 6], Gen.Int[0, 120], Gen.Int[0, 1_000_000],
        (rule, group, value, second, identity) => new Event(rule, "g" + group, "v" + value, second, identity));

    private static readonly string[] Kinds =
    [
        "type: event_count, rules: [one, two, three], group-by: [userIdentity.userName], timespan: 20s, condition: {gte: 4}",
        "type: event_count, rules: [one, two, three], group-by: [userIdentity.userName], timespan: 20s, condition: {gt: 2, lte: 5}",
        "type: event_count, rules: [one, two, three], timespan: 30s, condition: {eq: 3}",
        "type: value_count, rules: [one, two, three], group-by: [userIdentity.userName], timespan: 20s, condition: {field: sourceIPAddress, gt: 2}",
        "type: temporal, rules: [one, two, three], group-by: [userIdentity.userName], timespan: 20s",
        "type: temporal, rules: [one, two, three], group-by: [userIdentity.userName], timespan: 20s, condition: {gte: 2}",
        "type: temporal_ordered, rules: [one, two, three], group-by: [userIdentity.userName], timespan: 20s",
    ];

    [Fact]
    public void Order_cuts_and_repeats_of_the_events_change_nothing()
    {
        foreach (var kind in Kinds)
        {
            var correlation = Of(kind);
            Gen.Select(Events.Array[0, 40], Gen.Int[0, 40], Gen.Int).Sample((events, cut, seed) =>
            {
                var whole = Fold(correlation, events);
                var shuffled = events.Concat(events.Take(7)).OrderBy(one => HashCode.Combine(one, seed)).ToList();
                var merged = Fold(correlation, shuffled.Take(cut));
                foreach (var (key, state) in Fold(correlation, shuffled.Skip(cut)))
                {
                    // Through its stored form and back.
                    var stored = JsonSerializer.Deserialize<CorrelationState>(JsonSerializer.Serialize(state))!;
                    if (!merged.TryGetValue(key, out var known)) merged.Add(key, known = new());
                    known.Merge(stored);
                    known.Merge(stored);
                }
                Assert.Equal(Verdicts(correlation, whole), Verdicts(correlation, merged));
            }, iter: 300);
        }
    }

    [Fact]
    public void The_answer_is_that_of_looking_at_every_span_of_time()
    {
        foreach (var kind in Kinds)
        {
            var correlation = Of(kind);
            Events.Array[0, 60].Sample(events =>
            {
                var distinct = events.DistinctBy(one => one.Identity).ToArray(); // an event has one time
                Assert.Equal(Naive(correlation.Definition, distinct), Holds(correlation, distinct));
            }, iter: 500);
        }
    }

    private static bool Naive(SigmaCorrelation definition, Event[] events)
    {
        var span = (int)definition.Timespan.TotalSeconds;
        return (definition.GroupBy.Count == 0 ? [events] : events.GroupBy(one => one.Group).Select(group => group.ToArray())).Any(group =>
        {
            if (definition.Condition.NeedsWholeWindow) return group.GroupBy(one => one.Second / span).Any(window => definition.Condition.Holds(window.Count()));
            return group.Any(first =>
            {
                var within = group.Where(one => one.Second >= first.Second && one.Second <= first.Second + span).ToList();
                return definition.Kind switch
                {
                    CorrelationKind.EventCount => definition.Condition.Holds(within.Count),
                    CorrelationKind.ValueCount => definition.Condition.Holds(within.Select(one => one.Value).Distinct(StringComparer.Ordinal).Count()),
                    CorrelationKind.Temporal => definition.Condition.Holds(within.Select(one => one.Rule).Distinct().Count()),
                    _ => within.Any(a => a.Rule == 0 && within.Any(b => b.Rule == 1 && b.Second >= a.Second && within.Any(c => c.Rule == 2 && c.Second >= b.Second))),
                };
            });
        });
    }

    [Fact]
    public void A_state_stays_small_however_many_events_come_and_still_knows()
    {
        var count = Of("type: event_count, rules: [one], timespan: 1h, condition: {gte: 50}");
        var states = Fold(count, Enumerable.Range(0, 20_000).Select(i => new Event(0, "g", "v", i % 7_000, i)));
        Assert.All(states.Values, state => Assert.True(state.Things.Count <= 102));
        Assert.Contains(states.Values, state => count.Decide(state) is not null);
        var ordered = Of("type: temporal_ordered, rules: [one, two], timespan: 1h");
        states = Fold(ordered, Enumerable.Range(0, 20_000).Select(i => new Event(i % 2, "g", "v", i % 7_000, i)));
        Assert.All(states.Values.SelectMany(state => state.Times), times => Assert.True(times.Early.Count <= 256 && times.Late.Count <= 256));
        Assert.Contains(states.Values, state => ordered.Decide(state) is not null);
    }

    [Fact]
    public void Aliases_name_the_field_of_each_rule()
    {
        var correlation = Of("type: temporal, rules: [one, two], group-by: [who], timespan: 5m, aliases: {who: {one: userIdentity.userName, two: requestParameters.userName}}");
        using var json = JsonDocument.Parse("""{"userIdentity":{"userName":"alice"},"requestParameters":{"userName":["bob","carol"]}}""");
        Assert.Equal(["alice"], correlation.Observe(0, json.RootElement, 1).Select(one => one.Group[0]));
        Assert.Equal(["bob", "carol"], correlation.Observe(1, json.RootElement, 1).Select(one => one.Group[0]));
    }

    [Fact]
    public void An_event_without_the_field_of_the_group_belongs_to_none() =>
        Assert.False(Holds(Of("type: event_count, rules: [one], group-by: [userAgent], timespan: 1h, condition: {gte: 1}"), [new(0, "g", "v", 1, 1)]));

    [Fact]
    public void Rules_of_a_correlation_stand_alone_only_where_it_says_so()
    {
        Assert.Equal(["three"], Set("correlation: {type: temporal, rules: [one, two], timespan: 5m}").Rules.Where(rule => rule.StandsAlone).Select(rule => rule.Rule.Header.Name));
        Assert.Equal(3, Set("correlation: {type: temporal, rules: [one, two], timespan: 5m, generate: true}").Rules.Count(rule => rule.StandsAlone));
    }

    [Theory]
    [InlineData("type: event_cont, rules: [one], timespan: 5m, condition: {gte: 1}", "unknown type event_cont; did you mean event_count?")]
    [InlineData("type: value_sum, rules: [one], timespan: 5m, condition: {gte: 1}", "value_sum is not supported")]
    [InlineData("rules: [one], timespan: 5m", "type is missing")]
    [InlineData("type: temporal, timespan: 5m", "rules is missing")]
    [InlineData("type: temporal, rules: [one, one], timespan: 5m", "one stands twice")]
    [InlineData("type: temporal, rules: [one, too], timespan: 5m", "no rule is called too; did you mean two?")]
    [InlineData("type: temporal, rules: [one, two]", "timespan is missing")]
    [InlineData("type: temporal, rules: [one, two], timespan: 5 minutes", "5 minutes is no time; write a number and one of s, m, h, d: 90m")]
    [InlineData("type: temporal, rules: [one, two], timespan: 999999999d", "at most 31 days are allowed")]
    [InlineData("type: event_count, rules: [one], timespan: 5m", "condition is missing")]
    [InlineData("type: event_count, rules: [one], timespan: 5m, condition: {}", "no comparison")]
    [InlineData("type: event_count, rules: [one], timespan: 5m, condition: {ge: 5}", "unknown comparison ge")]
    [InlineData("type: event_count, rules: [one], timespan: 5m, condition: {gte: many}", "expected a whole number up to 10,000")]
    [InlineData("type: event_count, rules: [one], timespan: 5m, condition: {gt: 5, lt: 6}", "no count of one or more fulfils it")]
    [InlineData("type: event_count, rules: [one], timespan: 5m, condition: {lt: 1}", "no count of one or more fulfils it")]
    [InlineData("type: value_count, rules: [one], timespan: 5m, condition: {gte: 5}", "value_count needs the field whose values are counted")]
    [InlineData("type: event_count, rules: [one], timespan: 5m, condition: {gte: 5, field: userAgent}", "only value_count counts the values of a field")]
    [InlineData("type: temporal_ordered, rules: [one, two], timespan: 5m, condition: {gte: 2}", "takes no condition")]
    [InlineData("type: temporal, rules: [one, two], timespan: 5m, group-by: [userNam]", "AWS CloudTrail, which one is about, has no field userNam; give it an alias")]
    [InlineData("type: temporal, rules: [one, two], timespan: 5m, group-by: [a], aliases: {a: {one: userAgent}}", "a has no field for the rule two")]
    [InlineData("type: temporal, rules: [one, two], timespan: 5m, grupby: [a]", "unknown key grupby; did you mean group-by?")]
    public void A_bad_correlation_is_refused_with_what_would_be_right(string correlation, string error) =>
        Assert.Contains(error, string.Join('\n', Set("correlation: {" + correlation + "}").Problems), StringComparison.Ordinal);

    [Fact]
    public void A_correlation_of_correlations_is_refused_as_such() =>
        Assert.Contains("inner is a correlation itself", string.Join('\n', Set("""
            name: inner
            correlation: {type: temporal, rules: [one, two], timespan: 5m}
            ---
            title: Outer
            correlation: {type: temporal, rules: [inner, three], timespan: 5m}
            """).Problems), StringComparison.Ordinal);

    [Fact]
    public void Tests_of_a_correlation_see_all_their_events_together()
    {
        var set = Set("""
            correlation: {type: event_count, rules: [one], group-by: [sourceIPAddress], timespan: 10m, condition: {gte: 3}}
            tests:
              - name: three within ten minutes
                match: true
                events:
                  - {eventName: One, eventTime: '2026-01-01T00:09:00Z', sourceIPAddress: 192.0.2.1}
                  - {eventName: One, eventTime: '2026-01-01T00:11:00Z', sourceIPAddress: 192.0.2.1}
                  - {eventName: One, eventTime: '2026-01-01T00:11:00Z', sourceIPAddress: 192.0.2.1}
              - name: three from two addresses
                match: false
                events:
                  - {eventName: One, eventTime: '2026-01-01T00:09:00Z', sourceIPAddress: 192.0.2.1}
                  - {eventName: One, eventTime: '2026-01-01T00:11:00Z', sourceIPAddress: 192.0.2.1}
                  - {eventName: One, eventTime: '2026-01-01T00:11:00Z', sourceIPAddress: 192.0.2.2}
            """);
        Assert.Empty(set.Problems);
        var correlation = set.Correlations[0].Correlation;
        Assert.All(RuleTester.Run(correlation, correlation.Definition.Tests), result => Assert.True(result.Passed, result.Seen ?? result.Fault));
    }
}
