using Yagura.Logs;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Correlations;
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

    /// <summary>The rules on trial that are asked about each log.</summary>
    public ILookup<LogType, RuleHeader> Trials { get; private init; } = Array.Empty<RuleHeader>().ToLookup(_ => LogType.Unknown);

    /// <param name="rules">Without errors.</param>
    public static RuleDetectors Of(SigmaRuleSet rules)
    {
        var unasked = new List<(string, string)>();
        var alone = rules.Rules.Where(rule => rule.StandsAlone).ToLookup(rule => LogOf(rule.Rule.Source));
        foreach (var rule in alone[null]) unasked.Add((rule.Rule.Header.Title, WhyUnasked(rule.Rule)!));
        List<StatefulDetector<ApiCall>> calls = [];
        List<StatefulDetector<FlowRecord>> flows = [];
        List<(LogType Log, RuleHeader Rule)> asked = [.. alone.Where(rules => rules.Key is not null).SelectMany(rules => rules.Select(rule => (rules.Key!.Value, rule.Rule.Header)))];
        List<StatefulDetector<DnsQuery>> queries = [];
        foreach (var (_, correlation) in rules.Correlations)
        {
            if (WhyUnasked(correlation) is { } reason)
            {
                unasked.Add((correlation.Definition.Header.Title, reason));
                continue;
            }
            var log = LogsOf(correlation)[0]!.Value;
            if (log == LogType.VpcFlow) flows.Add(new CorrelationDetector<FlowRecord>(log, correlation));
            else if (log == LogType.Route53Resolver) queries.Add(new CorrelationDetector<DnsQuery>(log, correlation));
            else calls.Add(new CorrelationDetector<ApiCall>(log, correlation));
            asked.Add((log, correlation.Definition.Header));
        }
        return new(
            [.. Of<ApiCall>(LogType.CloudTrail, alone), .. Of<ApiCall>(LogType.S3Access, alone)], calls,
            [.. Of<FlowRecord>(LogType.VpcFlow, alone)], flows, [.. Of<DnsQuery>(LogType.Route53Resolver, alone)], queries)
        {
            Unasked = unasked,
            Trials = asked.Where(one => RuleStages.IsStaged(one.Rule)).ToLookup(one => one.Log, one => one.Rule),
        };
    }

    /// <summary>Why no scan asks a rule; null where scans do.</summary>
    public static string? WhyUnasked(SigmaRule rule) => LogOf(rule.Source) is null ? $"{rule.Source.Title} are not analysed yet" : null;

    /// <summary>Why no scan asks a correlation; null where scans do.</summary>
    public static string? WhyUnasked(Correlation correlation) => LogsOf(correlation) switch
    {
        [not null] => null,
        [_] => "correlations over this log are not analysed yet",
        _ => "correlations over several logs are not analysed yet",
    };

    private static List<LogType?> LogsOf(Correlation correlation) => [.. correlation.Rules.Select(rule => LogOf(rule.Source)).Distinct()];

    private static IEnumerable<Detector<TEvent>> Of<TEvent>(LogType log, ILookup<LogType?, LoadedRule> rules) where TEvent : LogEvent =>
        rules[log].Any() ? [new RuleDetector<TEvent>(log, [.. rules[log]])] : [];

    private static LogType? LogOf(LogSource source) =>
        source == SigmaLogSources.CloudTrail ? LogType.CloudTrail
        : source == SigmaLogSources.VpcFlow ? LogType.VpcFlow
        : source == SigmaLogSources.S3Access ? LogType.S3Access
        : source == SigmaLogSources.Route53Resolver ? LogType.Route53Resolver
        : null;
}
