using System.Buffers.Binary;
using System.Text;

namespace Yagura.Engine.Baselines;

/// <summary>What stands behind hashes: the names of principals, APIs, networks and clients, for people who look at a baseline. Nothing is judged by them.</summary>
/// <remarks>Names lie one after the other in pieces of memory; some ten bytes a name are spent on finding them.</remarks>
public sealed class NameBook
{
    /// <summary>Names kept; what would be one more stays a hash, and is counted.</summary>
    public const int MostNames = 2_000_000;

    /// <summary>Bytes of names kept, as <see cref="MostNames"/>.</summary>
    public const int MostBytes = 256 << 20;

    private const int ChunkBits = 20;
    private const int LongestName = 1_000; // UTF-16 units

    private readonly List<byte[]> _chunks = [];
    private ulong[] _keys = new ulong[256];
    private int[] _places = new int[256];
    private int _used = 1 << ChunkBits;

    public int Count { get; private set; }

    public long Refused { get; private set; }

    public long Bytes => (long)_chunks.Count << ChunkBits | (long)_keys.Length * (sizeof(ulong) + sizeof(int));

    /// <summary>The name behind a hash; null where none was kept.</summary>
    public string? this[ulong hash]
    {
        get
        {
            var at = Find(KeyOf(hash));
            if (_keys[at] == 0) return null;
            return Encoding.UTF8.GetString(At(_places[at]));
        }
    }

    public IEnumerable<(ulong Hash, string Name)> All
    {
        get
        {
            for (var at = 0; at < _keys.Length; at++)
                if (_keys[at] != 0) yield return (_keys[at], this[_keys[at]]!);
        }
    }

    /// <summary>Adds a name. Of two with the same hash the smaller one stays, whichever came first.</summary>
    public void Add(ulong hash, string name)
    {
        Span<byte> buffer = stackalloc byte[3 * LongestName];
        var bytes = buffer[..Encoding.UTF8.GetBytes(name.AsSpan(0, Math.Min(name.Length, LongestName)), buffer)];
        var key = KeyOf(hash);
        var at = Find(key);
        var isKnown = _keys[at] != 0;
        if (isKnown && At(_places[at]).SequenceCompareTo(bytes) <= 0) return;
        if ((!isKnown && Count >= MostNames) || !TryPut(bytes, out var place))
        {
            Refused++;
            return;
        }
        if (!isKnown)
        {
            if (4L * Count >= 3L * _keys.Length) Grow(_keys.Length * 2);
            at = Find(key);
            Count++;
        }
        (_keys[at], _places[at]) = (key, place);
    }

    private ReadOnlySpan<byte> At(int place)
    {
        var chunk = _chunks[place >> ChunkBits].AsSpan(place & (1 << ChunkBits) - 1);
        return chunk.Slice(sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(chunk));
    }

    private bool TryPut(ReadOnlySpan<byte> name, out int place)
    {
        place = 0;
        if (_used + sizeof(ushort) + name.Length > 1 << ChunkBits)
        {
            if (_chunks.Count == MostBytes >> ChunkBits) return false;
            _chunks.Add(new byte[1 << ChunkBits]);
            _used = 0;
        }
        var chunk = _chunks[^1].AsSpan(_used);
        BinaryPrimitives.WriteUInt16LittleEndian(chunk, (ushort)name.Length);
        name.CopyTo(chunk[sizeof(ushort)..]);
        place = (_chunks.Count - 1 << ChunkBits) + _used;
        _used += sizeof(ushort) + name.Length;
        return true;
    }

    // Zero marks an empty place.
    private static ulong KeyOf(ulong hash) => hash == 0 ? 1 : hash;

    private int Find(ulong key)
    {
        var at = (int)(key * 0x9E37_79B9_7F4A_7C15 >> 40) & _keys.Length - 1;
        while (_keys[at] != key && _keys[at] != 0) at = at + 1 & _keys.Length - 1;
        return at;
    }

    private void Grow(int size)
    {
        var (keys, places) = (_keys, _places);
        (_keys, _places) = (new ulong[size], new int[size]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0) continue;
            var at = Find(keys[i]);
            (_keys[at], _places[at]) = (keys[i], places[i]);
        }
    }
}
