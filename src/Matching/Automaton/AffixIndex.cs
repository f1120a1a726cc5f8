namespace Yagura.Matching.Automaton;

/// <summary>Postings by how a text begins, or, read backwards, by how it ends: a sorted list in which each affix knows the longest other one that it begins with.</summary>
/// <remarks>All affixes of a text that are listed form a chain, which one binary search finds. Never changed, only copied.</remarks>
internal sealed class AffixIndex(bool backwards)
{
    private readonly record struct Entry(byte[] Affix, Posting Posting);

    private Entry[] _entries = [];
    private int[] _parents = [];

    public int Count => _entries.Length;

    /// <summary>Meets the postings of every affix that the text has.</summary>
    public void Meet(ReadOnlySpan<byte> text, MatchBuffer buffer)
    {
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Compare(_entries[middle].Affix, text) <= 0) low = middle + 1;
            else high = middle;
        }
        var at = low - 1;
        if (at < 0) return;
        var common = Common(_entries[at].Affix, text);
        for (; at >= 0; at = _parents[at])
        {
            ref var entry = ref _entries[at];
            if (entry.Affix.Length <= common) buffer.Meet(entry.Posting);
        }
    }

    public Posting? Find(ReadOnlySpan<byte> affix)
    {
        var at = PlaceOf(affix, out var found);
        return found ? _entries[at].Posting : null;
    }

    /// <param name="changes">Different affixes with what replaces the posting at each; an empty one takes the affix away.</param>
    public AffixIndex With(IReadOnlyList<(byte[] Affix, Posting Posting)> changes)
    {
        Entry[] entries = [.. _entries];
        var (added, removes) = (new List<Entry>(), false);
        foreach (var (affix, posting) in changes)
        {
            var at = PlaceOf(affix, out var found);
            if (found) entries[at] = new(affix, posting);
            else if (!posting.IsEmpty) added.Add(new(affix, posting));
            removes |= found && posting.IsEmpty;
        }
        if (added.Count == 0 && !removes) return new(backwards) { _entries = entries, _parents = _parents };
        added.Sort((one, other) => Compare(one.Affix, other.Affix));
        var listed = new List<Entry>(entries.Length + added.Count);
        var next = 0;
        foreach (var entry in entries)
        {
            for (; next < added.Count && Compare(added[next].Affix, entry.Affix) < 0; next++) listed.Add(added[next]);
            if (!entry.Posting.IsEmpty) listed.Add(entry);
        }
        listed.AddRange(added[next..]);
        return Listed([.. listed]);
    }

    private AffixIndex Listed(Entry[] entries)
    {
        var parents = new int[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var parent = i - 1;
            while (parent >= 0 && Common(entries[parent].Affix, entries[i].Affix) < entries[parent].Affix.Length) parent = parents[parent];
            parents[i] = parent;
        }
        return new(backwards) { _entries = entries, _parents = parents };
    }

    private int PlaceOf(ReadOnlySpan<byte> affix, out bool found)
    {
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Compare(_entries[middle].Affix, affix) < 0) low = middle + 1;
            else high = middle;
        }
        found = low < _entries.Length && affix.SequenceEqual(_entries[low].Affix);
        return low;
    }

    private int Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (!backwards) return one.SequenceCompareTo(other);
        var common = Common(one, other);
        return common < one.Length && common < other.Length ? one[^(common + 1)] - other[^(common + 1)] : one.Length - other.Length;
    }

    /// <summary>How many bytes two texts share from the side that is looked at.</summary>
    private int Common(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (!backwards) return one.CommonPrefixLength(other);
        var least = Math.Min(one.Length, other.Length);
        var common = 0;
        while (common < least && one[^(common + 1)] == other[^(common + 1)]) common++;
        return common;
    }
}
