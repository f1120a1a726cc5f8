using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Yagura.Core.Json;
using Yagura.Logs.CloudTrail;
using Yagura.Logs.Route53Resolver;

namespace Yagura.Logs.Json;

/// <summary>Which paths of a JSON record are read, and into which slot each goes: a trie that is compiled once and shared by all readers.</summary>
/// <remarks>The first slots are the <see cref="ApiField"/>s, in their order; then come the paths that loaded rules ask for, in the order given.
/// A path names keys from the record's root, joined by dots (<c>requestParameters.bucketName</c>); it ends at an array, whose slot is its raw
/// JSON. A value that is an object or an array is raw JSON, a string is its text, anything else stands as written.</remarks>
public sealed class Projection
{
    /// <summary>The known fields and nothing else.</summary>
    public static Projection Known { get; } = new();

    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);

    /// <param name="extraPaths">Paths beyond the known fields; one that is known already shares its slot.</param>
    public Projection(params IEnumerable<string> extraPaths)
    {
        Root = new Node();
        for (int i = 0; i < CloudTrailRecord.Paths.Length; i++) Add(CloudTrailRecord.Paths[i], i);
        int next = CloudTrailRecord.Paths.Length;
        foreach (var path in extraPaths)
            if (!_slots.ContainsKey(path)) Add(path, next++);
        ExtraSlots = next - CloudTrailRecord.Paths.Length;
        FirstDnsSlot = next;
        foreach (var path in ResolverRecord.Paths) AddHidden(Root, path, next++);
        FirstMarkSlot = next;
        foreach (var path in MarkPaths.All) AddHidden(Root, path, next++);
        Slots = next;
        Root.Compile();
        LogEvent = new Node();
        AddHidden(LogEvent, "message", FirstMarkSlot);
        LogEvent.Compile();
    }

    /// <summary>The slot of a path that was asked for; -1 for any other.</summary>
    public int SlotOf(string path) => _slots.GetValueOrDefault(path, -1);

    internal int ExtraSlots { get; }
    internal int FirstDnsSlot { get; }
    internal int FirstMarkSlot { get; }
    internal int Slots { get; }
    internal Node Root { get; }

    /// <summary>An element of <c>logEvents</c>; its message goes to the first mark's slot.</summary>
    internal Node LogEvent { get; }

    private void Add(string path, int slot)
    {
        _slots.Add(path, slot);
        AddHidden(Root, path, slot);
    }

    private static void AddHidden(Node node, string path, int slot)
    {
        var keys = path.Split('.');
        if (keys.Length > JsonText.Depth || keys.Any(string.IsNullOrEmpty)) throw new ArgumentException($"'{path}' is no path of keys joined by dots", nameof(path));
        foreach (var key in keys) node = node.Child(key);
        node.AddSlot(slot);
    }

    /// <summary>One key on the way; a hash table of the keys below it.</summary>
    internal sealed class Node
    {
        private readonly record struct Key(ulong First, ulong Last, byte[] Name, Node Node);

        private readonly SortedDictionary<string, Node> _children = new(StringComparer.Ordinal);
        private Key[] _keys = [];
        private int[] _table = [];
        private int _shift;

        /// <summary>Where the value goes; -1 when only something below it is wanted.</summary>
        public int Slot { get; private set; } = -1;

        /// <summary>A second slot for the same path: it is a field of two kinds of record.</summary>
        public int OtherSlot { get; private set; } = -1;

        public bool HasChildren => _keys.Length > 0;

        public Node Child(string key)
        {
            if (!_children.TryGetValue(key, out var child)) _children.Add(key, child = new Node());
            return child;
        }

        public void AddSlot(int slot)
        {
            if (Slot < 0) Slot = slot;
            else OtherSlot = slot;
        }

        public void Compile()
        {
            _keys = new Key[_children.Count];
            _table = new int[BitOperations.RoundUpToPowerOf2((uint)_children.Count * 4 | 1)];
            _shift = 64 - BitOperations.Log2((uint)_table.Length);
            int i = 0;
            foreach (var (name, node) in _children)
            {
                node.Compile();
                var bytes = new byte[Encoding.UTF8.GetByteCount(name) + 8]; // padded, as a buffer is
                Encoding.UTF8.GetBytes(name, bytes);
                var (first, last) = Ends(ref bytes[0], bytes.Length - 8);
                _keys[i] = new Key(first, last, bytes[..^8], node);
                var at = Place(first, last, bytes.Length - 8);
                while (_table[at] != 0) at = (at + 1) & (_table.Length - 1);
                _table[at] = ++i;
            }
        }

        /// <summary>The node of a key, or null.</summary>
        /// <param name="key">The key as it stands between its quotes.</param>
        /// <param name="length">Its length; eight bytes behind it can be read.</param>
        public Node? Find(ref byte key, int length)
        {
            var table = _table;
            if (table.Length == 0) return null;
            var (first, last) = Ends(ref key, length);
            for (var at = Place(first, last, length); table[at & (table.Length - 1)] is not 0 and var found; at++)
            {
                ref var candidate = ref _keys[found - 1];
                // Both ends say it all up to sixteen bytes.
                if (candidate.First == first && candidate.Last == last && candidate.Name.Length == length
                    && (length <= 16 || MemoryMarshal.CreateReadOnlySpan(ref key, length).SequenceEqual(candidate.Name)))
                    return candidate.Node;
            }
            return null;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static (ulong First, ulong Last) Ends(ref byte key, int length)
        {
            var first = Unsafe.ReadUnaligned<ulong>(ref key);
            if (length < 8) return (length == 0 ? 0 : first << (64 - 8 * length), 0);
            return (first, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref key, length - 8)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Place(ulong first, ulong last, int length) =>
            (int)((((first ^ BitOperations.RotateLeft(last, 29)) + (uint)length) * 0x9E37_79B9_7F4A_7C15) >> _shift);
    }
}
