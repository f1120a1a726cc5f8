using Yagura.Core.FindingTypes;

namespace Yagura.Engine.Sequences;

/// <summary>A type of sequence that ships: which clues it puts together, and when they are one.</summary>
/// <param name="GroupOf">What a clue belongs to; null where it has no part.</param>
/// <param name="IsAttack">Whether the clues of one window are such an attack.</param>
internal sealed record SequenceKind(FindingType Type, Func<Clue, string?> GroupOf, Func<IReadOnlyCollection<(Clue Clue, Occurrence Occurrence)>, bool> IsAttack)
{
    /// <summary>An identity is misused. What is done to the content of buckets is told by <see cref="Data"/>.</summary>
    public static SequenceKind Credentials { get; } = new(new("AttackSequence:IAM/CompromisedCredentials"), clue => clue.IsOfData ? null : clue.Actor, Attack.IsShownBy);

    /// <summary>An identity is misused, and then what buckets hold is read out, opened or destroyed.</summary>
    public static SequenceKind Data { get; } = new(new("AttackSequence:S3/CompromisedData"), clue => clue.Actor, window => Attack.IsShownBy(window) && EndsInData(window));

    /// <summary>Instances that belong together are misused.</summary>
    public static SequenceKind Instances { get; } = new(
        new("AttackSequence:EC2/CompromisedInstanceGroup"), clue => clue.Detection.Resource.InstanceDetails is { InstanceId: not null } instance ? InstanceGroup.Of(instance).Name : null, Attack.IsShownBy);

    private static bool EndsInData(IReadOnlyCollection<(Clue Clue, Occurrence Occurrence)> window)
    {
        var before = window.Where(one => !one.Clue.IsOfData).ToList();
        return before.Count > 0 && before.Min(one => one.Occurrence.First) is var first && window.Any(one => one.Clue.IsOfData && one.Occurrence.Last >= first);
    }
}
