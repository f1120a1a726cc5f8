using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Signals;
using Yagura.Engine.State;

namespace Yagura.Engine.Sequences;

/// <summary>Puts findings and weak signals together to attacks. A pure function of them: whatever the order in which they came to be, the sequences are the same.</summary>
internal static class AttackSequences
{
    private static readonly SequenceKind[] Kinds = [SequenceKind.Credentials, SequenceKind.Data, SequenceKind.Instances];

    /// <param name="found">What is neither suppressed nor held back.</param>
    public static IReadOnlyList<Finding> Find(IEnumerable<(Finding Finding, FindingState State)> found, EngineState state, SequenceBuilder builder)
    {
        var clues = found.Select(one => Clues.Of(one.Finding, one.State)).Where(clue => clue.Tactic is not null).ToList();
        // Without a strong clue there is no attack; most scans end here.
        if (!clues.Exists(clue => clue.IsStrong)) return [];
        clues.AddRange(Clues.Of(state.StatesOf<WeakSignal>(WeakSignals.StateName)));
        clues.AddRange(Refusals.Of(state.Behaviour.Acts, state.Intel));
        var named = new Actors(state.StatesOf<SessionsOfCaller>(AssumedSessions.StateName)).Name(clues);
        return [.. AlsoCalled(Kinds.SelectMany(kind => Of(kind, named, builder)))];
    }

    private static IEnumerable<Finding> Of(SequenceKind kind, IReadOnlyList<Clue> clues, SequenceBuilder builder)
    {
        foreach (var group in clues.GroupBy(clue => (clue.Detection.AccountId, Group: kind.GroupOf(clue))).Where(group => group.Key.Group is not null && group.Any(clue => clue.IsStrong)))
        {
            foreach (var repeats in Episode.Among(group, kind.IsAttack).GroupBy(episode => episode.Way, StringComparer.Ordinal))
                yield return builder.Build(kind, group.Key.AccountId, group.Key.Group!, [.. repeats]);
        }
    }

    /// <summary>An attack on data may be one on credentials as well: each names the other's type where they share a signal.</summary>
    private static IEnumerable<Finding> AlsoCalled(IEnumerable<Finding> sequences)
    {
        var all = sequences.ToList();
        var types = all.SelectMany(finding => finding.Service.Sequence!.Signals.Select(signal => (signal.Uid, finding.Type.Name))).Distinct().ToLookup(one => one.Uid, one => one.Name, StringComparer.Ordinal);
        return all.Select(finding => finding with
        {
            Service = finding.Service with
            {
                Sequence = finding.Service.Sequence! with
                {
                    AdditionalTypes =
                    [
                        .. finding.Service.Sequence.Signals.SelectMany(signal => types[signal.Uid]).Where(type => type != finding.Type.Name)
                            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                    ],
                },
            },
        });
    }

    /// <summary>The finding as a signal of the sequence that began first, of those it is one of.</summary>
    public static Finding WithSequence(Finding finding, ILookup<string, Finding> sequencesBySignal) =>
        sequencesBySignal[finding.Id].OrderBy(sequence => sequence.Service.EventFirstSeen).ThenBy(sequence => sequence.Id, StringComparer.Ordinal).FirstOrDefault() is { } first
            ? finding with { AssociatedAttackSequenceArn = first.Arn } : finding;
}
