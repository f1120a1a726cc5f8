namespace Yagura.Engine.Live;

/// <summary>An object's bytes, which remembers when they could not be had: an object that breaks off in transit is no object that is broken.</summary>
internal sealed class FaithfulStream(Stream stored) : Stream
{
    /// <summary>Why the bytes ended early; null where they did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether reading does not wait for a network.</summary>
    public bool IsLocal => stored is FileStream or MemoryStream;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return stored.Read(buffer);
        }
        catch (IOException e)
        {
            Failure = e.Message;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await stored.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e)
        {
            Failure = e.Message;
            throw;
        }
    }

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await stored.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) stored.Dispose();
        base.Dispose(disposing);
    }
}
