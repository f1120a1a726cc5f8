namespace Yagura.Matching.Automaton;

/// <summary>What follows once a value was found in an index: terms that hold, and clauses to decide. Never changed, only copied.</summary>
/// <param name="Marks">The slots of terms of which it is now known that they hold.</param>
/// <param name="Slot">Where a match keeps that it came by, so that a value that an event repeats counts once; -1 for an empty one.</param>
internal sealed record Posting(Candidate[] Candidates, int[] Marks, int Slot)
{
    public static readonly Posting Empty = new([], [], -1);

    public bool IsEmpty => Candidates.Length == 0 && Marks.Length == 0;

    public Posting With(Candidate candidate) => this with { Candidates = [.. Candidates, candidate] };

    public Posting Without(Clause clause) => this with { Candidates = [.. Candidates.Where(other => other.Clause != clause)] };

    public Posting With(int mark) => this with { Marks = [.. Marks, mark] };

    public Posting Without(int mark) => this with { Marks = [.. Marks.Where(other => other != mark)] };
}

/// <summary>A clause as an anchor lists it: what is needed to turn it down lies side by side, so that a long list is fast to go through.</summary>
/// <param name="Gate">The slot of a term that must hold and that an index decides; <see cref="MatchBuffer.AlwaysTrue"/> for none.</param>
/// <param name="SecondGate">Another.</param>
internal readonly record struct Candidate(Clause Clause, int Slot, int RuleSlot, int Gate, int SecondGate)
{
    public Candidate(Clause clause, int gate, int secondGate) : this(clause, clause.Slot, clause.Rule.Slot, gate, secondGate)
    {
    }
}
