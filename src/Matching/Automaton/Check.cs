namespace Yagura.Matching.Automaton;

/// <summary>Something that holds of an event or not.</summary>
internal abstract class Check
{
    public abstract bool Holds(MatchBuffer buffer);

    /// <summary>About how dear it is to find out, in nanoseconds; the cheap is asked first.</summary>
    public abstract double Cost { get; }

    /// <summary>A guess how many of the events it holds for, from 0 to 1.</summary>
    public abstract double Share { get; }
}

internal sealed class AllCheck : Check
{
    private readonly Check[] _parts;

    public IReadOnlyList<Check> Parts => _parts;

    /// <param name="parts">Asked in the order of how much they decide for what they cost.</param>
    public AllCheck(IEnumerable<Check> parts)
    {
        _parts = [.. parts.OrderBy(part => part.Cost / Math.Max(0.01, 1 - part.Share))];
        Cost = _parts.Sum(part => part.Cost);
        Share = _parts.Aggregate(1.0, (share, part) => share * part.Share);
    }

    public override double Cost { get; }

    public override double Share { get; }

    public override bool Holds(MatchBuffer buffer)
    {
        foreach (var part in _parts)
        {
            if (!part.Holds(buffer)) return false;
        }
        return true;
    }
}

internal sealed class AnyCheck : Check
{
    private readonly Check[] _parts;

    public IReadOnlyList<Check> Parts => _parts;

    public AnyCheck(IEnumerable<Check> parts)
    {
        _parts = [.. parts.OrderBy(part => part.Cost / Math.Max(0.01, part.Share))];
        Cost = _parts.Sum(part => part.Cost);
        Share = Math.Min(1, _parts.Sum(part => part.Share));
    }

    public override double Cost { get; }

    public override double Share { get; }

    public override bool Holds(MatchBuffer buffer)
    {
        foreach (var part in _parts)
        {
            if (part.Holds(buffer)) return true;
        }
        return false;
    }
}

internal sealed class NotCheck(Check part) : Check
{
    public override double Cost => part.Cost;

    public override double Share => 1 - part.Share;

    public override bool Holds(MatchBuffer buffer) => !part.Holds(buffer);
}

/// <summary>Some value of a field passes a test. Shared by all rules that ask it, and answered once for each event.</summary>
internal sealed class Term(int fieldId, ValueTest test, int slot) : Check
{
    private readonly long _cost = 1 + (long)test.Cost;

    public int Field => fieldId;

    public ValueTest Test => test;

    public int Slot => slot;

    /// <summary>How many rules ask it; kept by who adds and removes rules.</summary>
    public int Users { get; set; }

    /// <summary>How many clauses have it as a gate.</summary>
    public int GateUsers { get; set; }

    /// <summary>The slots of the tests within it that an index tries itself.</summary>
    public List<int> TestSlots { get; } = [];

    public override double Cost => 2 + test.Cost;

    public override double Share => test.Share;

    public override bool Holds(MatchBuffer buffer)
    {
        var known = buffer.Known(slot);
        if (known >= 0) return known == 1;
        var before = buffer.Fault;
        buffer.Fault = EventFault.None;
        var found = Find(buffer);
        // What was not asked of every value is not known, unless one passed.
        if (!found && buffer.Fault != EventFault.None) return false;
        buffer.Fault = before;
        return buffer.Learn(slot, found);
    }

    private bool Find(MatchBuffer buffer)
    {
        for (var value = buffer.First(fieldId); value >= 0; value = buffer.Values[value].Next)
        {
            if (buffer.Spend(_cost) && test.Passes(buffer, value)) return true;
        }
        return false;
    }
}
