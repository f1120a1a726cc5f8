using System.Runtime.ExceptionServices;

namespace Yagura.Logs.Text;

/// <summary>What <see cref="LineBlocks.Next"/> found.</summary>
internal enum BlockKind
{
    /// <summary>The content is at its end.</summary>
    End,
    /// <summary>Whole lines, each with its line feed but perhaps the content's last.</summary>
    Lines,
    /// <summary>The beginning of one line that is longer than <see cref="LogLimits.LineBytes"/>; the rest of it is passed over.</summary>
    Overlong,
    /// <summary>The beginning of a line at which the stream failed; the next call throws what the stream threw.</summary>
    Cut,
}

/// <summary>Cuts a stream into blocks of whole lines, in one reused buffer that never grows past the longest line allowed.</summary>
/// <remarks>The bytes of a block are <c>Buffer[Start..End)</c>, valid until the next call. <see cref="Padding"/> bytes behind it may be read
/// (not used), so that a load at the block's edge needs no test.</remarks>
internal sealed class LineBlocks
{
    /// <summary>Bytes that may be read behind a block.</summary>
    public const int Padding = 64;

    // Small enough for a block and the index of its separators to stay in a core's second-level cache.
    private const int BlockBytes = 64 << 10;

    private const int MostBytes = LogLimits.LineBytes + 1;

    private Stream _content = Stream.Null;
    private int _filled;
    private bool _ended, _skipping;
    private ExceptionDispatchInfo? _failure;

    public byte[] Buffer { get; private set; } = new byte[BlockBytes + Padding];
    public int Start { get; private set; }
    public int End { get; private set; }

    /// <param name="head">Bytes that were already taken off the front of <paramref name="content"/>.</param>
    public void Begin(Stream content, ReadOnlySpan<byte> head)
    {
        _content = content;
        _ended = _skipping = false;
        _failure = null;
        Start = End = 0;
        Reserve(head.Length);
        head.CopyTo(Buffer);
        _filled = head.Length;
    }

    public BlockKind Next(CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var newline = Buffer.AsSpan(End, _filled - End).LastIndexOf((byte)'\n');
            if (_skipping)
            {
                var first = Buffer.AsSpan(End, _filled - End).IndexOf((byte)'\n');
                if (first >= 0)
                {
                    _skipping = false;
                    End += first + 1;
                    continue;
                }
                if (_ended) return Finish();
                End = _filled;
            }
            else if (newline >= 0)
            {
                Start = End;
                End += newline + 1;
                return BlockKind.Lines;
            }
            else if (_ended)
            {
                if (End == _filled) return Finish();
                Start = End;
                End = _filled;
                return _failure is null ? BlockKind.Lines : BlockKind.Cut;
            }
            else if (_filled - End >= MostBytes)
            {
                Start = End;
                End = _filled;
                _skipping = true;
                return BlockKind.Overlong;
            }
            Fill();
        }
    }

    private BlockKind Finish()
    {
        _failure?.Throw();
        return BlockKind.End;
    }

    private void Fill()
    {
        var rest = Buffer.AsSpan(End, _filled - End);
        rest.CopyTo(Buffer);
        _filled = rest.Length;
        End = 0;
        if (_filled + Padding >= Buffer.Length) Reserve(Math.Min(MostBytes, 2 * rest.Length));
        // Blocks are filled as far as they go: a stream that hands out few bytes at a time must not make many small blocks.
        try
        {
            while (!_ended && _filled < Buffer.Length - Padding)
            {
                var read = _content.Read(Buffer.AsSpan(_filled, Buffer.Length - Padding - _filled));
                if (read <= 0) _ended = true;
                else _filled += read;
            }
        }
        catch (Exception failure) // thrown again when all lines before it were given
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
            _ended = true;
        }
    }

    private void Reserve(int bytes)
    {
        if (Buffer.Length >= bytes + Padding) return;
        var larger = new byte[bytes + Padding];
        Buffer.CopyTo(larger, 0);
        Buffer = larger;
    }
}
