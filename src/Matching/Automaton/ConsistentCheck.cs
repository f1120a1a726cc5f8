namespace Yagura.Matching.Automaton;

/// <summary>All parts hold with values of the same elements.</summary>
/// <param name="plain">The same without a thought of elements: right where no two fields of the event share a list.</param>
/// <param name="possible">Holds wherever there may be a way; cheap.</param>
/// <param name="steps">Find a way.</param>
/// <param name="fields">One for each time that a field is read.</param>
/// <param name="within">What is nested in it with elements of its own.</param>
/// <param name="slot">Where the answer is kept, for one that is nested in another; -1 for none.</param>
internal sealed class ConsistentCheck(Check plain, Check possible, BindStep? steps, int[] fields, ConsistentCheck[] within, int slot) : Check
{
    public Check Plain => plain;

    public override double Cost => plain.Cost + 20;

    public override double Share => plain.Share;

    /// <summary>The same check for events of which parts are known to hold.</summary>
    public ConsistentCheck With(Check newPlain, Check newPossible) => new(newPlain, newPossible, steps, fields, within, slot);

    public Check Possible => possible;

    public override bool Holds(MatchBuffer buffer)
    {
        if (slot < 0) return Find(buffer);
        var known = buffer.Known(slot);
        if (known >= 0) return known == 1;
        var found = Find(buffer);
        return buffer.Fault == EventFault.None ? buffer.Learn(slot, found) : found;
    }

    private bool Find(MatchBuffer buffer)
    {
        if (!buffer.Binding.HasElements || !SharesLists(buffer)) return plain.Holds(buffer);
        if (!possible.Holds(buffer)) return false;
        foreach (var other in within) other.Holds(buffer);
        return BindStep.Run(buffer, steps);
    }

    private bool SharesLists(MatchBuffer buffer)
    {
        var nested = 0;
        foreach (var field in fields)
        {
            if (buffer.IsNested(field) && ++nested > 1) return true;
        }
        return false;
    }
}
