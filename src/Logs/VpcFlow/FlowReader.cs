using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Yagura.Core;
using Yagura.Logs.Text;

namespace Yagura.Logs.VpcFlow;

/// <summary>Reads VPC flow logs in text form, any format of versions 2 to 8 and later.</summary>
/// <remarks><code>
/// version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
/// 2 111122223333 eni-0a1b2c3d4e5f60718 192.0.2.10 198.51.100.7 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK
/// </code>
/// A header line sets the format from there on (files may be joined); without one the format is the given one, else the default of version 2. "-" means nothing
/// recorded. Bytes are octets, times Unix seconds. Nothing is allocated for a record. Source: Amazon VPC user guide, "Flow log records".</remarks>
internal sealed class FlowReader(FlowFormat? given)
{
    private const long LastSecond = 253_402_300_799; // the end of the year 9999, where DateTimeOffset ends

    private readonly FlowFormat _given = given ?? FlowFormat.Default;
    private readonly LineBlocks _blocks = new();
    private readonly Separators _separators = new();
    private FlowRecord _record = new(FlowFormat.Default);
    private FlowFormat? _format;
    private byte[] _line = [];

    /// <summary>Reads a whole object.</summary>
    public void Read(Stream content, ReadOnlySpan<byte> head, ILogSink sink, CancellationToken cancel)
    {
        Use(_given);
        _blocks.Begin(content, head);
        long number = 0;
        while (_blocks.Next(cancel) is var kind and not BlockKind.End)
        {
            if (kind != BlockKind.Lines)
            {
                sink.Quarantine(new(++number, "", TextLine.Reason(kind), _blocks.Buffer.AsSpan(_blocks.Start, _blocks.End - _blocks.Start)));
                continue;
            }
            var (buffer, start) = (_blocks.Buffer, _blocks.Start);
            _separators.Index(buffer.AsSpan(start, _blocks.End - start), start);
            var first = 0;
            foreach (var last in _separators.Lines)
            {
                var ends = _separators.Ends.Slice(first, last + 1 - first);
                if (!TryReadDefault(buffer, start, ends, ++number, sink)) ReadLine(buffer, start, ends, number, sink);
                first = last + 1;
                start = ends[^1] + 1;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadDefault(byte[] buffer, int start, ReadOnlySpan<int> ends, long number, ILogSink sink)
    {
        if (!DefaultLine.IsSupported || ends.Length != DefaultLine.Columns || !_format!.IsDefault || _separators.Suspicious) return false;
        var record = _record;
        if (!DefaultLine.TryRead(record, ref MemoryMarshal.GetArrayDataReference(buffer), start, ref MemoryMarshal.GetReference(ends))) return false;
        record.Begin(buffer, start, ends[DefaultLine.Columns - 1] - start);
        record.Record = number;
        sink.Handle(record);
        return true;
    }

    /// <summary>Begins a source of single lines, in the given format unless another is named.</summary>
    public void Use(FlowFormat? format)
    {
        format ??= _given;
        if (ReferenceEquals(format, _format)) return;
        _format = format;
        // A record keeps what the lines before it set: with other columns it must begin empty.
        _record = new(format);
    }

    /// <summary>Reads one line by the format in use, from wherever it stood.</summary>
    public void ReadLine(ReadOnlySpan<byte> line, long number, ILogSink sink)
    {
        line = line.TrimEnd("\r\n"u8);
        if (_line.Length < line.Length + LineBlocks.Padding) _line = new byte[Math.Max(1024, 2 * (line.Length + LineBlocks.Padding))];
        line.CopyTo(_line);
        _separators.Index(_line.AsSpan(0, line.Length), 0);
        if (_separators.LineCount == 1) ReadLine(_line, 0, _separators.Ends, number, sink);
        else if (!line.IsEmpty) sink.Quarantine(new(number, "", "a line feed within the line", line));
    }

    /// <summary>True when the line has the shape of a record in the given format: as many fields, and numbers and addresses where they belong.</summary>
    public bool Fits(ReadOnlySpan<byte> line)
    {
        var fit = new Probe();
        Use(_given);
        ReadLine(line, 0, fit);
        return fit.Read;
    }

    private void ReadLine(byte[] buffer, int start, ReadOnlySpan<int> ends, long number, ILogSink sink)
    {
        var end = ends[^1];
        if (_separators.Suspicious && !TextLine.IsPlain(buffer, start, ref end, out var unfit))
        {
            sink.Quarantine(new(number, "", unfit, buffer.AsSpan(start, end - start)));
            return;
        }
        if (end == start) return;
        var line = new ReadOnlySpan<byte>(buffer, start, end - start);
        if (line[0] is >= (byte)'a' and <= (byte)'z' && FlowFormat.IsHeader(line))
        {
            Use(FlowFormat.TryParse(line, out var useless) ?? FlowFormat.None);
            if (useless.Length > 0) sink.Quarantine(new(number, "header", useless, line));
            return;
        }

        var columns = _format!.Columns;
        if (columns.Length != ends.Length)
        {
            sink.Quarantine(new(number, "", _format.WrongCount, line));
            return;
        }
        var record = _record;
        record.Begin(buffer, start, end - start);
        record.Record = number;
        var status = LogStatus.Ok;
        var from = start;
        for (var i = 0; i < columns.Length; i++)
        {
            var to = i == columns.Length - 1 ? end : ends[i];
            if (!TrySet(columns[i], record, buffer, from, to - from, ref status))
            {
                sink.Quarantine(new(number, _format.Names[i], "a value that does not fit the field", line));
                return;
            }
            from = to + 1;
        }
        if (status != LogStatus.Ok) sink.Skip(LogType.VpcFlow, status == LogStatus.NoData ? "NODATA" : "SKIPDATA");
        else if (record.Start == default && record.End == default) sink.Quarantine(new(number, "start", "no time recorded", line));
        else
        {
            record.Time = record.Start != default ? record.Start : record.End;
            sink.Handle(record);
        }
    }

    private enum LogStatus : byte { Ok, NoData, SkipData }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySet(FlowField field, FlowRecord record, byte[] buffer, int start, int length, ref LogStatus status)
    {
        bool fits;
        long number;
        IpAddress address;
        switch (field)
        {
            case FlowField.Version:
                return TryNumber(buffer, start, length, int.MaxValue, out _);
            case FlowField.AccountId:
                return TryText(buffer, start, length, out record.AccountText);
            case FlowField.InterfaceId:
                return TryText(buffer, start, length, out record.InterfaceText);
            case FlowField.VpcId:
                return TryText(buffer, start, length, out record.VpcText);
            case FlowField.SubnetId:
                return TryText(buffer, start, length, out record.SubnetText);
            case FlowField.InstanceId:
                return TryText(buffer, start, length, out record.InstanceText);
            case FlowField.Region:
                return TryText(buffer, start, length, out record.RegionText);
            case FlowField.SourceAddress:
                fits = TryAddress(buffer, start, length, out address);
                record.Source = address;
                return fits;
            case FlowField.DestinationAddress:
                fits = TryAddress(buffer, start, length, out address);
                record.Destination = address;
                return fits;
            case FlowField.PacketSourceAddress:
                fits = TryAddress(buffer, start, length, out address);
                record.PacketSource = address;
                return fits;
            case FlowField.PacketDestinationAddress:
                fits = TryAddress(buffer, start, length, out address);
                record.PacketDestination = address;
                return fits;
            case FlowField.SourcePort:
                fits = TryNumber(buffer, start, length, ushort.MaxValue, out number);
                record.SourcePort = (ushort)number;
                return fits;
            case FlowField.DestinationPort:
                fits = TryNumber(buffer, start, length, ushort.MaxValue, out number);
                record.DestinationPort = (ushort)number;
                return fits;
            case FlowField.Protocol:
                fits = TryNumber(buffer, start, length, byte.MaxValue, out number);
                record.Protocol = (byte)number;
                return fits;
            case FlowField.Packets:
                fits = TryNumber(buffer, start, length, long.MaxValue, out number);
                record.Packets = number;
                return fits;
            case FlowField.Bytes:
                fits = TryNumber(buffer, start, length, long.MaxValue, out number);
                record.Bytes = number;
                return fits;
            case FlowField.Start:
                fits = TryNumber(buffer, start, length, LastSecond, out number);
                record.Start = fits && number > 0 ? DateTimeOffset.FromUnixTimeSeconds(number) : default;
                return fits;
            case FlowField.End:
                fits = TryNumber(buffer, start, length, LastSecond, out number);
                record.End = fits && number > 0 ? DateTimeOffset.FromUnixTimeSeconds(number) : default;
                return fits;
            case FlowField.TcpFlags:
                fits = TryNumber(buffer, start, length, byte.MaxValue, out number);
                record.Flags = length == 1 && buffer[start] == '-' ? null : (TcpFlags)number;
                return fits;
            case FlowField.Action:
                return TryAction(buffer.AsSpan(start, length), record);
            case FlowField.FlowDirection:
                return TryDirection(buffer.AsSpan(start, length), record);
            case FlowField.LogStatus:
                return TryStatus(buffer.AsSpan(start, length), ref status);
            default:
                return length > 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryText(byte[] buffer, int start, int length, out FlowRecord.Text text)
    {
        text = new() { Start = start, Length = length == 1 && buffer[start] == '-' ? 0 : length };
        return length > 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNumber(byte[] buffer, int start, int length, long most, out long number) =>
        (Digits.TryRead(buffer, start, length, out number) && number <= most) || IsNothing(buffer, start, length, out number);

    private static bool IsNothing(byte[] buffer, int start, int length, out long number)
    {
        number = 0;
        return length == 1 && buffer[start] == '-';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryAddress(byte[] buffer, int start, int length, out IpAddress address)
    {
        if (Digits.TryReadV4(buffer, start, length, out var bits))
        {
            address = IpAddress.FromV4(bits);
            return true;
        }
        return TryOtherAddress(buffer.AsSpan(start, length), out address);
    }

    private static bool TryOtherAddress(ReadOnlySpan<byte> text, out IpAddress address) => IpAddress.TryParse(text, out address) || text is [(byte)'-'];

    private static bool TryAction(ReadOnlySpan<byte> text, FlowRecord record)
    {
        record.Action = text.SequenceEqual("ACCEPT"u8) ? FlowAction.Accept : text.SequenceEqual("REJECT"u8) ? FlowAction.Reject : FlowAction.None;
        return record.Action != FlowAction.None || text is [(byte)'-'];
    }

    private static bool TryDirection(ReadOnlySpan<byte> text, FlowRecord record)
    {
        record.Direction = text.SequenceEqual("ingress"u8) ? FlowDirection.Ingress : text.SequenceEqual("egress"u8) ? FlowDirection.Egress : FlowDirection.Unknown;
        return record.Direction != FlowDirection.Unknown || text is [(byte)'-'];
    }

    private static bool TryStatus(ReadOnlySpan<byte> text, ref LogStatus status)
    {
        if (text.SequenceEqual("OK"u8)) return true;
        status = text.SequenceEqual("NODATA"u8) ? LogStatus.NoData : text.SequenceEqual("SKIPDATA"u8) ? LogStatus.SkipData : LogStatus.Ok;
        return status != LogStatus.Ok || text is [(byte)'-'];
    }

    /// <summary>Notes only whether a line could be read.</summary>
    private sealed class Probe : ILogSink
    {
        public bool Read { get; private set; }
        public void Handle(ApiCall call) => Read = true;
        public void Handle(FlowRecord flow) => Read = true;
        public void Handle(DnsQuery query) => Read = true;
        public void Quarantine(in Misfit misfit) { }
        public void Skip(LogType logType, string reason, long records = 1) => Read = true;
    }
}
