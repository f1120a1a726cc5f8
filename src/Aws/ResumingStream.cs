using Amazon.Runtime;

namespace Yagura.Aws;

/// <summary>Reads one object from its first byte to its last; when a connection breaks or stalls, goes on over a new one behind the last byte received.</summary>
/// <param name="open">Opens the object at a position, in bytes; fails with <see cref="IOException"/>.</param>
/// <param name="size">Bytes of the whole object, so that a connection that ends early is not taken for its end; null where unknown.</param>
/// <param name="patience">Longest wait for the next bytes.</param>
internal sealed class ResumingStream(
    string name, Stream first, long? size, Func<long, CancellationToken, Task<Stream>> open, TimeSpan patience) : Stream
{
    /// <summary>Most broken connections of one object.</summary>
    public const int MostBreaks = 8;

    private Stream? _part = first;
    private long _position;
    private int _breaks;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_part is null && _position == size) return 0; // it broke behind the last byte
            _part ??= await open(_position, cancellationToken);
            Exception? reason = null;
            try
            {
                using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                stall.CancelAfter(patience);
                var read = await _part.ReadAsync(buffer, stall.Token);
                _position += read;
                if (read > 0 || buffer.IsEmpty || size is null || _position >= size) return read;
            }
            catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                reason = error;
            }
            catch (AmazonClientException error)
            {
                throw new IOException($"{name}: the bytes do not match the checksum that S3 keeps of them", error);
            }
            await _part.DisposeAsync();
            _part = null;
            if (++_breaks > MostBreaks) throw new IOException($"{name}: the connection broke {_breaks} times, last at byte {_position}", reason);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("an object that is far away is read asynchronously");

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _position; set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _part?.Dispose();
        base.Dispose(disposing);
    }
}
