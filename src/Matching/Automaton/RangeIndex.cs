namespace Yagura.Matching.Automaton;

/// <summary>Postings by a range of numbers, in the order of the lower bounds. Never changed, only copied.</summary>
internal sealed class RangeIndex
{
    private readonly record struct Entry(BetweenTest Test, Posting Posting);

    private const long CostOfEntry = 3; // nanoseconds, whether or not the number lies in the range

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
        if (!buffer.Spend(low * CostOfEntry)) return;
        for (var at = low - 1; at >= 0 && _highest[at] >= least; at--)
        {
            ref var entry = ref _entries[at];
            if (entry.Test.Upper < least || buffer.Holds(entry.Test.Slot) || !entry.Test.Passes(buffer, value)) continue;
            buffer.Mark(entry.Test.Slot);
            buffer.Meet(entry.Posting);
        }
    }

    /// <param name="changes">Replace what is met in the ranges, each a <see cref="BetweenTest"/>; an empty posting takes the range away.</param>
    public RangeIndex With(IReadOnlyDictionary<ValueTest, Posting> changes)
    {
        var kept = _entries.Where(entry => !changes.ContainsKey(entry.Test));
        Entry[] entries = [.. kept, .. changes.Where(change => !change.Value.IsEmpty).Select(change => new Entry((BetweenTest)change.Key, change.Value))];
        Array.Sort(entries, (one, other) => one.Test.Lower.CompareTo(other.Test.Lower));
        var highest = new double[entries.Length];
        for (var i = 0; i < entries.Length; i++) highest[i] = Math.Max(i == 0 ? double.NegativeInfinity : highest[i - 1], entries[i].Test.Upper);
        return new() { _entries = entries, _highest = highest };
    }
}
