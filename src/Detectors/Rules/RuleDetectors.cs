using Yagura.Logs;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.LogSources;

namespace Yagura.Detectors.Rules;

/// <summary>The detectors that a set of Sigma rules makes: one for all rules of a log, one for each correlation.</summary>
public sealed record RuleDetectors(
    IReadOnlyList<Detector<ApiCall>> ApiCalls, IReadOnlyList<StatefulDetector<ApiCall>> StatefulApiCalls,
    IReadOnlyList<Detector<FlowRecord>> Flows, IReadOnlyList<StatefulDetector<FlowRecord>> StatefulFlows,
    IReadOnlyList<Detector<DnsQuery>> DnsQueries, IReadOnlyList<StatefulDetector<DnsQuery>> StatefulDnsQueries)
{
    /// <summary>Rules and correlations that nothing asks yet, each with the reason.</summary>
    public IReadOnlyList<(string Rule, string Reason)> Unasked { get; private init; } = [];

    /// <param name="rules">Without errors.</param>
    public static RuleDetectors Of(SigmaRuleSet rules)
    {
        var unasked = new List<(string, string)>();
        var alone = rules.Rules.Where(rule => rule.StandsAlone).ToLookup(rule => LogOf(rule.Rule.Source));
        foreach (var rule in alone[null]) unasked.Add((rule.Rule.Header.Title, $"{rule.Rule.Source.Title} are not analysed yet"));
        List<StatefulDetector<ApiCall>> calls = [];
        List<StatefulDetector<FlowRecord>> flows = [];
        List<StatefulDetector<DnsQuery>> queries = [];
        foreach (var (_, correlation) in rules.Correlations)
        {
            var logs = correlation.Rules.Select(rule => LogOf(rule.Source)).Distinct().ToList();
            var title = correlation.Definition.Header.Title;
            switch (logs)
            {
                case [LogType.CloudTrail or LogType.S3Access]: calls.Add(new CorrelationDetector<ApiCall>(logs[0]!.Value, correlation)); break;
                case [LogType.VpcFlow]: flows.Add(new CorrelationDetector<FlowRecord>(LogType.VpcFlow, correlation)); break;
                case [LogType.Route53Resolver]: queries.Add(new CorrelationDetector<DnsQuery>(LogType.Route53Resolver, correlation)); break;
                case [_]: unasked.Add((title, "correlations over this log are not analysed yet")); break;
                default: unasked.Add((title, "correlations over several logs are not analysed yet")); break;
            }
        }
        return new(
            [.. Of<ApiCall>(LogType.CloudTrail, alone), .. Of<ApiCall>(LogType.S3Access, alone)], calls,
            [.. Of<FlowRecord>(LogType.VpcFlow, alone)], flows, [.. Of<DnsQuery>(LogType.Route53Resolver, alone)], queries)
        { Unasked = unasked };
    }

    private static IEnumerable<Detector<TEvent>> Of<TEvent>(LogType log, ILookup<LogType?, LoadedRule> rules) where TEvent : LogEvent =>
        rules[log].Any() ? [new RuleDetector<TEvent>(log, [.. rules[log]])] : [];

    private static LogType? LogOf(LogSource source) =>
        source == SigmaLogSources.CloudTrail ? LogType.CloudTrail
        : source == SigmaLogSources.VpcFlow ? LogType.VpcFlow
        : source == SigmaLogSources.S3Access ? LogType.S3Access
        : source == SigmaLogSources.Route53Resolver ? LogType.Route53Resolver
        : null;
}
