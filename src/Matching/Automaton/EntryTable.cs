namespace Yagura.Matching.Automaton;

/// <summary>What the bytes of an entry are.</summary>
internal enum EntryKind : byte
{
    /// <summary>A text.</summary>
    Text,
    /// <summary>A text with its ASCII letters in lower case.</summary>
    Folded,
    /// <summary>A number: <see cref="NumberBytes"/>.</summary>
    Number,
    /// <summary>A number as it is spelled.</summary>
    Literal,
    /// <summary>A network: the sixteen bytes of its first address and one that tells its length.</summary>
    Network,
    /// <summary>One byte, a <see cref="ValueKind"/>.</summary>
    Word,
    /// <summary>A number without its fraction: eight bytes.</summary>
    Whole,
}

/// <summary>Postings by exact value: a hash table that is never changed, only copied in part.</summary>
/// <remarks>The slots lie in pages, so that a change among 10,000 entries copies one page and the list of pages, some 4 KB. Entries of a slot form a chain.</remarks>
internal sealed class EntryTable
{
    private const int PageBits = 8, Kinds = 7;

    private sealed record Entry(ulong Hash, EntryKind Kind, byte[] Key, Posting Posting, Entry? Next);

    public static readonly EntryTable Empty = new([new Entry?[1]], 0, new int[Kinds]);

    private readonly Entry?[][] _pages;
    private readonly int _bits; // slots are two to this power
    private readonly int[] _counts;

    private EntryTable(Entry?[][] pages, int bits, int[] counts)
    {
        _pages = pages;
        _bits = bits;
        _counts = counts;
    }

    /// <summary>True where there are entries of a kind, so that values need not be made ready for kinds that nobody asks for.</summary>
    public bool Has(EntryKind kind) => _counts[(int)kind] > 0;

    /// <summary>The posting at a key; null where there is none.</summary>
    public Posting? Find(EntryKind kind, ReadOnlySpan<byte> key)
    {
        var hash = Hashing.Of(key, kind);
        var slot = (int)hash & (1 << _bits) - 1;
        for (var entry = _pages[slot >> PageBits][slot & (1 << PageBits) - 1]; entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && entry.Kind == kind && key.SequenceEqual(entry.Key)) return entry.Posting;
        }
        return null;
    }

    /// <param name="posting">Replaces the one at the key; an empty one takes it away.</param>
    public EntryTable With(EntryKind kind, byte[] key, Posting posting)
    {
        var hash = Hashing.Of(key, kind);
        var isNew = Find(kind, key) is null;
        int[] counts = [.. _counts];
        counts[(int)kind] += (isNew ? 1 : 0) - (posting.IsEmpty ? 1 : 0);
        var table = isNew && counts.Sum() > 1 << _bits ? Grown() : this;
        var slot = (int)hash & (1 << table._bits) - 1;
        var pages = table == this ? [.. _pages] : table._pages;
        var page = pages[slot >> PageBits] = [.. pages[slot >> PageBits]];
        ref var head = ref page[slot & (1 << PageBits) - 1];
        head = Without(head, hash, kind, key);
        if (!posting.IsEmpty) head = new Entry(hash, kind, key, posting, head);
        return new(pages, table._bits, counts);
    }

    private static Entry? Without(Entry? entry, ulong hash, EntryKind kind, byte[] key)
    {
        if (entry is null) return null;
        if (entry.Hash == hash && entry.Kind == kind && entry.Key.AsSpan().SequenceEqual(key)) return entry.Next;
        return entry with { Next = Without(entry.Next, hash, kind, key) };
    }

    private EntryTable Grown()
    {
        var bits = _bits + 2;
        var pageSize = 1 << Math.Min(bits, PageBits);
        var pages = new Entry?[1 << Math.Max(0, bits - PageBits)][];
        for (var i = 0; i < pages.Length; i++) pages[i] = new Entry?[pageSize];
        foreach (var page in _pages)
        {
            foreach (var head in page)
            {
                for (var entry = head; entry is not null; entry = entry.Next)
                {
                    var slot = (int)entry.Hash & (1 << bits) - 1;
                    ref var place = ref pages[slot >> PageBits][slot & (1 << PageBits) - 1];
                    place = entry with { Next = place };
                }
            }
        }
        return new(pages, bits, _counts);
    }
}
