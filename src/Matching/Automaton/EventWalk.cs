using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Yagura.Core.Json;

namespace Yagura.Matching.Automaton;

/// <summary>Walks over one event and keeps the values that some rule reads.</summary>
/// <remarks>Only what lies on the way to such a value is looked into; the rest is skipped by counting brackets and is not checked.</remarks>
internal ref struct EventWalk
{
    private readonly MatchBuffer _buffer;
    private readonly int[] _positions;
    private readonly int _count, _end;
    private readonly bool _escaped;
    private byte[] _bytes;
    private int _side; // where the next unescaped text goes
    private int _takers; // how many fields take every value from here on, whatever its path

    /// <summary>Reads an event into the buffer.</summary>
    /// <param name="every">Takes every value; null where no rule asks for that.</param>
    /// <returns>False where the event is at fault; the buffer says how.</returns>
    public static bool Read(ReadOnlySpan<byte> json, Node root, FieldEntry? every, MatchBuffer buffer)
    {
        buffer.Fault = json.Length > MatchLimits.EventBytes ? EventFault.TooLarge : Ascii.IsValid(json) || Utf8.IsValid(json) ? EventFault.None : EventFault.NotUtf8;
        if (buffer.Fault != EventFault.None) return false;
        var walk = new EventWalk(json, every, buffer);
        return walk.Whole(root);
    }

    private EventWalk(ReadOnlySpan<byte> json, FieldEntry? every, MatchBuffer buffer)
    {
        _buffer = buffer;
        if (every is not null) Take(every);
        _end = json.Length;
        // Behind the event stand zeros, which no token goes on with, and then unescaped texts, each shorter than what it comes from.
        var room = 2 * json.Length + 2 * MatchBuffer.Padding;
        if (buffer.Bytes.Length < room) buffer.Bytes = new byte[Math.Max(room, buffer.Bytes.Length * 2)];
        _bytes = buffer.Bytes;
        json.CopyTo(_bytes);
        _bytes.AsSpan(json.Length, MatchBuffer.Padding).Clear();
        _side = json.Length + MatchBuffer.Padding;
        _escaped = json.Contains((byte)'\\');
        if (buffer.Positions.Length < json.Length + StructuralIndex.Slack) buffer.Positions = new int[Math.Max(json.Length + StructuralIndex.Slack, buffer.Positions.Length * 2)];
        _positions = buffer.Positions;
        _count = StructuralIndex.Build(json, _positions);
    }

    private bool Whole(Node root)
    {
        var start = SkipBlanks(0);
        if (start >= _end || _bytes[start] != '{') return Fail(EventFault.NotAnObject) > 0;
        var after = Object(root, 0, 1, 0);
        return after > 0 && ((after == _count && SkipBlanks(_positions[after - 1] + 1) == _end) || Fail(EventFault.NotJson) > 0);
    }

    /// <returns>0.</returns>
    private readonly int Fail(EventFault fault)
    {
        _buffer.Fault = fault;
        return 0;
    }

    /// <param name="node">What is read of the object; null for nothing by name.</param>
    /// <param name="element">The element that it lies in or is.</param>
    /// <param name="i">The position of its opening brace.</param>
    /// <returns>The position behind its closing brace; 0 at a fault.</returns>
    private int Object(Node? node, int element, int level, int i)
    {
        // No position is beyond the event, and the zeros behind it end every token: nothing outside the buffer is read.
        ref var bytes = ref MemoryMarshal.GetArrayDataReference(_bytes);
        ref var positions = ref MemoryMarshal.GetArrayDataReference(_positions);
        var count = _count;
        var before = Unsafe.Add(ref positions, i++) + 1; // where the next token may begin
        var first = true;
        while (true)
        {
            if (i + 1 >= count) return i < count && first ? Empty(before, i, '}') : Fail(EventFault.NotJson);
            var open = Unsafe.Add(ref positions, i);
            if (Unsafe.Add(ref bytes, open) != '"') return first ? Empty(before, i, '}') : Fail(EventFault.NotJson);
            if (open != before && SkipBlanks(before) != open) return Fail(EventFault.NotJson);
            first = false;
            var close = Unsafe.Add(ref positions, i + 1);
            i += 2;
            Node? child = null;
            var takers = _takers;
            if (node is not null)
            {
                child = node.Find(ref Unsafe.Add(ref bytes, open + 1), close - open - 1, out var isOdd);
                if (child is null && (isOdd || _escaped)) child = FindOdd(node, open + 1, close);
                if (child?.Within is { } within) Take(within);
            }
            var value = close + 1;
            if (Unsafe.Add(ref bytes, value) != ':')
            {
                value = SkipBlanks(value);
                if (Unsafe.Add(ref bytes, value) != ':') return Fail(EventFault.NotJson);
            }
            value++;
            var b = Unsafe.Add(ref bytes, value);
            if (b <= ' ')
            {
                value = SkipBlanks(value);
                b = Unsafe.Add(ref bytes, value);
            }
            int after;
            if (b == '"')
            {
                if (i + 1 >= count) return Fail(EventFault.NotJson);
                after = Unsafe.Add(ref positions, i + 1);
                if ((_takers > 0 || child?.Field is not null) && !AddText(child?.Field, value + 1, after, element)) return 0;
                after++;
                i += 2;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                i = Container(child, element, level, i, b);
                if (i == 0) return 0;
                after = Unsafe.Add(ref positions, i - 1) + 1;
            }
            else
            {
                after = Scalar(child?.Field, value, element);
                if (after == 0) return 0;
            }
            _takers = takers;
            b = Unsafe.Add(ref bytes, after);
            if (b <= ' ')
            {
                after = SkipBlanks(after);
                b = Unsafe.Add(ref bytes, after);
            }
            if (b == ',')
            {
                before = after + 1;
                continue;
            }
            // A closing brace outside a string is always the next position.
            return b == '}' && after < _end ? i + 1 : Fail(EventFault.NotJson);
        }
    }

    private readonly int Empty(int before, int i, char close) =>
        _bytes[_positions[i]] == close && SkipBlanks(before) == _positions[i] ? i + 1 : Fail(EventFault.NotJson);

    private int Container(Node? child, int element, int level, int i, byte open)
    {
        if (i >= _count) return Fail(EventFault.NotJson);
        if (_takers == 0 && (child is null || (open == '{' && !child.HasChildren))) return Skip(i, MatchLimits.EventLevels - level);
        if (level >= MatchLimits.EventLevels) return Fail(EventFault.TooDeep);
        return open == '{' ? Object(child, element, level + 1, i) : List(child, element, level + 1, i);
    }

    private int List(Node? node, int element, int level, int i)
    {
        var bytes = _bytes;
        var positions = _positions;
        var list = _buffer.Binding.AddList();
        var at = SkipBlanks(positions[i++] + 1);
        if (bytes[at] == ']') return i < _count && positions[i] == at ? i + 1 : Fail(EventFault.NotJson);
        while (true)
        {
            var b = bytes[at];
            if (b == '"')
            {
                if (i + 1 >= _count) return Fail(EventFault.NotJson);
                var close = positions[i + 1];
                if ((_takers > 0 || node?.Field is not null) && !AddText(node?.Field, at + 1, close, element)) return 0;
                at = close + 1;
                i += 2;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                i = Container(node, _buffer.Binding.AddElement(list, element), level, i, b);
                if (i == 0) return 0;
                at = positions[i - 1] + 1;
            }
            else
            {
                at = Scalar(node?.Field, at, element);
                if (at == 0) return 0;
            }
            if (bytes[at] <= ' ') at = SkipBlanks(at);
            if (bytes[at] == ',')
            {
                at = SkipBlanks(at + 1);
                continue;
            }
            return bytes[at] == ']' && at < _end ? i + 1 : Fail(EventFault.NotJson);
        }
    }

    /// <summary>Moves behind the bracket that closes the one at a position.</summary>
    private readonly int Skip(int i, int levels)
    {
        var bytes = _bytes;
        var positions = _positions.AsSpan(0, _count);
        var open = 0;
        do
        {
            if (i >= positions.Length) return Fail(EventFault.NotJson);
            open += Opens[bytes[positions[i++]]];
            if (open > levels) return Fail(EventFault.TooDeep);
        }
        while (open > 0);
        return i;
    }

    /// <summary>1 for an opening bracket, -1 for a closing one, 0 for a quote.</summary>
    private static readonly sbyte[] Opens = MakeOpens();

    private static sbyte[] MakeOpens()
    {
        var table = new sbyte[256];
        table['{'] = table['['] = 1;
        table['}'] = table[']'] = -1;
        return table;
    }

    /// <returns>The byte behind the number or word; 0 at a fault.</returns>
    private readonly int Scalar(FieldEntry? field, int start, int element)
    {
        ref var at = ref _bytes[start];
        if ((uint)(at - '0') <= 9 || at == '-') return _takers > 0 || field is not null ? Number(field, start, element) : EndOf(start);
        var word = Unsafe.ReadUnaligned<uint>(ref at);
        var kind = word == Null ? ValueKind.Null : word == True ? ValueKind.True : ValueKind.False;
        var length = word == Null || word == True ? 4 : word == Fals && _bytes[start + 4] == 'e' ? 5 : 0;
        if (length == 0 || IsScalar(_bytes[start + length])) return Fail(EventFault.NotJson);
        if (field is not null) _buffer.Add(field, kind, start, length, element);
        for (var taker = 0; taker < _takers; taker++) _buffer.Add(_buffer.Takers[taker], kind, start, length, element);
        return start + length;
    }

    // The first four bytes of the words.
    private static readonly uint Null = MemoryMarshal.Read<uint>("null"u8), True = MemoryMarshal.Read<uint>("true"u8), Fals = MemoryMarshal.Read<uint>("fals"u8);

    /// <summary>The byte behind a number that nobody reads.</summary>
    private readonly int EndOf(int start)
    {
        while (IsScalar(_bytes[start])) start++;
        return start;
    }

    private readonly int Number(FieldEntry? field, int start, int element)
    {
        var length = JsonNumber.Read(ref _bytes[start], out var number, out var held);
        var after = start + length;
        if (length == 0 || IsScalar(_bytes[after])) return Fail(EventFault.NotJson);
        if (field is not null)
        {
            _buffer.Add(field, ValueKind.Number, start, length, element);
            _buffer.Keep(number, held);
        }
        for (var taker = 0; taker < _takers; taker++)
        {
            _buffer.Add(_buffer.Takers[taker], ValueKind.Number, start, length, element);
            _buffer.Keep(number, held);
        }
        return after;
    }

    private bool AddText(FieldEntry? field, int start, int end, int element)
    {
        var length = end - start;
        if (_escaped && _bytes.AsSpan(start, length).Contains((byte)'\\'))
        {
            if (!JsonText.TryUnescape(_bytes.AsSpan(start, length), _bytes.AsSpan(_side), out var unescaped)) return Fail(EventFault.NotJson) > 0;
            start = _side;
            length = unescaped;
            _side += length;
        }
        if (field is not null) _buffer.Add(field, ValueKind.Text, start, length, element);
        for (var taker = 0; taker < _takers; taker++) _buffer.Add(_buffer.Takers[taker], ValueKind.Text, start, length, element);
        return true;
    }

    /// <summary>The node of a key that is escaped or holds dots: <c>a.b</c> is <c>a</c> and then <c>b</c>.</summary>
    private Node? FindOdd(Node node, int start, int end)
    {
        ReadOnlySpan<byte> key = _bytes.AsSpan(start, end - start);
        if (key.Contains((byte)'\\'))
        {
            // Into the room behind what was unescaped so far, for a moment only.
            var text = _bytes.AsSpan(_side, key.Length);
            if (!JsonText.TryUnescape(key, text, out var length)) return null;
            start = _side;
            end = start + length;
        }
        Node? found = node;
        while (true)
        {
            var dot = _bytes.AsSpan(start, end - start).IndexOf((byte)'.');
            found = found.Find(ref _bytes[start], dot < 0 ? end - start : dot, out _);
            if (found is null || dot < 0) return found;
            if (found.Within is { } within) Take(within);
            start += dot + 1;
        }
    }

    /// <summary>From here on every value goes to this field too, until the count of takers is set back.</summary>
    private void Take(FieldEntry within)
    {
        if (_takers == _buffer.Takers.Length) Array.Resize(ref _buffer.Takers, 2 * _takers);
        _buffer.Takers[_takers++] = within;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsScalar(byte b) => (uint)(b - '0') <= 9 || (uint)((b | 0x20) - 'a') <= 'z' - 'a' || b is (byte)'-' or (byte)'+' or (byte)'.';

    /// <summary>The first byte that is not white space in JSON's sense; zeros behind the event end it.</summary>
    private readonly int SkipBlanks(int at)
    {
        var bytes = _bytes;
        while (bytes[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
        return at;
    }
}
