namespace Yagura.Matching.Automaton;

/// <summary>Postings by tests that no index answers: each is tried on every value of the field until one passes. Never changed, only copied.</summary>
internal sealed class ScanList
{
    private readonly record struct Entry(ValueTest Test, Posting Posting);

    private Entry[] _entries = [];

    public int Count => _entries.Length;

    public void Meet(MatchBuffer buffer, int value)
    {
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (buffer.Holds(entry.Test.Slot) || !entry.Test.Passes(buffer, value)) continue;
            buffer.Mark(entry.Test.Slot);
            buffer.Meet(entry.Posting);
        }
    }

    public Posting? Find(ValueTest test)
    {
        var at = Array.FindIndex(_entries, entry => entry.Test == test);
        return at < 0 ? null : _entries[at].Posting;
    }

    /// <param name="posting">Replaces the one of the test; an empty one takes it away.</param>
    public ScanList With(ValueTest test, Posting posting)
    {
        var others = _entries.Where(entry => entry.Test != test);
        return new() { _entries = [.. posting.IsEmpty ? others : others.Append(new(test, posting))] };
    }
}
