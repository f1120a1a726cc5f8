using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Yagura.Logs.Text;

/// <summary>Where the spaces and line feeds of a block are: the block's fields, found 64 bytes at a time.</summary>
internal sealed class Separators
{
    private int[] _ends = new int[16 << 10];
    private int[] _lines = new int[2 << 10];

    /// <summary>Positions of every space and line feed, ascending; one past the block's last byte closes a last line that has no line feed.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>Indexes into <see cref="Ends"/> of those that end a line.</summary>
    public ReadOnlySpan<int> Lines => _lines.AsSpan(0, LineCount);

    public int Count { get; private set; }
    public int LineCount { get; private set; }

    /// <summary>False when the block holds nothing but printable ASCII and line feeds, so that no line of it needs a closer look.</summary>
    public bool Suspicious { get; private set; }

    /// <param name="block">Whole lines.</param>
    /// <param name="offset">Added to every position.</param>
    public void Index(ReadOnlySpan<byte> block, int offset)
    {
        Begin(block);
        var at = Vector512.IsHardwareAccelerated ? Index512(block, offset) : Vector256.IsHardwareAccelerated ? Index256(block, offset) : 0;
        Finish(block, at, offset);
    }

    /// <summary>The same, byte by byte: what the vectorised ones are held against, and the way where there are no vectors.</summary>
    internal void IndexPlain(ReadOnlySpan<byte> block, int offset)
    {
        Begin(block);
        Finish(block, 0, offset);
    }

    /// <inheritdoc cref="IndexPlain"/>
    internal void IndexIn256(ReadOnlySpan<byte> block, int offset)
    {
        Begin(block);
        Finish(block, Index256(block, offset), offset);
    }

    private void Begin(ReadOnlySpan<byte> block)
    {
        Count = LineCount = 0;
        Suspicious = false;
        // Room for the worst case and for the extra positions that the unrolled writes below leave behind.
        if (_ends.Length < block.Length + 65) _ends = new int[block.Length + 65];
    }

    private int Index512(ReadOnlySpan<byte> block, int offset)
    {
        ref var bytes = ref MemoryMarshal.GetReference(block);
        var space = Vector512.Create((byte)' ');
        var newline = Vector512.Create((byte)'\n');
        var last = Vector512.Create((byte)0x7E);
        ulong odd = 0;
        var at = 0;
        for (; at + 64 <= block.Length; at += 64)
        {
            var chunk = Vector512.LoadUnsafe(ref bytes, (nuint)at);
            var newlines = Vector512.Equals(chunk, newline).ExtractMostSignificantBits();
            var spaces = Vector512.Equals(chunk, space).ExtractMostSignificantBits();
            odd |= (Vector512.LessThan(chunk, space) | Vector512.GreaterThan(chunk, last)).ExtractMostSignificantBits() ^ newlines;
            Add(spaces | newlines, newlines, at + offset);
        }
        Suspicious = odd != 0;
        return at;
    }

    private int Index256(ReadOnlySpan<byte> block, int offset)
    {
        ref var bytes = ref MemoryMarshal.GetReference(block);
        var space = Vector256.Create((byte)' ');
        var newline = Vector256.Create((byte)'\n');
        var last = Vector256.Create((byte)0x7E);
        ulong odd = 0;
        var at = 0;
        for (; at + 64 <= block.Length; at += 64)
        {
            var low = Vector256.LoadUnsafe(ref bytes, (nuint)at);
            var high = Vector256.LoadUnsafe(ref bytes, (nuint)at + 32);
            var newlines = Join(Vector256.Equals(low, newline), Vector256.Equals(high, newline));
            var spaces = Join(Vector256.Equals(low, space), Vector256.Equals(high, space));
            odd |= Join(Vector256.LessThan(low, space) | Vector256.GreaterThan(low, last), Vector256.LessThan(high, space) | Vector256.GreaterThan(high, last))
                ^ newlines;
            Add(spaces | newlines, newlines, at + offset);
        }
        Suspicious = odd != 0;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | (ulong)high.ExtractMostSignificantBits() << 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ulong separators, ulong newlines, int position)
    {
        // A line's end in these 64 bytes is there or not as chance has it, so the first is written without asking, and counted if it was one.
        if (_lines.Length - LineCount < 64) Array.Resize(ref _lines, 2 * _lines.Length);
        ref var line = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_lines), LineCount);
        line = Count - 1 + BitOperations.PopCount(separators & (newlines ^ (newlines - 1)));
        var lines = BitOperations.PopCount(newlines);
        LineCount += lines;
        if (lines > 1) AddLines(separators, newlines & (newlines - 1), ref line);

        // Twelve without asking: a flow log has seven or eight separators in 64 bytes, and what is written too much is overwritten.
        ref var ends = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ends), Count);
        var found = BitOperations.PopCount(separators);
        for (var i = 0; i < 12; i++)
        {
            Unsafe.Add(ref ends, i) = position + BitOperations.TrailingZeroCount(separators);
            separators &= separators - 1;
        }
        for (var i = 12; i < found; i++)
        {
            Unsafe.Add(ref ends, i) = position + BitOperations.TrailingZeroCount(separators);
            separators &= separators - 1;
        }
        Count += found;
    }

    private void AddLines(ulong separators, ulong newlines, ref int line)
    {
        for (; newlines != 0; newlines &= newlines - 1)
        {
            line = ref Unsafe.Add(ref line, 1);
            line = Count - 1 + BitOperations.PopCount(separators & (newlines ^ (newlines - 1)));
        }
    }

    private void Finish(ReadOnlySpan<byte> block, int at, int offset)
    {
        for (; at < block.Length; at++)
        {
            var c = block[at];
            if (c is < (byte)' ' or > 0x7E && c != '\n') Suspicious = true;
            if (c is not ((byte)' ' or (byte)'\n')) continue;
            if (c == '\n') AddLine(Count);
            _ends[Count++] = at + offset;
        }
        if (block.IsEmpty || block[^1] == '\n') return;
        AddLine(Count);
        _ends[Count++] = block.Length + offset;
    }

    private void AddLine(int index)
    {
        if (LineCount == _lines.Length) Array.Resize(ref _lines, 2 * _lines.Length);
        _lines[LineCount++] = index;
    }
}
