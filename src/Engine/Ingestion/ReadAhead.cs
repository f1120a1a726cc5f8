using System.Threading.Channels;

namespace Yagura.Engine.Ingestion;

/// <summary>Lets a reading thread take bytes from a stream that only delivers them asynchronously, and fetches ahead meanwhile.</summary>
/// <remarks>At most <see cref="Blocks"/> blocks of <see cref="BlockBytes"/> are in memory. A failure of the inner stream is thrown by the read that
/// would have needed its bytes.</remarks>
public sealed class ReadAhead : Stream
{
    public const int Blocks = 8;
    public const int BlockBytes = 256 << 10;

    private readonly Stream _inner;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<ReadOnlyMemory<byte>> _blocks = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(Blocks) { SingleReader = true, SingleWriter = true });
    private readonly Task _fetching;
    private ReadOnlyMemory<byte> _current;
    private bool _disposed;

    public ReadAhead(Stream inner, CancellationToken cancel)
    {
        _inner = inner;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _fetching = Task.Run(Fetch, CancellationToken.None);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_current.IsEmpty && !Next()) return 0;
        var count = Math.Min(buffer.Length, _current.Length);
        _current.Span[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    private bool Next()
    {
        while (!_blocks.Reader.TryRead(out _current))
        {
            // The reading thread has nothing else to do until the block is there.
            if (!_blocks.Reader.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()) return false;
        }
        return true;
    }

    private async Task Fetch()
    {
        try
        {
            while (true)
            {
                var block = new byte[BlockBytes];
                var (length, failure) = await Fill(block);
                if (length > 0) await _blocks.Writer.WriteAsync(block.AsMemory(0, length), _stop.Token);
                if (length == BlockBytes) continue;
                _blocks.Writer.Complete(failure);
                return;
            }
        }
        catch (Exception e)
        {
            _blocks.Writer.Complete(e); // whatever it is, the reader must not wait for ever
        }
    }

    /// <summary>Bytes until the block is full, or until the end or a failure: what came before a failure is the reader's.</summary>
    private async Task<(int Length, Exception? Failure)> Fill(Memory<byte> block)
    {
        var length = 0;
        try
        {
            while (length < block.Length && await _inner.ReadAsync(block[length..], _stop.Token) is > 0 and var count) length += count;
            return (length, null);
        }
        catch (Exception e)
        {
            return (length, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _stop.Cancel();
            _fetching.Wait(CancellationToken.None);
            _stop.Dispose();
            _inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
