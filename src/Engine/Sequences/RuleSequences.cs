using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Signals;
using Yagura.Engine.Findings;
using Yagura.Engine.State;
using Yagura.Matching;
using Yagura.Matching.Sequences;
using Yagura.Matching.Sigma;

namespace Yagura.Engine.Sequences;

/// <summary>A user's own sequence that was nearly seen.</summary>
/// <param name="Join">What the steps have in common, such as the principal.</param>
/// <param name="Seen">Steps that were seen, with their first time of those that come nearest.</param>
/// <param name="Lacks">What was missing, one clause.</param>
public sealed record NearMiss(string Sequence, string AccountId, IReadOnlyList<string> Join, IReadOnlyList<(string Step, DateTimeOffset Time)> Seen, string Lacks);

/// <summary>Finds users' own sequences among findings and the calls that were kept for their steps. A pure function of these.</summary>
internal static class RuleSequences
{
    /// <summary>Near misses told of one sequence, those with the most steps.</summary>
    public const int MostNearMisses = 10;

    /// <param name="found">What is neither suppressed nor held back.</param>
    public static (IReadOnlyList<Finding> Findings, IReadOnlyList<NearMiss> NearMisses) Find(
        IReadOnlyList<SequenceRule> rules, IReadOnlyList<(Finding Finding, FindingState State)> found, EngineState state, SequenceBuilder builder)
    {
        if (rules.Count == 0) return ([], []);
        var calls = state.StatesOf<StepUse>(SequenceSteps.StateName).Where(use => use.Seen.Latest is not null).ToLookup(use => use.Rule!, StringComparer.Ordinal);
        var (findings, misses) = (new List<Finding>(), new List<NearMiss>());
        foreach (var rule in rules)
        {
            var steps = rule.Steps.Index().SelectMany(step => step.Item.IsFinding ? OfFindings(rule, step.Index, found) : OfCalls(rule, step.Index, calls[rule.Version]));
            var near = new List<NearMiss>();
            foreach (var group in steps.GroupBy(step => (step.Clue.Detection.AccountId, Join: TextKey.Of(step.Join))).OrderBy(group => group.Key.AccountId, StringComparer.Ordinal).ThenBy(group => group.Key.Join, StringComparer.Ordinal))
            {
                var join = group.First().Join;
                var track = StepTrack.Of(rule, [.. group.Select(step => (step.Step, step.Clue))]);
                var episodes = track.Episodes();
                if (episodes.Count > 0) findings.Add(builder.Build(rule, group.Key.AccountId, join, episodes));
                else if (track.NearMiss() is var (seen, lacks)) near.Add(new(rule.Name, group.Key.AccountId, join, seen, lacks));
            }
            misses.AddRange(near.OrderByDescending(miss => miss.Seen.Count).ThenBy(miss => miss.Seen[0].Time).Take(MostNearMisses));
        }
        return (findings, misses);
    }

    private readonly record struct StepClue(int Step, IReadOnlyList<string> Join, Clue Clue);

    private static IEnumerable<StepClue> OfFindings(SequenceRule rule, int step, IReadOnlyList<(Finding Finding, FindingState State)> found)
    {
        var matcher = new Matcher<int>();
        matcher.Add(0, rule.Steps[step].Condition);
        var buffer = new MatchBuffer();
        var hits = new List<int>();
        foreach (var (finding, state) in found)
        {
            hits.Clear();
            matcher.Match(FindingJson.ToUtf8(finding), buffer, hits);
            if (hits.Count > 0 && JoinOf(state.Latest!, rule.Join) is { } join) yield return new(step, join, Clues.Of(finding, state) with { Step = rule.Steps[step].Name });
        }
    }

    private static IEnumerable<StepClue> OfCalls(SequenceRule rule, int step, IEnumerable<StepUse> uses)
    {
        foreach (var group in uses.Where(use => use.Step == step).GroupBy(use => (use.Seen.Latest!.AccountId, Join: TextKey.Of(use.Join!))))
        {
            var hours = group.OrderBy(use => use.Seen.FirstSeen).ThenBy(use => use.Seen.LatestRecord!.Identity).ToList();
            var latest = hours[^1].Seen.Latest!;
            var api = ((AwsApiCallAction)latest.Action).Api;
            yield return new(step, hours[0].Join!, new(
                FindingKey.Hash("step", rule.Name, $"{step}", group.Key.AccountId, group.Key.Join), SignalType.CloudTrail, api, null, null, latest.Why, latest,
                hours.Sum(use => use.Seen.Occurrences.Count), [.. hours.SelectMany(use => Occurrence.Of(use.Seen))]) { Step = rule.Steps[step].Name });
        }
    }

    /// <returns>Null where the finding lacks one of them.</returns>
    private static IReadOnlyList<string>? JoinOf(Detection detection, IReadOnlyList<JoinKey> keys)
    {
        var address = detection.Action switch
        {
            AwsApiCallAction call => call.RemoteIp?.Address ?? IpAddress.None,
            NetworkConnectionAction connection => connection.RemoteIp.Address,
            PortProbeAction { Probes: [var probe, ..] } => probe.RemoteIp.Address,
            _ => IpAddress.None,
        };
        var join = keys.Select(key => key switch
        {
            JoinKey.Principal => detection.Principal,
            JoinKey.Key => detection.Resource.AccessKeyDetails?.AccessKeyId,
            JoinKey.Address => address.IsNone ? null : address.ToString(),
            JoinKey.Bucket => detection.Resource.S3BucketDetails is [var bucket, ..] ? bucket.Name : null,
            JoinKey.Instance => detection.Resource.InstanceDetails?.InstanceId,
            JoinKey.Region => detection.Region,
        }).ToList();
        return join.TrueForAll(value => !string.IsNullOrEmpty(value)) ? [.. join.OfType<string>()] : null;
    }
}
