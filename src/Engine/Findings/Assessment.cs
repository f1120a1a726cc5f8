using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine.Sequences;
using Yagura.Engine.State;

namespace Yagura.Engine.Findings;

/// <summary>All that a state shows at one moment: findings of single objects and entities, of behaviour, and the sequences that they make together.</summary>
/// <param name="Findings">By severity, then type and id.</param>
/// <param name="Staged">The rules on trial with what they found; findings of a rule that was promoted stand among the others.</param>
/// <param name="Occurrences">Of every finding that is made of records, by its id.</param>
internal sealed record Assessment(
    IReadOnlyList<Finding> Findings, IReadOnlyList<StagedRule> Staged, IReadOnlyList<NearMiss> NearMisses, IReadOnlyDictionary<string, Occurrences> Occurrences)
{
    /// <summary>A function of state and settings but for the times of creation and update.</summary>
    public static Assessment Of(EngineState state, ScanOptions options, TimeProvider time)
    {
        var builder = new FindingBuilder(state.Instances, options.Configuration, state.Intel.Hash, time);
        var states = state.Decide(options.Judged).ToList();
        var occurrences = states.ToDictionary(f => f.Key.Id, f => f.State.Occurrences, StringComparer.Ordinal);
        var found = states
            .Select(f => (f.State.Latest!.Rule, Finding: Suppressed(builder.Build(f.Key, f.State), options), f.State))
            .OrderByDescending(f => f.Finding.Severity).ThenBy(f => f.Finding.Type.Name, StringComparer.Ordinal).ThenBy(f => f.Finding.Id, StringComparer.Ordinal)
            .ToList();
        var staged = JudgeTrials(found.Select(f => (f.Rule, f.Finding)), options, state);
        var held = staged.Where(rule => !rule.Trial.Promoted).SelectMany(rule => rule.Findings).ToHashSet(ReferenceEqualityComparer.Instance);
        var reported = found.Where(f => !held.Contains(f.Finding)).ToList();
        // What is suppressed takes no part, and nothing else that is decided later changes what was found.
        var current = reported.Where(f => !f.Finding.Service.Archived).Select(f => (f.Finding, f.State)).ToList();
        var sequenceBuilder = new SequenceBuilder(options.Configuration, state.Intel.Hash, time);
        var (own, nearMisses) = RuleSequences.Find(options.Sequences.Rules, current, state, sequenceBuilder);
        List<Finding> sequences = [.. AttackSequences.Find(current, state, sequenceBuilder), .. own];
        var bySignal = sequences.SelectMany(sequence => sequence.Service.Sequence!.Signals.Select(signal => (signal.Uid, sequence))).ToLookup(one => one.Uid, one => one.sequence, StringComparer.Ordinal);
        List<Finding> findings =
        [
            .. sequences.Select(sequence => Suppressed(sequence, options)).OrderBy(sequence => sequence.Type.Name, StringComparer.Ordinal).ThenBy(sequence => sequence.Id, StringComparer.Ordinal),
            .. reported.Select(f => AttackSequences.WithSequence(f.Finding, bySignal)),
        ];
        return new([.. findings.OrderByDescending(finding => finding.Severity)], staged, nearMisses, occurrences);
    }

    /// <summary>The finding, archived where it is judged harmless.</summary>
    public static Finding Suppressed(Finding finding, ScanOptions options) =>
        options.Suppress(finding) ? finding with { Service = finding.Service with { Archived = true } } : finding;

    /// <summary>Tells whether what a rule found waits for the end of its trial: by the rules as they are now; what a rule that is not asked any more found earlier stays as it was.</summary>
    public static Func<RuleReference, bool> OnTrial(ScanOptions options)
    {
        var headers = options.Rules.Headers.GroupBy(RuleFacts.NameOf, StringComparer.Ordinal).ToDictionary(rule => rule.Key, rule => RuleStages.IsStaged(rule.First()), StringComparer.Ordinal);
        return rule => headers.TryGetValue(rule.Name, out var isStaged) ? isStaged : rule.Staged;
    }

    /// <summary>What becomes of the rules on trial, judged over all that the state has seen of them.</summary>
    private static IReadOnlyList<StagedRule> JudgeTrials(IEnumerable<(RuleReference? Rule, Finding Finding)> found, ScanOptions options, EngineState state)
    {
        var isStaged = OnTrial(options);
        var names = options.Rules.Headers.Select(RuleFacts.NameOf).ToHashSet(StringComparer.Ordinal);
        var findings = found.Where(f => f.Rule is not null && isStaged(f.Rule)).ToLookup(f => (f.Rule!.Name, f.Rule.Version));
        var trials = options.Detectors.Trials.SelectMany(rules => rules).DistinctBy(TrialDays.NameOf, StringComparer.Ordinal).ToDictionary(rule => (Name: RuleFacts.NameOf(rule), rule.Version));
        StagedRule Of((string Name, string Version) key)
        {
            var own = findings[key].ToList();
            // What is suppressed is no noise: nobody is told of it.
            var noise = own.Where(f => !f.Finding.Service.Archived).ToList();
            var trial = trials.TryGetValue(key, out var rule)
                ? RuleStages.Judge(rule.Yagura.Budget, state.DaysOf(TrialDays.NameOf(rule)), noise.Select(f => (f.Finding.AccountId, f.Finding.Service.EventFirstSeen)))
                : new Trial(Promoted: false, noise.Count, names.Contains(key.Name) ? "the rule has been changed since" : "the rule is not among those of this scan");
            return new(key.Name, rule?.Title ?? own[0].Rule!.Title, trial, [.. own.Select(f => f.Finding)]);
        }
        return [.. trials.Keys.Union(findings.Select(rule => rule.Key)).OrderBy(rule => rule.Name, StringComparer.Ordinal).ThenBy(rule => rule.Version, StringComparer.Ordinal).Select(Of)];
    }
}
