using Yagura.Matching;
using Yagura.Matching.Conditions;
using Yagura.Matching.Criteria;
using Yagura.Matching.EventBridge;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Grep;

/// <summary>Says whether an event matches; false for what is no event.</summary>
/// <param name="fault">What is wrong with the event.</param>
internal delegate bool EventFilter(ReadOnlyMemory<byte> json, out EventFault fault);

/// <summary>What the three languages make of events.</summary>
internal static class EventFilters
{
    public static EventFilter EventBridge(byte[] pattern)
    {
        if (!EventPattern.TryParse(pattern, out var condition, out var error)) throw new UserError(error.ToString());
        return Of(condition);
    }

    public static EventFilter Sigma(SigmaRuleSet set)
    {
        if (set.HasErrors) throw new UserError(string.Join('\n', set.Problems.Where(problem => problem.Problem.IsError)));
        if (set.Correlations.Count > 0) throw new UserError("a correlation matches no single event; `yagura rules test` runs it on several");
        var matcher = new Matcher<int>();
        for (var rule = 0; rule < set.Rules.Count; rule++) matcher.Add(rule, set.Rules[rule].Rule.Condition);
        return Of(matcher);
    }

    public static EventFilter Criteria(byte[] json)
    {
        if (!FindingCriteria.TryParse(json, out var criteria, out var errors)) throw new UserError(string.Join('\n', errors));
        return Of(criteria.ToCondition());
    }

    private static EventFilter Of(Condition condition)
    {
        var matcher = new Matcher<int>();
        matcher.Add(0, condition);
        return Of(matcher);
    }

    private static EventFilter Of(Matcher<int> matcher)
    {
        var buffer = new MatchBuffer();
        var hits = new List<int>();
        return (ReadOnlyMemory<byte> json, out EventFault fault) =>
        {
            hits.Clear();
            fault = matcher.Match(json.Span, buffer, hits);
            return hits.Count > 0;
        };
    }
}
