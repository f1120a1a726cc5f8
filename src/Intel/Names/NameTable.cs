using System.Text;

namespace Yagura.Intel;

/// <summary>Listed names; a look-up finds the longest listed name that is the asked one or a parent of it, label by label.</summary>
/// <remarks>One pass from the right hashes every parent on the way, so the cost follows the name, not the table. A hit is compared byte by
/// byte: who chooses the names in a log cannot make one match by its hash.</remarks>
internal sealed class NameTable
{
    /// <summary>Most bytes of a listed name (RFC 1035, in text without the final dot). Of a longer asked name only this end can match.</summary>
    public const int LongestName = 253;

    private readonly int[] _slots; // 1 + index of the entry, 0 for a free slot
    private readonly Entry[] _entries;
    private readonly byte[] _names;

    /// <param name="names">Lower-case names with the list that holds them; repeats are welcome. <c>BelowOnly</c> is a wildcard: not the name itself.</param>
    public NameTable(IEnumerable<(string Name, bool BelowOnly, int List)> names, ListSets sets)
    {
        var found = new Dictionary<string, (int At, int Below)>(StringComparer.Ordinal);
        foreach (var (name, belowOnly, list) in names)
        {
            found.TryGetValue(name, out var known);
            found[name] = (belowOnly ? known.At : sets.With(known.At, list), sets.With(known.Below, list));
        }

        _entries = new Entry[found.Count];
        _names = new byte[found.Keys.Sum(n => n.Length)];
        _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, found.Count * 2))];
        int count = 0, used = 0;
        // A parent is shorter than its children, so it is complete, its own parents included, when they take its lists over.
        foreach (var (name, own) in found.OrderBy(n => n.Key.Length).ThenBy(n => n.Key, StringComparer.Ordinal))
        {
            Encoding.Latin1.GetBytes(name, _names.AsSpan(used));
            var bytes = _names.AsSpan(used, name.Length);
            var inherited = FindParent(bytes);
            _entries[count] = new(Hash(bytes), used, name.Length, sets.Union(own.At, inherited), sets.Union(own.Below, inherited));
            var slot = FirstSlot(_entries[count].Hash);
            while (_slots[slot] != 0) slot = slot + 1 & _slots.Length - 1;
            _slots[slot] = ++count;
            used += name.Length;
        }
    }

    /// <summary>Bytes that the structure holds on the heap.</summary>
    public long Bytes => (_slots.Length * 4L) + (_entries.Length * 32L) + _names.Length;

    /// <summary>The set of lists that hold the name or a parent of it, 0 for none. A final dot is ignored; any bytes are fine.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (_entries.Length == 0) return 0;
        if (name.EndsWith((byte)'.')) name = name[..^1];
        var hash = Seed;
        var set = 0;
        var last = Math.Max(0, name.Length - LongestName);
        for (var i = name.Length - 1; i >= last; i--)
        {
            hash = Add(hash, name[i]);
            if (i > 0 && name[i - 1] != '.') continue;
            if (IndexOf(name[i..], hash) is var at and >= 0) set = i == 0 ? _entries[at].SetAt : _entries[at].SetBelow;
        }
        return set;
    }

    private int FindParent(ReadOnlySpan<byte> name) =>
        name.IndexOf((byte)'.') is var dot and >= 0 ? FindBelow(name[(dot + 1)..]) : 0;

    private int FindBelow(ReadOnlySpan<byte> name) =>
        IndexOf(name, Hash(name)) is var at and >= 0 ? _entries[at].SetBelow : FindParent(name);

    private int IndexOf(ReadOnlySpan<byte> name, ulong hash)
    {
        for (var slot = FirstSlot(hash); _slots[slot] != 0; slot = slot + 1 & _slots.Length - 1)
        {
            ref readonly var entry = ref _entries[_slots[slot] - 1];
            if (entry.Hash == hash && Ascii.EqualsIgnoreCase(name, _names.AsSpan(entry.Start, entry.Length))) return _slots[slot] - 1;
        }
        return -1;
    }

    private const ulong Seed = 0xCBF2_9CE4_8422_2325;

    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = Seed;
        for (var i = name.Length - 1; i >= 0; i--) hash = Add(hash, name[i]);
        return hash;
    }

    // FNV-1a over the bytes from the last to the first, letters in lower case.
    private static ulong Add(ulong hash, byte c) => (hash ^ (uint)(c is >= (byte)'A' and <= (byte)'Z' ? c | 32 : c)) * 0x100_0000_01B3;

    private int FirstSlot(ulong hash) => (int)(hash ^ hash >> 32) & _slots.Length - 1;

    private readonly record struct Entry(ulong Hash, int Start, int Length, int SetAt, int SetBelow);
}
