using System.IO.Compression;
using System.Text.Json;

namespace Yagura.Cli.Grep;

/// <summary>Copies the events that a filter matches to a stream, one a line, as they were written.</summary>
/// <remarks>A line that holds several events, a CloudTrail file (<c>{"Records":[…]}</c>) or a list, is taken apart.</remarks>
internal sealed class EventGrep(EventFilter filter, Stream output)
{
    /// <summary>Longest line, in bytes: a CloudTrail file is one line.</summary>
    public const int LongestLine = 512 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private long _line;

    public long Matched { get; private set; }

    /// <summary>Lines that are no event.</summary>
    public long Misfits { get; private set; }

    /// <summary>The number of the first of them within its file, from 1; lines that follow it in later files change nothing.</summary>
    public long FirstMisfit { get; private set; }

    /// <exception cref="InvalidDataException">The content is gzip that is damaged.</exception>
    public void Read(Stream input, CancellationToken cancel)
    {
        _line = 0;
        var head = new byte[2];
        var read = input.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        using var whole = new Rejoined(head.AsMemory(0, read), input);
        using var content = read == 2 && head[0] == 0x1F && head[1] == 0x8B ? new GZipStream(whole, CompressionMode.Decompress) : (Stream)whole;
        int start = 0, end = 0, searched = 0;
        var skipping = false;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (start > 0 && start == end) start = end = searched = 0;
            if (end == _buffer.Length) Room(ref start, ref end, ref searched, ref skipping);
            var got = content.Read(_buffer, end, _buffer.Length - end);
            if (got == 0) break;
            end += got;
            while (_buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n') is >= 0 and var found)
            {
                Line(start, searched + found, skipping);
                skipping = false;
                start = searched = searched + found + 1;
            }
            searched = end;
        }
        if (start < end || skipping) Line(start, end, skipping);
    }

    /// <summary>Makes room behind what is read; a line that is too long is thrown away.</summary>
    private void Room(ref int start, ref int end, ref int searched, ref bool skipping)
    {
        if (start > 0)
        {
            Buffer.BlockCopy(_buffer, start, _buffer, 0, end - start);
            (end, searched, start) = (end - start, searched - start, 0);
        }
        else if (_buffer.Length < LongestLine) Array.Resize(ref _buffer, Math.Min(LongestLine, _buffer.Length * 2));
        else (start, end, searched, skipping) = (0, 0, 0, true);
    }

    private void Line(int start, int end, bool tooLong)
    {
        _line++;
        var line = Trimmed(_buffer.AsMemory(start, end - start));
        if (line.IsEmpty && !tooLong) return;
        if (tooLong) Misfit();
        else if (Parts(line) is { } parts)
        {
            foreach (var part in parts) One(part);
        }
        else One(line);
    }

    private void One(ReadOnlyMemory<byte> json)
    {
        var matches = filter(json, out var isEvent);
        if (!isEvent) Misfit();
        if (!matches) return;
        Matched++;
        output.Write(json.Span);
        output.WriteByte((byte)'\n');
    }

    private void Misfit()
    {
        if (Misfits++ == 0) FirstMisfit = _line;
    }

    /// <summary>The events of a line that holds several; null for any other line.</summary>
    private static List<ReadOnlyMemory<byte>>? Parts(ReadOnlyMemory<byte> line)
    {
        if (line.Span[0] != '[' && !(line.Span[0] == '{' && line.Span[1..].TrimStart(" \t"u8).StartsWith("\"Records\""u8))) return null;
        try
        {
            // Several values stand on one line where files without a line feed at their end were put together.
            var reader = new Utf8JsonReader(line.Span, new JsonReaderOptions { AllowMultipleValues = true });
            var parts = new List<ReadOnlyMemory<byte>>();
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                var whole = reader;
                whole.Skip();
                if (reader.TokenType == JsonTokenType.StartObject && !(reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("Records"u8) && reader.Read() && reader.TokenType == JsonTokenType.StartArray))
                {
                    parts.Add(line[start..(int)whole.BytesConsumed]);
                }
                else
                {
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        var from = (int)reader.TokenStartIndex;
                        reader.Skip();
                        parts.Add(line[from..(int)reader.BytesConsumed]);
                    }
                }
                reader = whole;
            }
            return parts;
        }
        catch (JsonException)
        {
            return null; // the filter will say that it is no event
        }
    }

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> line)
    {
        if (line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
        while (!line.IsEmpty && line.Span[^1] is (byte)'\r' or (byte)' ' or (byte)'\t') line = line[..^1];
        while (!line.IsEmpty && line.Span[0] is (byte)' ' or (byte)'\t') line = line[1..];
        return line;
    }

    /// <summary>The bytes that were read to see what a stream holds, and the rest of it.</summary>
    private sealed class Rejoined(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_head.IsEmpty) return rest.Read(buffer);
            var taken = Math.Min(_head.Length, buffer.Length);
            _head.Span[..taken].CopyTo(buffer);
            _head = _head[taken..];
            return taken;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
