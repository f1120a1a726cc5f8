namespace Yagura.Matching.Automaton;

/// <summary>Clauses by a range of numbers, in the order of the lower bounds. Never changed, only copied.</summary>
internal sealed class RangeIndex
{
    private const int FewRanges = 8;

    private readonly record struct Entry(BetweenTest Test, Clause[] Clauses);

    private Entry[] _entries = [];
    private double[] _highest = []; // the highest upper bound up to here

    public int Count => _entries.Length;

    /// <summary>Tries the clauses of the ranges that a number lies in.</summary>
    public void Try(MatchBuffer buffer, int value)
    {
        if (!buffer.TryDouble(value, out var number)) return;
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_entries[middle].Test.Lower <= number) low = middle + 1;
            else high = middle;
        }
        for (var at = low - 1; at >= 0 && _highest[at] >= number; at--)
        {
            ref var entry = ref _entries[at];
            if (entry.Test.Holds(number)) buffer.Try(entry.Clauses);
        }
    }

    /// <summary>True where every clause was tried for this event, so that no further number can tell more; asked only of few ranges.</summary>
    public bool IsDone(MatchBuffer buffer)
    {
        if (_entries.Length > FewRanges) return false;
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            foreach (var clause in entry.Clauses)
            {
                if (!buffer.IsTried(clause)) return false;
            }
        }
        return true;
    }

    public RangeIndex With(BetweenTest test, Clause clause)
    {
        var at = Array.FindIndex(_entries, entry => entry.Test == test);
        if (at < 0) return Listed([.. _entries, new(test, [clause])]);
        Entry[] entries = [.. _entries];
        entries[at] = new(test, [.. entries[at].Clauses, clause]);
        return Listed(entries);
    }

    public RangeIndex Without(BetweenTest test, Clause clause)
    {
        var at = Array.FindIndex(_entries, entry => entry.Test == test);
        if (at < 0) return this;
        Clause[] left = [.. _entries[at].Clauses.Where(other => other != clause)];
        Entry[] entries = [.. _entries];
        if (left.Length == 0) return Listed([.. entries[..at], .. entries[(at + 1)..]]);
        entries[at] = new(test, left);
        return Listed(entries);
    }

    private static RangeIndex Listed(Entry[] entries)
    {
        Array.Sort(entries, (one, other) => one.Test.Lower.CompareTo(other.Test.Lower));
        var highest = new double[entries.Length];
        for (var i = 0; i < entries.Length; i++) highest[i] = Math.Max(i == 0 ? double.NegativeInfinity : highest[i - 1], entries[i].Test.Upper);
        return new() { _entries = entries, _highest = highest };
    }
}
