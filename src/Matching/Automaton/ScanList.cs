namespace Yagura.Matching.Automaton;

/// <summary>Clauses by tests that no index answers: each is tried on every value of the field. Never changed, only copied.</summary>
internal sealed class ScanList
{
    private readonly record struct Entry(ValueTest Test, Clause[] Clauses);

    private Entry[] _entries = [];

    public int Count => _entries.Length;

    public void Try(MatchBuffer buffer, int value)
    {
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Clauses is [var only] && buffer.IsTried(only)) continue;
            if (entry.Test.Passes(buffer, value)) buffer.Try(entry.Clauses);
        }
    }

    public ScanList With(ValueTest test, Clause clause)
    {
        var at = Array.FindIndex(_entries, entry => entry.Test == test);
        if (at < 0) return new() { _entries = [.. _entries, new(test, [clause])] };
        Entry[] entries = [.. _entries];
        entries[at] = new(test, [.. entries[at].Clauses, clause]);
        return new() { _entries = entries };
    }

    public ScanList Without(ValueTest test, Clause clause)
    {
        var at = Array.FindIndex(_entries, entry => entry.Test == test);
        if (at < 0) return this;
        Clause[] left = [.. _entries[at].Clauses.Where(other => other != clause)];
        Entry[] entries = [.. _entries];
        if (left.Length == 0) return new() { _entries = [.. entries[..at], .. entries[(at + 1)..]] };
        entries[at] = new(test, left);
        return new() { _entries = entries };
    }
}
