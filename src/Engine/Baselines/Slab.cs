using System.Runtime.InteropServices;

namespace Yagura.Engine.Baselines;

/// <summary>Memory for blocks of a few sizes, each holding so many features and as many words of days; what is given back is used again.</summary>
internal sealed class Slab
{
    private const int ChunkBits = 20;
    private const int ChunkWords = 1 << ChunkBits; // 4 bytes each

    /// <summary>Habits that a block of each class holds: a quarter to a half is added each time, so that little stays unused.</summary>
    private static readonly int[] Capacities = [4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];

    private readonly List<uint[]> _chunks = [];
    private readonly Stack<int>[] _free = [.. Capacities.Select(_ => new Stack<int>())];
    private int _chunk = -1; // the one that new blocks are taken from; those behind it wait to be used again
    private int _used = ChunkWords;
    private long _freeWords;

    /// <summary>True where so much lies free in small pieces that it is worth moving everything together: subjects grow through all sizes.</summary>
    public bool IsScattered => _freeWords > ChunkWords && 4 * _freeWords > _chunk * (long)ChunkWords;

    public long Bytes => _chunks.Count * (long)ChunkWords * sizeof(uint) + _free.Sum(blocks => blocks.Count * (long)sizeof(int));

    public static int Capacity(int ofClass) => Capacities[ofClass];

    /// <summary>The smallest class that holds so many habits.</summary>
    public static int ClassOf(int habits) => Array.FindIndex(Capacities, capacity => capacity >= habits);

    /// <summary>A block, its content undefined.</summary>
    public int Take(int ofClass)
    {
        var words = Words(ofClass);
        if (_free[ofClass].TryPop(out var block))
        {
            _freeWords -= words;
            return block;
        }
        if (_used + words > ChunkWords)
        {
            if (++_chunk == _chunks.Count) _chunks.Add(new uint[ChunkWords]);
            _used = 0;
        }
        var at = (_chunk << ChunkBits) + _used;
        _used += words;
        return at;
    }

    public void Return(int block, int ofClass)
    {
        _free[ofClass].Push(block);
        _freeWords += Words(ofClass);
    }

    /// <summary>Moves blocks together in place.</summary>
    /// <param name="blocks">All that are in use, ascending; each is given back as it was moved.</param>
    public void Compact(Span<(int Block, int Class)> blocks)
    {
        var (chunk, used) = (0, 0);
        foreach (ref var block in blocks)
        {
            var words = Words(block.Class);
            if (used + words > ChunkWords) (chunk, used) = (chunk + 1, 0);
            // The new place never lies behind the old one, so nothing is overwritten that is still to be moved.
            _chunks[block.Block >> ChunkBits].AsSpan(block.Block & ChunkWords - 1, words).CopyTo(_chunks[chunk].AsSpan(used));
            block.Block = (chunk << ChunkBits) + used;
            used += words;
        }
        (_chunk, _used) = (chunk, used);
        foreach (var free in _free)
        {
            free.Clear();
            free.TrimExcess();
        }
        _freeWords = 0;
    }

    private static int Words(int ofClass) => 3 * Capacities[ofClass];

    public Span<uint> Features(int block, int ofClass) => _chunks[block >> ChunkBits].AsSpan(block & ChunkWords - 1, Capacities[ofClass]);

    /// <summary>Words of days, in the order of the features. Each may straddle a four-byte border only: capacities are even.</summary>
    public Span<ulong> Days(int block, int ofClass) =>
        MemoryMarshal.Cast<uint, ulong>(_chunks[block >> ChunkBits].AsSpan((block & ChunkWords - 1) + Capacities[ofClass], 2 * Capacities[ofClass]));
}
