using System.Buffers.Binary;
using System.Text;

namespace Yagura.Engine.Baselines;

/// <summary>What stands behind hashes: the names of principals, APIs, networks and clients, for people who look at a baseline. Nothing is judged by them.</summary>
/// <remarks>Names lie one after the other in pieces of memory; some ten bytes a name are spent on finding them.</remarks>
public sealed class NameBook
{
    /// <summary>Names kept; what would be one more stays a hash, and is counted.</summary>
    public const int MostNames = 2_000_000;

    private const int ChunkBits = 20;
    private const int LongestName = 1_000;

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
            var chunk = _chunks[_places[at] >> ChunkBits].AsSpan(_places[at] & (1 << ChunkBits) - 1);
            return Encoding.UTF8.GetString(chunk.Slice(sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(chunk)));
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

    public void Add(ulong hash, string name)
    {
        var key = KeyOf(hash);
        var at = Find(key);
        if (_keys[at] != 0) return;
        if (Count >= MostNames)
        {
            Refused++;
            return;
        }
        if (4L * Count >= 3L * _keys.Length)
        {
            Grow(_keys.Length * 2);
            at = Find(key);
        }
        (_keys[at], _places[at]) = (key, Put(name.Length <= LongestName ? name : name[..LongestName]));
        Count++;
    }

    private int Put(string name)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        if (_used + sizeof(ushort) + length > 1 << ChunkBits)
        {
            _chunks.Add(new byte[1 << ChunkBits]);
            _used = 0;
        }
        var chunk = _chunks[^1].AsSpan(_used);
        BinaryPrimitives.WriteUInt16LittleEndian(chunk, (ushort)length);
        Encoding.UTF8.GetBytes(name, chunk[sizeof(ushort)..]);
        var place = (_chunks.Count - 1 << ChunkBits) + _used;
        _used += sizeof(ushort) + length;
        return place;
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
