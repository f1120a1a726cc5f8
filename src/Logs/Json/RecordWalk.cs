using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Yagura.Core.Json;

namespace Yagura.Logs.Json;

/// <summary>How reading one JSON value went.</summary>
internal enum WalkEnd
{
    Whole,
    /// <summary>The bytes end before the value does.</summary>
    Incomplete,
    /// <summary>The bytes are no JSON object.</summary>
    Corrupt,
    /// <summary>Nested deeper than <see cref="LogLimits.JsonDepth"/>.</summary>
    TooDeep,
    /// <summary>A field has an escape that JSON does not have.</summary>
    BadEscape,
}

/// <summary>Walks over indexed JSON and fills the slots of a projection, one record after the other.</summary>
/// <remarks>Only objects on the way to a wanted field are looked into; any other is skipped by counting brackets. What is skipped is not
/// checked: a slot of raw JSON may hold brackets that do not match in kind.</remarks>
internal sealed class RecordWalk(FieldSlot[] slots)
{
    /// <summary>Bytes that a buffer has behind its content, so that keys can be read eight bytes at a time.</summary>
    public const int Padding = 8;

    private int[] _positions = [];
    private int _count, _end;
    private byte[] _side = new byte[4096];
    private int _sideUsed;

    public byte[] Bytes { get; private set; } = [];

    /// <summary>The text's brackets and the two quotes of each string, ascending.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, _count);

    /// <summary>False when the text as a whole is not UTF-8 (a character cut at its end does not count).</summary>
    public bool IsUtf8 { get; private set; }

    /// <summary>Takes a text that begins outside a string.</summary>
    /// <param name="bytes">At least <see cref="Padding"/> longer than what is read.</param>
    /// <param name="start">First byte of the text.</param>
    /// <param name="end">The byte behind the text.</param>
    public void Index(byte[] bytes, int start, int end)
    {
        if (_positions.Length < end - start + StructuralIndex.Slack) _positions = new int[bytes.Length + StructuralIndex.Slack];
        Bytes = bytes;
        var text = bytes.AsSpan(start, end - start);
        _count = StructuralIndex.Build(text, _positions, start);
        _end = end;
        IsUtf8 = Utf8.IsValid(text[..^CutCharacter(text)]);
    }

    /// <summary>Reads the object at a position of the index into the slots.</summary>
    /// <param name="root">What is wanted of it.</param>
    /// <param name="at">The index of its opening brace; moves behind its closing one when the object is whole.</param>
    public WalkEnd Read(Projection.Node root, ref int at)
    {
        Array.Clear(slots);
        _sideUsed = 0;
        return Object(root, 1, ref at);
    }

    /// <summary>Moves behind the bracket that closes the one at a position of the index.</summary>
    /// <param name="at">The index of an opening bracket.</param>
    /// <param name="depth">How many more levels may open.</param>
    public WalkEnd Skip(ref int at, int depth)
    {
        var bytes = Bytes;
        var positions = Positions;
        int open = 0, i = at;
        do
        {
            if (i >= positions.Length) return WalkEnd.Incomplete;
            open += Opens[bytes[positions[i++]]];
            if (open > depth) return WalkEnd.TooDeep;
        }
        while (open > 0);
        at = i;
        return WalkEnd.Whole;
    }

    /// <summary>1 for an opening bracket, -1 for a closing one, 0 for a quote.</summary>
    private static ReadOnlySpan<sbyte> Opens => OpensTable;
    private static readonly sbyte[] OpensTable = MakeOpens();

    private static sbyte[] MakeOpens()
    {
        var table = new sbyte[256];
        table['{'] = table['['] = 1;
        table['}'] = table[']'] = -1;
        return table;
    }

    private WalkEnd Object(Projection.Node node, int depth, ref int at)
    {
        var bytes = Bytes;
        var positions = _positions;
        int i = at + 1, end = _end;
        int before = positions[at] + 1; // where the next token may begin
        bool first = true;
        while (true)
        {
            if (i >= _count) return WalkEnd.Incomplete;
            int open = positions[i];
            if (bytes[open] != '"')
            {
                if (!first || bytes[open] != '}' || !IsBlank(bytes, before, open)) return WalkEnd.Corrupt;
                at = i + 1;
                return WalkEnd.Whole;
            }
            if (open != before && !IsBlank(bytes, before, open)) return WalkEnd.Corrupt;
            first = false;
            if (i + 1 >= _count) return WalkEnd.Incomplete;
            int close = positions[i + 1];
            i += 2;
            var child = node.Find(ref bytes[open + 1], close - open - 1) ?? FindEscaped(node, open + 1, close);

            int value = close + 1;
            if (bytes[value] != ':')
            {
                value = SkipBlanks(bytes, value, end);
                if (value >= end) return WalkEnd.Incomplete;
                if (bytes[value] != ':') return WalkEnd.Corrupt;
            }
            value++;
            if (bytes[value] <= ' ') value = SkipBlanks(bytes, value, end);
            if (value >= end) return WalkEnd.Incomplete;

            int after;
            var b = bytes[value];
            if (b == '"')
            {
                if (i + 1 >= _count) return WalkEnd.Incomplete;
                after = positions[i + 1] + 1;
                i += 2;
                if (child is { Slot: >= 0 } && !SetText(child, value + 1, after - 1)) return WalkEnd.BadEscape;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                if (i >= _count) return WalkEnd.Incomplete;
                var ended = b == '{' && child is { HasChildren: true }
                    ? depth < LogLimits.JsonDepth ? Object(child, depth + 1, ref i) : WalkEnd.TooDeep
                    : Skip(ref i, LogLimits.JsonDepth - depth);
                if (ended != WalkEnd.Whole) return ended;
                after = positions[i - 1] + 1;
                if (child is { Slot: >= 0 }) Set(child, bytes, value, after - value);
            }
            else
            {
                after = value;
                while (after < end && IsScalar(bytes[after])) after++;
                if (after >= end) return WalkEnd.Incomplete;
                var scalar = bytes.AsSpan(value, after - value);
                if (scalar.SequenceEqual("null"u8))
                {
                    if (child is { Slot: >= 0 }) Set(child, bytes, value, 0);
                }
                else if ((uint)(b - '0') <= 9 || b == '-' || scalar.SequenceEqual("true"u8) || scalar.SequenceEqual("false"u8))
                {
                    if (child is { Slot: >= 0 }) Set(child, bytes, value, scalar.Length);
                }
                else return WalkEnd.Corrupt;
            }

            if (after < end && bytes[after] <= ' ') after = SkipBlanks(bytes, after, end);
            if (after >= end) return WalkEnd.Incomplete;
            if (bytes[after] == ',')
            {
                before = after + 1;
                continue;
            }
            if (bytes[after] != '}') return WalkEnd.Corrupt;
            at = i + 1; // a closing brace outside a string is always the next position
            return WalkEnd.Whole;
        }
    }

    private Projection.Node? FindEscaped(Projection.Node node, int start, int end)
    {
        var key = Bytes.AsSpan(start, end - start);
        if (!key.Contains((byte)'\\')) return null;
        var text = Side(key.Length + Padding);
        return JsonText.TryUnescape(key, text, out int length) ? node.Find(ref MemoryMarshal.GetReference(text), length) : null;
    }

    private bool SetText(Projection.Node node, int start, int end)
    {
        var text = Bytes.AsSpan(start, end - start);
        if (!text.Contains((byte)'\\'))
        {
            Set(node, Bytes, start, text.Length);
            return true;
        }
        var free = Side(text.Length);
        if (!JsonText.TryUnescape(text, free, out int length)) return false;
        Set(node, _side, _sideUsed, length);
        _sideUsed += length;
        return true;
    }

    private void Set(Projection.Node node, byte[] bytes, int start, int length)
    {
        slots[node.Slot] = new() { Bytes = bytes, Start = start, Length = length };
        if (node.OtherSlot >= 0) slots[node.OtherSlot] = slots[node.Slot];
    }

    /// <summary>Room for unescaped text; what was handed out before stays where it is.</summary>
    private Span<byte> Side(int length)
    {
        if (_side.Length - _sideUsed < length)
        {
            _side = new byte[Math.Max(_side.Length * 2, length)];
            _sideUsed = 0;
        }
        return _side.AsSpan(_sideUsed, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsScalar(byte b) => (uint)(b - '0') <= 9 || (uint)((b | 0x20) - 'a') <= 'z' - 'a' || b is (byte)'-' or (byte)'+' or (byte)'.';

    private static bool IsBlank(byte[] bytes, int start, int end) => SkipBlanks(bytes, start, end) >= end;

    /// <summary>The first byte from <paramref name="at"/> that is not white space in JSON's sense, or <paramref name="end"/>.</summary>
    public static int SkipBlanks(byte[] bytes, int at, int end)
    {
        while (at < end && bytes[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
        return at;
    }

    /// <summary>How many bytes at the end belong to a character that goes on behind it: 0 to 3.</summary>
    private static int CutCharacter(ReadOnlySpan<byte> text)
    {
        for (int back = 1; back <= 3 && back <= text.Length; back++)
        {
            var b = text[^back];
            if (b < 0x80) return 0;
            if (b >= 0xC0) return back < (b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2) ? back : 0;
        }
        return 0;
    }
}
