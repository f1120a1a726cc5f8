namespace Yagura.Logs.Tests;

/// <summary>Bytes, handed out few at a time.</summary>
internal sealed class Drip(byte[] content, int most) : ReadOnlyStream
{
    private int _at;

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(buffer.Length, most), content.Length - _at);
        content.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }
}

/// <summary>The same byte, many times.</summary>
internal sealed class Endless(byte value, long length) : ReadOnlyStream
{
    private long _left = length;

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, _left);
        buffer[..count].Fill(value);
        _left -= count;
        return count;
    }
}

/// <summary>Bytes, a stream, bytes.</summary>
internal sealed class Joined(byte[] before, Stream between, byte[] after) : ReadOnlyStream
{
    private readonly Stream[] _parts = [new MemoryStream(before), between, new MemoryStream(after)];
    private int _part;

    public override int Read(Span<byte> buffer)
    {
        for (; _part < _parts.Length; _part++)
            if (_parts[_part].Read(buffer) is > 0 and var read) return read;
        return 0;
    }
}

internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public abstract override int Read(Span<byte> buffer);
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
