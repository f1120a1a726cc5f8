using Yagura.Matching.Criteria.Facets;

namespace Yagura.Storage.Embedded.Index;

/// <summary>All facets by number: the field, the text, and which findings have it.</summary>
/// <remarks>Only the writer calls what changes it. New facets are seen by readers once they are committed.</remarks>
internal sealed class FacetBook
{
    private readonly Field[] _fields;
    private readonly Dictionary<(int Field, string Text), int> _pending = [];
    private readonly Stack<int> _free = [];
    private Facet[] _facets = new Facet[1024];
    private int _used; // numbers below it are taken or free

    public FacetBook(int fields)
    {
        _fields = new Field[fields];
        for (var field = 0; field < fields; field++) _fields[field] = new(this);
    }

    /// <summary>The texts of a field, with the findings that have them.</summary>
    public Field this[int field] => _fields[field];

    public ref Postings Postings(int facet) => ref _facets[facet].Postings;

    /// <summary>The number of a facet that is there or was added.</summary>
    public bool TryFind(int field, ReadOnlySpan<char> text, out int facet) =>
        _fields[field].TryFind(text, out facet) || (_pending.Count > 0 && _pending.TryGetValue((field, text.ToString()), out facet));

    /// <summary>Adds a facet that is not there; it waits for <see cref="Commit"/> or <see cref="Forget"/>.</summary>
    public int Add(int field, string text)
    {
        if (!_free.TryPop(out var facet)) facet = _used++;
        _pending.Add((field, text), facet);
        return facet;
    }

    public void Forget(int field, string text)
    {
        if (_pending.Remove((field, text), out var facet)) _free.Push(facet);
    }

    /// <summary>Shows added facets to readers, who must not read meanwhile.</summary>
    public void Commit(int field, string text)
    {
        if (_pending.Remove((field, text), out var facet)) Load(field, text, facet);
    }

    /// <summary>Puts in a facet that has a number already, as <see cref="Commit"/> does.</summary>
    public void Load(int field, string text, int facet)
    {
        if (facet >= _facets.Length) Array.Resize(ref _facets, Math.Max(_facets.Length * 2, facet + 1));
        _facets[facet] = new() { Text = text };
        _fields[field].Add(text, facet);
        _used = Math.Max(_used, facet + 1);
    }

    /// <summary>After loading: what is not there is free.</summary>
    public void FindFree()
    {
        for (var facet = _used - 1; facet >= 0; facet--)
        {
            if (_facets[facet].Text is null) _free.Push(facet);
        }
    }

    /// <summary>Removes facets that no finding has any more.</summary>
    public void Remove(IEnumerable<int> facets)
    {
        foreach (var facet in facets)
        {
            _facets[facet] = default;
            _free.Push(facet);
        }
        foreach (var field in _fields) field.RemoveGone();
    }

    /// <summary>Facets that no finding has.</summary>
    public List<int> Unused()
    {
        var unused = new List<int>();
        for (var facet = 0; facet < Math.Min(_used, _facets.Length); facet++)
        {
            if (_facets[facet] is { Text: not null, Postings.Count: 0 }) unused.Add(facet);
        }
        return unused;
    }

    private struct Facet
    {
        public string? Text;
        public Postings Postings;
    }

    /// <summary>One field's facets.</summary>
    internal sealed class Field(FacetBook book)
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<int> _added = []; // since they were put in order
        private int[] _ordered = [];

        public bool TryFind(ReadOnlySpan<char> text, out int facet) => _numbers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out facet);

        /// <summary>In no particular order.</summary>
        public Dictionary<string, int> Facets => _numbers;

        public string Text(int facet) => book._facets[facet].Text!;

        public void Add(string text, int facet)
        {
            _numbers.Add(text, facet);
            _added.Add(facet);
        }

        public void RemoveGone()
        {
            foreach (var (text, facet) in _numbers)
            {
                if (book._facets[facet].Text is null) _numbers.Remove(text);
            }
            lock (_added)
            {
                _added.Clear();
                _added.AddRange(_numbers.Values);
                _ordered = [];
            }
        }

        /// <summary>The facets in the order of <see cref="FacetOrder"/>. Kept, and only what is new is put in order, so that asking often costs little.</summary>
        public int[] Ordered()
        {
            lock (_added)
            {
                if (_added.Count == 0) return _ordered;
                var order = Comparer<int>.Create((a, b) => FacetOrder.Compare(Text(a), Text(b)));
                _added.Sort(order);
                var merged = new int[_ordered.Length + _added.Count];
                var (old, fresh) = (0, 0);
                for (var i = 0; i < merged.Length; i++)
                {
                    merged[i] = fresh == _added.Count || (old < _ordered.Length && order.Compare(_ordered[old], _added[fresh]) < 0) ? _ordered[old++] : _added[fresh++];
                }
                _added.Clear();
                return _ordered = merged;
            }
        }
    }
}

/// <summary>Numbers by their size, then texts by their characters.</summary>
internal static class FacetOrder
{
    public static int Compare(string a, string b)
    {
        var (isNumber, isOther) = (FacetTest.TryWhole(a, out var number), FacetTest.TryWhole(b, out var other));
        var order = isNumber && isOther ? number.CompareTo(other) : isOther.CompareTo(isNumber);
        return order != 0 ? order : string.CompareOrdinal(a, b);
    }
}
