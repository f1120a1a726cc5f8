namespace Yagura.Matching.Automaton;

/// <summary>Postings by a range of numbers, in the order of the lower bounds. Never changed, only copied.</summary>
internal sealed class RangeIndex
{
    private readonly record struct Entry(BetweenTest Test, Posting Posting);

    private Entry[] _entries = [];
    private double[] _highest = []; // the highest upper bound up to here

    public int Count => _entries.Length;

    /// <summary>Meets the postings of the ranges that a number lies in, each once for an event.</summary>
    public void Meet(MatchBuffer buffer, int value)
    {
        if (!buffer.TryBounds(value, out var least, out var most)) return;
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_entries[middle].Test.Lower <= most) low = middle + 1;
            else high = middle;
        }
        for (var at = low - 1; at >= 0 && _highest[at] >= least; at--)
        {
            ref var entry = ref _entries[at];
            if (entry.Test.Upper < least || buffer.Holds(entry.Test.Slot) || !entry.Test.Passes(buffer, value)) continue;
            buffer.Mark(entry.Test.Slot);
            buffer.Meet(entry.Posting);
        }
    }

    public Posting? Find(ValueTest test)
    {
        var at = Array.FindIndex(_entries, entry => entry.Test == test);
        return at < 0 ? null : _entries[at].Posting;
    }

    /// <param name="posting">Replaces the one of the range; an empty one takes it away.</param>
    public RangeIndex With(BetweenTest test, Posting posting)
    {
        var others = _entries.Where(entry => entry.Test != test);
        Entry[] entries = [.. posting.IsEmpty ? others : others.Append(new(test, posting))];
        Array.Sort(entries, (one, other) => one.Test.Lower.CompareTo(other.Test.Lower));
        var highest = new double[entries.Length];
        for (var i = 0; i < entries.Length; i++) highest[i] = Math.Max(i == 0 ? double.NegativeInfinity : highest[i - 1], entries[i].Test.Upper);
        return new() { _entries = entries, _highest = highest };
    }
}
