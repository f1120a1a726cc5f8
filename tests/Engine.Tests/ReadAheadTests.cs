using Yagura.Engine.Ingestion;

namespace Yagura.Engine.Tests;

public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ReadAhead.BlockBytes)]
    [InlineData((ReadAhead.Blocks + 3) * ReadAhead.BlockBytes + 7)]
    public void It_gives_the_bytes_of_the_inner_stream(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++) content[i] = (byte)(i % 253);
        using var ahead = new ReadAhead(new MemoryStream(content), CancellationToken.None);
        using var copy = new MemoryStream();
        ahead.CopyTo(copy);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public void A_failure_of_the_inner_stream_reaches_the_reader_after_the_bytes_before_it()
    {
        using var ahead = new ReadAhead(new Failing(ReadAhead.BlockBytes), CancellationToken.None);
        using var copy = new MemoryStream();
        var failed = Assert.Throws<IOException>(() => ahead.CopyTo(copy));
        Assert.Equal("the line is cut", failed.Message);
        Assert.Equal(ReadAhead.BlockBytes, copy.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(ReadAhead.BlockBytes + 100)]
    public void Bytes_of_a_block_that_was_not_full_at_the_failure_are_given_too(int before)
    {
        using var ahead = new ReadAhead(new Failing(before), CancellationToken.None);
        using var copy = new MemoryStream();
        Assert.Throws<IOException>(() => ahead.CopyTo(copy));
        Assert.Equal(before, copy.Length);
    }

    [Fact]
    public void A_failure_of_any_kind_reaches_the_reader()
    {
        using var ahead = new ReadAhead(new Failing(10, new NotSupportedException("a bug")), CancellationToken.None);
        var failed = Assert.Throws<NotSupportedException>(() => ahead.CopyTo(Stream.Null));
        Assert.Equal("a bug", failed.Message);
    }

    [Fact]
    public void Leaving_early_stops_the_fetching()
    {
        var ahead = new ReadAhead(new Failing(long.MaxValue), CancellationToken.None);
        Assert.NotEqual(-1, ahead.ReadByte());
        ahead.Dispose();
    }

    private sealed class Failing(long after, Exception? failure = null) : MemoryStream
    {
        private long _given;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given >= after) throw failure ?? new IOException("the line is cut");
            var count = (int)Math.Min(buffer.Length, after - _given);
            buffer.Span[..count].Clear();
            _given += count;
            return ValueTask.FromResult(count);
        }
    }
}
