using System.Numerics;
using System.Runtime.CompilerServices;
using Yagura.Core;

namespace Yagura.Intel;

/// <summary>The IPv4 part of <see cref="Segments"/> for the hot path: a bit for each /24, then a trie over 16, 8 and 8 bits of the address.</summary>
/// <remarks>Most addresses of most logs are on no list: one bit of 2 MB that stays in the cache answers them. A trie node keeps only the slots
/// where the set changes and finds the one that counts by counting bits, so a /24 with one listed address costs 52 bytes, not 1,024.
/// Figures: <c>bench/Intel</c>.</remarks>
internal sealed class V4Trie
{
    private const uint IsNode = 1u << 31; // else the entry is a set
    private const int Slots = 256;

    private readonly ulong[] _listed = new ulong[1 << 18];
    private readonly uint[] _root = new uint[1 << 16];
    private readonly Node[] _nodes;
    private readonly uint[] _entries;

    public V4Trie(Segments segments)
    {
        var build = new Build(segments);
        for (uint block = 0; block < _root.Length; block++) _root[block] = build.Entry(block << 16, 0xFFFF, this);
        _nodes = build.Nodes.ToArray();
        _entries = build.Entries.ToArray();
    }

    /// <summary>Bytes that the structure holds on the heap.</summary>
    public long Bytes => (_listed.Length * 8L) + (_root.Length * 4L) + (_nodes.Length * (long)Unsafe.SizeOf<Node>()) + (_entries.Length * 4L);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint address) => (_listed[address >> 14] >> (int)(address >> 8 & 63) & 1) == 0 ? 0 : FindListed(address);

    private int FindListed(uint address)
    {
        var entry = _root[address >> 16];
        if (entry >= IsNode) entry = Child(entry, address >> 8 & 255);
        if (entry >= IsNode) entry = Child(entry, address & 255);
        return (int)entry;
    }

    private uint Child(uint entry, uint slot)
    {
        ref readonly var node = ref _nodes[entry & ~IsNode];
        var word = (int)(slot >> 6);
        var upToSlot = node.Changes[word] & ulong.MaxValue >> (int)(63 - (slot & 63));
        return _entries[node.First + (node.Before >> (word * 8) & 255) + (uint)BitOperations.PopCount(upToSlot) - 1];
    }

    [InlineArray(4)]
    private struct Words
    {
        private ulong _word;
    }

    /// <summary>256 slots, of which those are kept whose entry differs from the one before; the first always does.</summary>
    private struct Node
    {
        /// <summary>A bit for each kept slot.</summary>
        public Words Changes;
        /// <summary>How many are kept in the words before each word, a byte each.</summary>
        public uint Before;
        /// <summary>Where the kept entries start.</summary>
        public uint First;
    }

    private sealed class Build(Segments segments)
    {
        private int _at = segments.IndexOf(IpAddress.FromV4(0));

        public List<Node> Nodes { get; } = [];
        public List<uint> Entries { get; } = [];

        /// <summary>The entry for the block of addresses that starts here; called in ascending order of blocks.</summary>
        public uint Entry(uint start, uint hosts, V4Trie trie)
        {
            var starts = segments.Starts;
            var first = IpAddress.FromV4(start);
            var last = IpAddress.FromV4(start | hosts);
            while (_at + 1 < starts.Length && starts[_at + 1] <= first) _at++;
            if (_at + 1 == starts.Length || starts[_at + 1] > last)
            {
                var set = segments.Sets[_at];
                if (set != 0) Mark(trie, start, hosts);
                return (uint)set;
            }

            // The children come first in Nodes and Entries; their own kept entries are gathered apart and appended whole.
            var node = new Node();
            Span<uint> kept = stackalloc uint[Slots];
            var count = 0;
            var step = (hosts >> 8) + 1;
            for (uint slot = 0; slot < Slots;)
            {
                var entry = Entry(start + (slot * step), step - 1, trie);
                if (count == 0 || kept[count - 1] != entry)
                {
                    kept[count++] = entry;
                    node.Changes[(int)(slot >> 6)] |= 1UL << (int)(slot & 63);
                }
                slot++;
                // Lists are thin: up to the slot where the set changes next, all slots are as this one.
                var same = entry < IsNode ? Math.Min(SlotOfNextChange(start, last, step), Slots) : slot;
                if (same <= slot) continue;
                if (entry != 0) Mark(trie, start + (slot * step), ((same - slot) * step) - 1);
                slot = same;
            }
            for (var word = 1; word < 4; word++) node.Before |= ((node.Before >> ((word - 1) * 8) & 255) + (uint)BitOperations.PopCount(node.Changes[word - 1])) << (word * 8);
            node.First = (uint)Entries.Count;
            foreach (var entry in kept[..count]) Entries.Add(entry);
            Nodes.Add(node);
            return IsNode | (uint)(Nodes.Count - 1);
        }

        /// <summary>The slot in which the next segment starts; <see cref="Slots"/> where that is behind the node.</summary>
        private uint SlotOfNextChange(uint start, IpAddress last, uint step)
        {
            var starts = segments.Starts;
            return _at + 1 == starts.Length || starts[_at + 1] > last ? Slots : (starts[_at + 1].V4 - start) / step;
        }

        /// <param name="further">How many addresses follow the first.</param>
        private static void Mark(V4Trie trie, uint start, uint further)
        {
            for (var block = start >> 8; block <= (start + further) >> 8; block++) trie._listed[block >> 6] |= 1UL << (int)(block & 63);
        }
    }
}
