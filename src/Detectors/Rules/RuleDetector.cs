using Yagura.Core.Json;
using Yagura.Logs;
using Yagura.Matching.Sigma;

namespace Yagura.Detectors.Rules;

/// <summary>Sigma rules on single records of one log.</summary>
public sealed class RuleDetector<TEvent> : Detector<TEvent>
    where TEvent : LogEvent
{
    private readonly IReadOnlyList<LoadedRule> _rules;
    private readonly LogRules _compiled;
    private readonly LogType _log;

    /// <param name="log">Records of other logs are passed over: CloudTrail and S3 access logs both arrive as API calls.</param>
    /// <param name="rules">Of that log.</param>
    public RuleDetector(LogType log, IReadOnlyList<LoadedRule> rules)
    {
        (_log, _rules) = (log, rules);
        _compiled = new([.. rules.Select(rule => rule.Rule.Condition)]);
        Types = [.. rules.Select(rule => rule.Rule.FindingType).Distinct().Select(type => new TypeBinding(type))];
    }

    public override IReadOnlyList<TypeBinding> Types { get; }

    public override void Detect(TEvent record, Knowledge knowledge, IDetections found)
    {
        if (record.LogType != _log) return;
        var hits = _compiled.Match(record, out var json);
        if (hits.Count == 0) return;
        // What no rule reads need not be JSON to its last character: then the record is matched all the same, and nothing of it can be shown.
        using var parsed = JsonText.TryParse(json, out var document) ? document : null;
        var root = parsed?.RootElement ?? default;
        foreach (var hit in hits) found.Add(RuleFacts.Detection(_rules[hit], record, root, knowledge));
    }
}
