namespace Yagura.Matching.Automaton;

/// <summary>A rule as the index knows it.</summary>
internal abstract class RuleEntry
{
    /// <summary>Unlike that of any other rule of the moment.</summary>
    public int Slot { get; set; }
}

/// <summary>The rule that the caller named.</summary>
internal sealed class RuleEntry<TRule>(TRule rule) : RuleEntry
{
    public TRule Rule => rule;
}

/// <summary>One way to fulfil a rule: found through an anchor, then decided by what is left to ask.</summary>
/// <param name="Residual">Null where the anchor says it all.</param>
internal sealed record Clause(RuleEntry Rule, int Slot, Check? Residual)
{
    public bool Equals(Clause? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Slot;
}
