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
    private readonly bool _ofTypes;

    /// <param name="log">Records of other logs are passed over: CloudTrail and S3 access logs both arrive as API calls.</param>
    /// <param name="rules">Of that log.</param>
    /// <param name="ofTypes">The rules are what finding types of the catalogue mean: their findings are those of the type.</param>
    public RuleDetector(LogType log, IReadOnlyList<LoadedRule> rules, bool ofTypes = false)
    {
        (_log, _rules, _ofTypes) = (log, rules, ofTypes);
        _compiled = new([.. rules.Select(rule => rule.Rule.Condition)]);
        Types = [.. rules.Select(rule => rule.Rule.FindingType).Distinct().Select(type => new TypeBinding(type))];
    }

    public override IReadOnlyList<TypeBinding> Types { get; }

    public override void Detect(TEvent record, Knowledge knowledge, IDetections found)
    {
        if (record.LogType != _log) return;
        var hits = _compiled.Match(record, out var json, out var undecided);
        foreach (var hit in hits)
        {
            var rule = _rules[hit].Rule;
            var detection = RuleFacts.Detection(rule.FindingType, rule.Header, rule.Resource, record, json, knowledge);
            found.Add(_ofTypes ? detection : detection.OfRule(rule.Header, RuleFacts.DedupParts(rule.Header, json)));
        }
        if (undecided is not null) throw undecided;
    }
}
