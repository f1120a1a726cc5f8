namespace Yagura.Matching.Automaton;

/// <summary>Postings by tests that no index answers: each is tried on every value of the field until one passes. Never changed, only copied.</summary>
internal sealed class ScanList
{
    private readonly record struct Entry(ValueTest Test, Posting Posting);

    private Entry[] _entries = [];
    private long _cost; // of all of them for one value

    public int Count => _entries.Length;

    public void Meet(MatchBuffer buffer, int value)
    {
        if (!buffer.Spend(_cost)) return;
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (buffer.Holds(entry.Test.Slot) || !entry.Test.Passes(buffer, value)) continue;
            buffer.Mark(entry.Test.Slot);
            buffer.Meet(entry.Posting);
        }
    }

    /// <param name="changes">Replace what is met by the tests; an empty posting takes the test away.</param>
    public ScanList With(IReadOnlyDictionary<ValueTest, Posting> changes)
    {
        var entries = new List<Entry>(_entries.Length + changes.Count);
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (!changes.ContainsKey(entry.Test)) entries.Add(entry);
        }
        foreach (var (test, posting) in changes)
        {
            if (!posting.IsEmpty) entries.Add(new(test, posting));
        }
        return new() { _entries = [.. entries], _cost = entries.Sum(entry => 1 + (long)entry.Test.Cost) };
    }
}
