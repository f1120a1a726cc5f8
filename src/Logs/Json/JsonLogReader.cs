using System.Runtime.ExceptionServices;
using System.Text.Unicode;

namespace Yagura.Logs.Json;

/// <summary>Takes a text message that travels inside JSON (a line of a flow log in a CloudWatch Logs subscription message) and reports it to the sink.</summary>
/// <param name="line">The message; valid until the call returns.</param>
/// <param name="record">1-based record within the object.</param>
public delegate void LineReader(ReadOnlySpan<byte> line, long record, ILogSink sink);

/// <summary>Reads AWS's JSON logs as a stream of records, whatever they are wrapped in.</summary>
/// <remarks>
/// Framing: delivery files <c>{"Records":[…]}</c>, answers <c>{"Events":[…]}</c>, bare arrays, one object a line, objects without anything between
/// them, printed over many lines or not. A record: a CloudTrail event, an entry of LookupEvents, an EventBridge event, a CloudWatch Logs
/// subscription message, a resolver query; other logs of AWS are recognised and skipped by name, all else is quarantined.
/// One reader serves one thread; between calls it keeps its buffers, which grow to the longest record seen, at most
/// <see cref="LogLimits.JsonRecordBytes"/>. A record that is read allocates nothing.
/// </remarks>
public sealed class JsonLogReader
{
    private const int FirstBuffer = 128 << 10;
    private const int SmallWindow = 4 << 10;
    /// <summary>How far behind and ahead of an opening brace a record's start is recognised, white space included.</summary>
    private const int Sight = 256;

    /// <summary>Where the stream stands between two records.</summary>
    private enum Place
    {
        Outside,
        /// <summary>In an array of records; <see cref="_wrapped"/> when the array is a value of an object.</summary>
        Array,
        /// <summary>In the object around the array, which has ended.</summary>
        AfterArray,
    }

    private readonly RecordWalk _walk;
    private readonly RecordShapes _shapes;
    private readonly Projection.Node _root;
    private byte[] _buffer = new byte[FirstBuffer + RecordWalk.Padding];
    private int _start, _end;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;
    private Place _place;
    private bool _wrapped;
    private byte[] _firstKey = [];

    public JsonLogReader(Projection projection)
    {
        var slots = new FieldSlot[projection.Slots];
        _walk = new RecordWalk(slots);
        _shapes = new RecordShapes(projection, slots);
        _root = projection.Root;
    }

    /// <summary>Reads an object to its end. Each record arrives at the sink exactly once: analysed, quarantined or skipped.</summary>
    /// <param name="content">What follows <paramref name="head"/>, decompressed.</param>
    /// <param name="head">The first bytes, already taken from the stream.</param>
    /// <param name="embedded">Reads text messages inside subscription messages; without it they are quarantined.</param>
    /// <remarks>An error of the stream is passed on after all that came before it has been reported.</remarks>
    public void Read(Stream content, ReadOnlySpan<byte> head, ILogSink sink, LineReader? embedded, CancellationToken cancel)
    {
        Begin(head);
        Fill(content);
        _shapes.Begin(sink, embedded);
        int window = int.MaxValue;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            int end = _end - _start > window ? _start + window : _end;
            _walk.Index(_buffer, _start, end);
            var stop = ReadRecords(end, out var reason);
            if (stop == Stop.Garbage)
            {
                // What follows broken JSON is indexed in small steps, so that a file of nothing but broken records costs no more than linear time.
                window = SmallWindow;
                if (reason is not null) Lose(content, reason, cancel);
            }
            else if (end < _end) window *= 2;
            else
            {
                window = int.MaxValue;
                int left = _end - _start;
                if (left > LogLimits.JsonRecordBytes) Lose(content, TooLong, cancel);
                else if (left >= FirstBuffer / 2 && TryFindRecord(_start + 1, certain: true, out _, out _)) Lose(content, Unclosed, cancel);
                else if (!_ended) Fill(content);
                else if (left > 0 && TryFindRecord(_start + 1, certain: false, out _, out _)) Lose(content, Unclosed, cancel);
                else break;
            }
        }
        if (_place == Place.Array || (_place == Place.Outside && _start < _end)) _shapes.Quarantine("", Cut, _buffer.AsSpan(_start, _end - _start));
        _failure?.Throw();
    }

    private const string TooLong = "the record is longer than 4 MiB";
    private const string Unclosed = "the record does not end before the next one begins";
    private const string Cut = "the input ends in the middle";
    private const string NotJson = "the record is not valid JSON";
    private const string NoRecord = "not a JSON object";
    private const string NotUtf8 = "the record is not valid UTF-8";

    private enum Stop
    {
        /// <summary>The record at <see cref="_start"/>, if any, goes on behind the window.</summary>
        EndOfWindow,
        /// <summary>From <see cref="_start"/> on the index is not to be trusted.</summary>
        Garbage,
    }

    private void Begin(ReadOnlySpan<byte> head)
    {
        if (_buffer.Length < head.Length + RecordWalk.Padding) _buffer = new byte[head.Length + RecordWalk.Padding];
        head.CopyTo(_buffer);
        _start = 0;
        _end = head.Length;
        _ended = false;
        _failure = null;
        _place = Place.Outside;
        _firstKey = [];
    }

    /// <summary>Moves what is left to the front and fills the buffer, which grows while a record fills most of it.</summary>
    private void Fill(Stream content)
    {
        int left = _end - _start, room = _buffer.Length - RecordWalk.Padding;
        var target = _buffer;
        if (left > room / 4 * 3 && room < LogLimits.JsonRecordBytes + FirstBuffer)
            target = new byte[Math.Min(room * 4, LogLimits.JsonRecordBytes + FirstBuffer) + RecordWalk.Padding];
        _buffer.AsSpan(_start, left).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = left;
        try
        {
            while (_end < _buffer.Length - RecordWalk.Padding)
            {
                int read = content.Read(_buffer, _end, _buffer.Length - RecordWalk.Padding - _end);
                _ended = read == 0;
                if (_ended) break;
                _end += read;
            }
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            // A damaged archive: what it gave so far is still good.
            _failure = ExceptionDispatchInfo.Capture(broken);
            _ended = true;
        }
    }

    /// <summary>Reads all whole records of the window; <see cref="_start"/> follows.</summary>
    /// <param name="reason">Why what stands at <see cref="_start"/> is garbage; null when it has been reported.</param>
    private Stop ReadRecords(int end, out string? reason)
    {
        reason = null;
        var positions = _walk.Positions;
        for (int i = 0; ;)
        {
            while (_start < end && _buffer[_start] is (byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _start++;
            if (_place == Place.AfterArray) _start = i < positions.Length ? positions[i] : end;
            if (_start >= end) return Stop.EndOfWindow;
            switch (_place, (char)_buffer[_start])
            {
                case (Place.Outside, '{') when IsContainer(positions[i..]):
                    i += 4;
                    _start = positions[i - 1] + 1;
                    (_place, _wrapped) = (Place.Array, true);
                    break;
                case (Place.Outside or Place.Array, '{'):
                    var ended = ReadRecord(ref i);
                    if (ended == WalkEnd.Incomplete) return Stop.EndOfWindow;
                    if (ended == WalkEnd.Corrupt)
                    {
                        reason = NotJson;
                        return Stop.Garbage;
                    }
                    _start = positions[i - 1] + 1;
                    break;
                case (Place.Outside, '[') when OpensRecords(end):
                    i++;
                    _start++;
                    (_place, _wrapped) = (Place.Array, false);
                    break;
                case (Place.Outside, _) when _buffer.AsSpan(_start, _end - _start).StartsWith("\uFEFF"u8):
                    _start += 3; // a byte order mark
                    break;
                case (Place.Outside, _):
                    if (SkipGarbage()) return Stop.Garbage;
                    if (!_ended && _end - _start < FirstBuffer / 2) return Stop.EndOfWindow; // its end may be about to come
                    reason = NoRecord;
                    return Stop.Garbage;
                case (Place.Array, ']'):
                    i++;
                    _start++;
                    _place = _wrapped ? Place.AfterArray : Place.Outside;
                    break;
                case (Place.AfterArray, '}'):
                    i++;
                    _start++;
                    _place = Place.Outside;
                    break;
                case (Place.AfterArray, '['):
                    i++;
                    _start++;
                    _place = Place.Array;
                    break;
                case (Place.AfterArray, '"'):
                    if (i + 1 >= positions.Length) return Stop.EndOfWindow;
                    i += 2;
                    _start = positions[i - 1] + 1;
                    break;
                case (Place.AfterArray, '{'):
                    if (_walk.Skip(ref i, int.MaxValue) != WalkEnd.Whole) return Stop.EndOfWindow;
                    _start = positions[i - 1] + 1;
                    break;
                default:
                    reason = NoRecord;
                    return Stop.Garbage;
            }
        }
    }

    /// <summary>True for <c>{"Records":[</c> and <c>{"Events":[</c>: four positions in a row.</summary>
    private bool IsContainer(ReadOnlySpan<int> positions)
    {
        if (positions.Length < 4 || _buffer[positions[1]] != '"' || _buffer[positions[3]] != '[') return false;
        var key = _buffer.AsSpan(positions[1] + 1, positions[2] - positions[1] - 1);
        if (!key.SequenceEqual("Records"u8) && !key.SequenceEqual("Events"u8)) return false;
        return _buffer.AsSpan(positions[2] + 1, positions[3] - positions[2] - 1).Trim(" \n\r\t"u8).SequenceEqual(":"u8);
    }

    /// <summary>True when the bracket at <see cref="_start"/> is not the beginning of a line of text.</summary>
    private bool OpensRecords(int end)
    {
        int next = RecordWalk.SkipBlanks(_buffer, _start + 1, end);
        return next >= end || _buffer[next] is (byte)'{' or (byte)']';
    }

    /// <param name="i">The index of the record's opening brace; moves behind the record unless it is incomplete or corrupt.</param>
    private WalkEnd ReadRecord(ref int i)
    {
        int first = i;
        var ended = _walk.Read(_root, ref i);
        if (ended is WalkEnd.TooDeep or WalkEnd.BadEscape)
        {
            i = first;
            if (_walk.Skip(ref i, int.MaxValue) == WalkEnd.Incomplete) return WalkEnd.Incomplete;
        }
        if (ended is WalkEnd.Incomplete or WalkEnd.Corrupt) return ended;

        int start = _walk.Positions[first], end = _walk.Positions[i - 1] + 1;
        var record = _buffer.AsSpan(start, end - start);
        if (record.Length > LogLimits.JsonRecordBytes) _shapes.Quarantine("", TooLong, record);
        else if (!_walk.IsUtf8 && !Utf8.IsValid(record)) _shapes.Quarantine("", NotUtf8, record);
        else _shapes.Report(_walk, first, i, ended);
        if (_place == Place.Array && _firstKey.Length == 0) LearnFirstKey(_walk.Positions[first..]);
        return WalkEnd.Whole;
    }

    /// <summary>The first key of an array's first record is that of them all, as whoever wrote the array writes them all alike.</summary>
    private void LearnFirstKey(ReadOnlySpan<int> positions)
    {
        var key = _buffer.AsSpan(positions[1] + 1, _buffer[positions[1]] == '"' ? positions[2] - positions[1] - 1 : 0);
        if (!key.IsEmpty && key.Length < Sight / 2 && !key.SequenceEqual("eventVersion"u8)) _firstKey = key.ToArray();
    }

    /// <summary>Quarantines text between records, up to the end of its line or the next record.</summary>
    /// <returns>False when neither is in sight.</returns>
    private bool SkipGarbage()
    {
        for (int at = _start + 1; at < _end; at++)
        {
            at += _buffer.AsSpan(at, _end - at).IndexOfAny((byte)'\n', (byte)'{') is >= 0 and var found ? found : _end - at;
            if (at == _end || (_buffer[at] == '{' && !OpensKey(at))) continue;
            _shapes.Quarantine("", NoRecord, _buffer.AsSpan(_start, at - _start));
            _start = at;
            return true;
        }
        return false;
    }

    /// <summary>Gives up what stands at <see cref="_start"/> and goes on at the next record, as far away as it may be.</summary>
    private void Lose(Stream content, string reason, CancellationToken cancel)
    {
        int from = _start + 1;
        for (bool reported = false; ;)
        {
            cancel.ThrowIfCancellationRequested();
            bool found = TryFindRecord(from, certain: false, out int next, out var place);
            if (found) _place = place;
            else next = _end;
            bool last = found || _ended;
            if (!reported && (last || next - _start >= LogLimits.QuarantinedBytes))
            {
                _shapes.Quarantine("", reason, _buffer.AsSpan(_start, next - _start).TrimEnd(", \n\r\t"u8));
                reported = true;
            }
            if (last)
            {
                _start = next;
                if (!found) _place = Place.Outside;
                return;
            }
            from = Math.Max(from, _end - Sight);
            if (reported) _start = Math.Max(_start, from - Sight);
            from -= _start;
            Fill(content);
        }
    }

    /// <summary>Finds where a record begins for sure, without knowing whether the bytes before it are inside a string.</summary>
    /// <remarks>In an array that is <c>{"eventVersion"</c> (or the first key of its other records) behind a comma or a bracket. No string can
    /// fake it, whatever an attacker gets logged: inside a string a quote is escaped, so the quote behind the brace would end the string,
    /// and no key's first letter follows the end of a string. Outside arrays it is an object's beginning right behind another's end, or
    /// at the beginning of a line: strings have no raw line feeds either.</remarks>
    /// <param name="certain">Leaves out what a whole record that is printed oddly may have inside.</param>
    private bool TryFindRecord(int from, bool certain, out int at, out Place place)
    {
        place = _place;
        for (at = from; at < _end; at++)
        {
            if (_buffer.AsSpan(at, _end - at).IndexOf((byte)'{') is >= 0 and var skipped) at += skipped;
            else break;
            if (!OpensKey(at)) continue;
            int before = at - 1, sight = Math.Max(_start, at - Sight);
            while (before >= sight && _buffer[before] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') before--;
            var previous = before >= sight ? _buffer[before] : (byte)0;
            bool lineBegins = _buffer[at - 1] == '\n';
            if (_place == Place.Array && previous is (byte)',' or (byte)'[' or (byte)'}' && HasFirstKey(at)) return true;
            if (previous == '}' || (lineBegins && _place != Place.Array && !(certain && previous is (byte)',' or (byte)'[' or (byte)':')))
            {
                place = Place.Outside;
                return true;
            }
        }
        return false;
    }

    /// <summary>True for a brace with a key behind it that begins with a letter.</summary>
    private bool OpensKey(int at)
    {
        int quote = RecordWalk.SkipBlanks(_buffer, at + 1, Math.Min(_end, at + Sight / 2));
        return quote + 1 < _end && _buffer[quote] == '"' && char.IsAsciiLetter((char)_buffer[quote + 1]);
    }

    private bool HasFirstKey(int at)
    {
        int quote = RecordWalk.SkipBlanks(_buffer, at + 1, _end);
        var text = _buffer.AsSpan(quote + 1, _end - quote - 1);
        return text.StartsWith("eventVersion\""u8) || (_firstKey.Length > 0 && text.Length > _firstKey.Length && text.StartsWith(_firstKey) && text[_firstKey.Length] == '"');
    }
}
