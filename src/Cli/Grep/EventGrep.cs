using System.Text;
using System.Text.Json;
using Yagura.Cli.Output;
using Yagura.Engine.Ingestion;
using Yagura.Matching;

namespace Yagura.Cli.Grep;

/// <summary>Copies the events that a filter matches to a stream, one a line, as they were written.</summary>
/// <remarks>A line that holds several events, a CloudTrail file (<c>{"Records":[…]}</c>) or a list, is taken apart.</remarks>
/// <param name="isTerminal">The output is looked at as it comes: what a terminal would obey becomes a visible mark.</param>
internal sealed class EventGrep(EventFilter filter, Stream output, bool isTerminal = false)
{
    /// <summary>Longest line, in bytes: a CloudTrail file is one line.</summary>
    public const int LongestLine = 512 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private long _line;

    public long Matched { get; private set; }

    /// <summary>Events that may have matched: to find out would have taken too long.</summary>
    public long Undecided { get; private set; }

    /// <summary>Lines that are no event, or none within the limits of events.</summary>
    public long Misfits { get; private set; }

    /// <summary>The number of the first of them within its file, from 1; lines that follow it in later files change nothing.</summary>
    public long FirstMisfit { get; private set; }

    /// <param name="input">Plain, gzip or zstd.</param>
    /// <exception cref="InvalidDataException">The content is damaged, or expands without end.</exception>
    public void Read(Stream input, CancellationToken cancel)
    {
        _line = 0;
        using var content = Expansion.Of(input);
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
        else if (!TryParts(line)) One(line);
    }

    private void One(ReadOnlyMemory<byte> json)
    {
        var matches = filter(json, out var fault);
        if (fault == EventFault.TooManySteps && !matches) Undecided++;
        else if (fault is not (EventFault.None or EventFault.TooManySteps)) Misfit();
        if (!matches) return;
        Matched++;
        output.Write(isTerminal ? Encoding.UTF8.GetBytes(Terminal.Safe(Encoding.UTF8.GetString(json.Span))) : json.Span);
        output.WriteByte((byte)'\n');
    }

    private void Misfit()
    {
        if (Misfits++ == 0) FirstMisfit = _line;
    }

    /// <summary>Takes a line that holds several events apart. They are not gathered first: a line may hold more of them than there is memory.</summary>
    /// <returns>False, with nothing done, for any other line, and where its first value is damaged.</returns>
    private bool TryParts(ReadOnlyMemory<byte> line)
    {
        if (line.Span[0] != '[' && !(line.Span[0] == '{' && line.Span[1..].TrimStart(" \t"u8).StartsWith("\"Records\""u8))) return false;
        // Several values stand on one line where files without a line feed at their end were put together.
        var start = 0;
        while (start < line.Length && TryEndOf(line.Span[start..], out var length))
        {
            if (length == 0) return true;
            Parts(line.Slice(start, length));
            start += length;
        }
        if (start is > 0 && start < line.Length) Misfit();
        return start > 0;
    }

    /// <param name="length">Where the first value ends, of whose JSON there is no more doubt; 0 where there is none.</param>
    private static bool TryEndOf(ReadOnlySpan<byte> json, out int length)
    {
        length = 0;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
            if (!reader.Read()) return true;
            reader.Skip();
            length = (int)reader.BytesConsumed;
            return true;
        }
        catch (JsonException)
        {
            return false; // the filter will say that it is no event
        }
    }

    /// <param name="json">One value: a list, a CloudTrail file, or an event.</param>
    private void Parts(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isList = reader.TokenType == JsonTokenType.StartArray
            || (reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("Records"u8) && reader.Read() && reader.TokenType == JsonTokenType.StartArray);
        if (!isList)
        {
            One(json[start..]);
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            One(json[from..(int)reader.BytesConsumed]);
        }
    }

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> line)
    {
        if (line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
        while (!line.IsEmpty && line.Span[^1] is (byte)'\r' or (byte)' ' or (byte)'\t') line = line[..^1];
        while (!line.IsEmpty && line.Span[0] is (byte)' ' or (byte)'\t') line = line[1..];
        return line;
    }
}
