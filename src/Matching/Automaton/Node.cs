using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Yagura.Matching.Automaton;

/// <summary>A field that rules read, with the clauses that its values are the anchors of.</summary>
internal sealed record FieldEntry(int Id, FieldIndex Index);

/// <summary>One key on the way to the fields: what may follow it, in a hash table. Never changed, only copied.</summary>
internal sealed class Node
{
    private readonly record struct Key(ulong First, ulong Last, byte[] Name, string Text, Node Node);

    public static readonly Node Empty = new(null, []);

    private readonly Key[] _keys;
    private readonly int[] _table; // one more than the place of a key; 0 where there is none
    private readonly int _shift;

    private Node(FieldEntry? field, Key[] keys)
    {
        Field = field;
        Within = Array.Find(keys, key => key.Text == WithinKey).Node?.Field;
        _keys = keys;
        _table = keys.Length == 0 ? [] : new int[BitOperations.RoundUpToPowerOf2((uint)keys.Length * 4 | 1)];
        _shift = 64 - BitOperations.Log2((uint)_table.Length | 1);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].Text == WithinKey) continue; // found by no key of an event
            var at = Place(keys[i].First, keys[i].Last, keys[i].Name.Length);
            while (_table[at & (_table.Length - 1)] != 0) at++;
            _table[at & (_table.Length - 1)] = i + 1;
        }
    }

    private Node(FieldEntry? field, Key[] keys, int[] table, int shift)
    {
        Field = field;
        Within = Array.Find(keys, key => key.Text == WithinKey).Node?.Field;
        _keys = keys;
        _table = table;
        _shift = shift;
    }

    /// <summary>The field whose path ends here; null where only something below is read.</summary>
    public FieldEntry? Field { get; }

    public bool HasChildren => _keys.Length > 0;

    /// <summary>The field that takes every value at the end of this path and within it; null where none does.</summary>
    public FieldEntry? Within { get; }

    /// <summary>The path of such a field: a key that stands in no JSON as it is.</summary>
    public static string PathWithin(string path) => path + WithinEnd;

    /// <summary>The path that was given to <see cref="PathWithin"/>; any other as it is.</summary>
    public static string PathOf(string path) => path.EndsWith(WithinEnd, StringComparison.Ordinal) ? path[..^WithinEnd.Length] : path;

    // Half a surrogate pair is in no text of JSON, so no key and no path of a rule can hold it.
    /// <summary>Stands for the path of the field that takes every value of the event.</summary>
    public const string Everywhere = "\uD801";

    private const string WithinKey = "\uD800", WithinEnd = "." + WithinKey;

    /// <summary>The same with another field at the end of a path; null takes it away, and the keys that led only there.</summary>
    public Node With(ReadOnlySpan<string> path, FieldEntry? field)
    {
        if (path.IsEmpty) return new(field, _keys, _table, _shift);
        var text = path[0];
        var at = Array.FindIndex(_keys, key => key.Text == text);
        var child = (at < 0 ? Empty : _keys[at].Node).With(path[1..], field);
        if (child.Field is null && !child.HasChildren) return at < 0 ? this : new(Field, [.. _keys[..at], .. _keys[(at + 1)..]]);
        if (at < 0) return new(Field, [.. _keys, KeyOf(text, child)]);
        Key[] keys = [.. _keys];
        keys[at] = keys[at] with { Node = child };
        return new(Field, keys, _table, _shift);
    }

    private static Key KeyOf(string text, Node node)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + MatchBuffer.Padding];
        Encoding.UTF8.GetBytes(text, bytes);
        var (first, last) = Ends(ref bytes[0], bytes.Length - MatchBuffer.Padding);
        return new(first, last, bytes[..^MatchBuffer.Padding], text, node);
    }

    /// <summary>The node of a key, or null.</summary>
    /// <param name="key">The key as it stands between its quotes; <see cref="MatchBuffer.Padding"/> bytes behind it can be read.</param>
    /// <param name="isOdd">True where it is null and the key holds a dot, so that it stands for several.</param>
    public Node? Find(ref byte key, int length, out bool isOdd)
    {
        isOdd = false;
        var table = _table;
        var (first, last) = Ends(ref key, length);
        if (table.Length > 0)
        {
            for (var at = Place(first, last, length); table[at & (table.Length - 1)] is not 0 and var found; at++)
            {
                ref var candidate = ref _keys[found - 1];
                // Both ends say it all up to sixteen bytes.
                if (candidate.First == first && candidate.Last == last && candidate.Name.Length == length
                    && (length <= 16 || MemoryMarshal.CreateReadOnlySpan(ref key, length).SequenceEqual(candidate.Name)))
                    return candidate.Node;
            }
        }
        isOdd = HasDot(ref key, length);
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasDot(ref byte key, int length) => length <= Vector256<byte>.Count
        ? Vector256.Equals(Vector256.LoadUnsafe(ref key), Vector256.Create((byte)'.')).ExtractMostSignificantBits() << (Vector256<byte>.Count - length) != 0 && length > 0
        : MemoryMarshal.CreateReadOnlySpan(ref key, length).Contains((byte)'.');

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
