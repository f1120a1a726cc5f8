using System.Buffers.Binary;
using System.Text;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Correlations;

namespace Yagura.Detectors.Rules;

/// <summary>A Sigma correlation over the records of one log.</summary>
/// <remarks>A condition with an upper bound is decided on what was read so far: it may be taken back by what comes later in its window.</remarks>
public sealed class CorrelationDetector<TEvent> : StatefulDetector<TEvent, CorrelatedUse>
    where TEvent : LogEvent
{
    private const int LongestValue = 200;

    private readonly Correlation _correlation;
    private readonly RuleHeader _header;
    private readonly LogRules _compiled;
    private readonly LogType _log;
    private readonly FindingType _type;
    private readonly ResourceMapping _resource;

    /// <param name="log">The log of all of the correlation's rules.</param>
    public CorrelationDetector(LogType log, Correlation correlation)
    {
        (_log, _correlation, _header) = (log, correlation, correlation.Definition.Header);
        _compiled = new([.. correlation.Rules.Select(rule => rule.Condition)]);
        _resource = correlation.Resource;
        _type = correlation.FindingType;
        Types = [new(_type)];
    }

    public override IReadOnlyList<TypeBinding> Types { get; }

    public override string Name => "correlation " + RuleFacts.NameOf(_header);

    public override void Observe(TEvent record, Knowledge knowledge, ISteps<CorrelatedUse> steps)
    {
        if (record.LogType != _log) return;
        var hits = _compiled.Match(record, out var json, out var undecided);
        foreach (var rule in hits)
        {
            foreach (var observation in _correlation.Observe(rule, json, record.Identity))
            {
                var detection = RuleFacts.Detection(_type, _header, _resource, record, json, knowledge).OfRule(_header, observation.Group) with { Why = GroupText(observation.Group) };
                foreach (var window in _correlation.WindowsOf(record.Time))
                {
                    var use = steps.Of(KeyOf(observation.Group, window));
                    _correlation.Add(use.Correlated, window, observation, record.Time);
                    use.Seen.Add(record, steps.ObjectName, detection);
                }
            }
        }
        if (undecided is not null) throw undecided;
    }

    public override IEnumerable<Decision> Decide(CorrelatedUse state, Knowledge knowledge)
    {
        if (_correlation.Decide(state.Correlated) is not { } hit || state.Seen.Latest is not { } latest) yield break;
        var what = _correlation.Definition.Kind switch
        {
            CorrelationKind.EventCount => $"{hit.Count} records",
            CorrelationKind.ValueCount => $"{hit.Count} different values of {string.Join(" and ", _correlation.Definition.Fields)}",
            CorrelationKind.Temporal => $"{hit.Count} different rules",
            _ => $"{hit.Count} rules in their order",
        };
        var detection = latest with { Why = $"{_header.Title}: {what} within {SpanText.Of(hit.Last - hit.First)}{latest.Why}" };
        var seen = new FindingState();
        seen.Merge(state.Seen);
        seen.Offer(detection, state.Seen.LatestRecord!);
        yield return new(detection, seen);
    }

    // What is told of a group as long as nothing is decided about it.
    private string GroupText(IReadOnlyList<string> group) =>
        string.Concat(_correlation.Definition.GroupBy.Zip(group, (field, value) => $", {field} {TextLimit.Cut(value, LongestValue)}"));

    private static EntityKey KeyOf(IReadOnlyList<string> group, DateTimeOffset window)
    {
        Span<byte> start = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(start, window.UtcTicks);
        return EntityKey.Of(start, Encoding.UTF8.GetBytes(TextKey.Of(group)));
    }
}
