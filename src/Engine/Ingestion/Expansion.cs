using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using ZstdSharp;

namespace Yagura.Engine.Ingestion;

/// <summary>Limits on what one object may expand to.</summary>
public static class ExpansionLimits
{
    /// <summary>Most bytes one object may hold after decompression: 16 GiB. AWS cuts its log files far below.</summary>
    public const long Bytes = 16L << 30;

    /// <summary>Highest ratio of decompressed to stored bytes. Repetitive logs reach 30, the worst real ones 100.</summary>
    public const int Ratio = 200;

    /// <summary>Most bytes of an object that is copied to a temporary file to be read in any order: 1 GiB. AWS's Parquet flow logs stay far below.</summary>
    public const long SpooledBytes = 1L << 30;

    /// <summary>Decompressed bytes from which on the ratio is looked at: short files of one repeated line are harmless.</summary>
    public const long RatioFrom = 64 << 20;
}

/// <summary>The content of a stored object: plain, gzip (any number of members) or zstd by its first bytes, within <see cref="ExpansionLimits"/>.</summary>
/// <remarks>Reading throws <see cref="InvalidDataException"/> with a sentence for people when the object is damaged, cut off or expands without end.
/// That a gzip is cut off is only noticed with <c>System.IO.Compression.UseStrictValidation</c>, which Directory.Build.props sets for every program.</remarks>
public sealed class Expansion : Stream
{
    private readonly StoredBytes _stored;
    private readonly Stream _content;
    private readonly bool _compressed;
    private FileStream? _spooled;

    private Expansion(StoredBytes stored, Stream content, bool compressed, bool isParquet = false)
    {
        IsParquet = isParquet;
        _stored = stored;
        _content = content;
        _compressed = compressed;
    }

    /// <summary>A Parquet file, which is read from its end: see <see cref="InAnyOrder"/>.</summary>
    public bool IsParquet { get; }

    /// <summary>Decompressed bytes so far.</summary>
    public long Expanded { get; private set; }

    /// <summary>Stored bytes so far.</summary>
    public long Stored => _stored.Count;

    /// <summary>Hash of the stored bytes read so far; of the whole object once it was read to its end.</summary>
    public UInt128 Identity => _stored.Hash;

    /// <param name="stored">Stays open.</param>
    public static Expansion Of(Stream stored)
    {
        var bytes = new StoredBytes(stored);
        Span<byte> head = stackalloc byte[4];
        var seen = head[..bytes.Peek(head)];
        if (seen.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return new(bytes, new GZipStream(bytes, CompressionMode.Decompress), compressed: true);
        if (seen.SequenceEqual((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])) return new(bytes, new DecompressionStream(bytes), compressed: true);
        return new(bytes, bytes, compressed: false, isParquet: seen.SequenceEqual("PAR1"u8));
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _content.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"the compressed data is damaged or cut off after {Expanded} bytes of content", e);
        }
        Expanded += count;
        if (Expanded > ExpansionLimits.Bytes) throw new InvalidDataException($"holds more than {ExpansionLimits.Bytes >> 30} GiB");
        if (_compressed && Expanded > ExpansionLimits.RatioFrom && Expanded / ExpansionLimits.Ratio > Stored)
            throw new InvalidDataException($"expands to more than {ExpansionLimits.Ratio} times its size");
        return count;
    }

    /// <summary>The content of an object that is not compressed and was not read yet, in a stream that seeks: the stored one itself where it can,
    /// else a temporary file, which is gone when this is disposed.</summary>
    /// <returns>Not to be disposed by the caller.</returns>
    /// <exception cref="InvalidDataException">The object must be copied and is larger than <see cref="ExpansionLimits.SpooledBytes"/>.</exception>
    public Stream InAnyOrder(CancellationToken cancel)
    {
        if (_stored.Rewind(cancel) is { } stored)
        {
            Expanded = Stored;
            return stored;
        }
        _spooled = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
        var buffer = new byte[1 << 16];
        while (Read(buffer.AsSpan()) is > 0 and var count)
        {
            cancel.ThrowIfCancellationRequested();
            if (Expanded > ExpansionLimits.SpooledBytes)
                throw new InvalidDataException($"a Parquet file of more than {ExpansionLimits.SpooledBytes >> 30} GiB, which must lie in a local folder to be read");
            _spooled.Write(buffer, 0, count);
        }
        _spooled.Position = 0;
        return _spooled;
    }

    /// <summary>Reads what was left unread, so that <see cref="Identity"/> covers the whole object.</summary>
    public void DrainStored(CancellationToken cancel) => _stored.Drain(cancel);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => Expanded; set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _spooled?.Dispose();
            _content.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>The stored bytes as they come, counted and hashed, with a look at the first ones.</summary>
    private sealed class StoredBytes(Stream inner) : Stream
    {
        private readonly XxHash128 _hash = new();
        private readonly byte[] _head = new byte[4];
        private int _headLength, _headTaken;
        private bool _ended;

        public long Count { get; private set; }
        public UInt128 Hash => _hash.GetCurrentHashAsUInt128();

        public int Peek(Span<byte> head)
        {
            _headLength = inner.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
            _hash.Append(_head.AsSpan(0, _headLength));
            _head.CopyTo(head);
            return _headLength;
        }

        public override int Read(Span<byte> buffer)
        {
            int count;
            if (_headTaken < _headLength)
            {
                count = Math.Min(buffer.Length, _headLength - _headTaken);
                _head.AsSpan(_headTaken, count).CopyTo(buffer);
                _headTaken += count;
            }
            else
            {
                count = inner.Read(buffer);
                _hash.Append(buffer[..count]);
            }
            Count += count;
            return count;
        }

        public void Drain(CancellationToken cancel)
        {
            if (_ended) return;
            var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
            try
            {
                while (Read(buffer) > 0) cancel.ThrowIfCancellationRequested();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
            _ended = true;
        }

        /// <summary>The inner stream at its beginning, after all of it was counted and hashed; null where it only goes forward.</summary>
        public Stream? Rewind(CancellationToken cancel)
        {
            if (!inner.CanSeek) return null;
            Drain(cancel);
            inner.Position = 0;
            return inner;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Count; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
