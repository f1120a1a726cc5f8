using System.Runtime.ExceptionServices;
using System.Text.Unicode;
using Yagura.Logs.Json;
using Yagura.Logs.S3Access;
using Yagura.Logs.Text;
using Yagura.Logs.VpcFlow;

namespace Yagura.Logs;

/// <summary>What a reader has to be told, because the logs do not say it.</summary>
/// <param name="FlowFormat">The format of flow logs that come without a header line, as they were created with:
/// <c>${version} ${account-id} …</c> or the bare names; null for AWS's default format.</param>
/// <param name="Projection">The paths of JSON records that rules read.</param>
public sealed record LogOptions(string? FlowFormat, Projection Projection);

/// <summary>Reads any log object: finds its format by its first bytes and gives every record of it to a sink.</summary>
/// <remarks>One per reading thread, used again for each object: its buffers stay. Memory is bounded by <see cref="LogLimits"/>, whatever the content.
/// Content never makes it throw; what the stream itself throws (a truncated gzip) is passed on after the records before it were given.</remarks>
public sealed class LogObject
{
    private const int HeadBytes = 16 << 10;

    // A first line may be damaged; one of the next tells the format.
    private const int LinesLookedAt = 16;

    private readonly JsonLogReader _json;
    private readonly LineReader _embedded;
    private readonly FlowReader _flow;
    private readonly FlowParquet _flowParquet;
    private readonly S3AccessReader _s3Access;
    private readonly LineBlocks _lines = new();
    private readonly byte[] _head = new byte[HeadBytes];

    /// <exception cref="ArgumentException">The flow format is none that records can be read by; the message says why.</exception>
    public LogObject(LogOptions options)
    {
        FlowFormat? format = null;
        if (options.FlowFormat is { } text && (format = FlowFormat.TryParse(text, out var reason)) is null)
            throw new ArgumentException($"the flow log format cannot be used: {reason}", nameof(options));
        _json = new(options.Projection);
        _flow = new(format);
        _flowParquet = new(_flow);
        _s3Access = new(options.Projection);
        _embedded = ReadEmbedded;
    }

    /// <param name="content">Decompressed, limited in size by the caller. A Parquet file is read from its end and needs a stream that can seek.</param>
    /// <param name="name">Path or key: a hint where the content leaves doubt.</param>
    public void Read(Stream content, string name, ILogSink sink, CancellationToken cancel)
    {
        var head = _head.AsSpan(0, ReadHead(ref content));
        if (head.StartsWith("PAR1"u8))
        {
            _flowParquet.Read(content, sink, cancel);
            return;
        }
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        if (head.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..])
        {
            _json.Read(content, head, sink, _embedded, cancel);
            return;
        }
        var format = FormatOf(head, name);
        switch (format.Kind)
        {
            case TextKind.Blank:
                Count(content, head, cancel);
                break;
            case TextKind.Flow:
                _flow.Read(content, head, sink, cancel);
                break;
            case TextKind.S3Access:
                _s3Access.Read(content, head, sink, cancel);
                break;
            case TextKind.NotAnalysed:
                sink.Skip(format.LogType, format.Reason, Count(content, head, cancel));
                break;
            case TextKind.Unknown:
                sink.Quarantine(new(1, "", format.Reason, head));
                break;
        }
    }

    /// <summary>A text message of CloudWatch Logs; those that reach a subscription as plain lines are flow logs.</summary>
    private void ReadEmbedded(ReadOnlySpan<byte> line, long record, ILogSink sink)
    {
        _flow.Use(null);
        _flow.ReadLine(line, record, sink);
    }

    /// <summary>Fills the head as far as the stream goes. Where it fails at once, the rest is a stream that fails: what was read before is used.</summary>
    private int ReadHead(ref Stream content)
    {
        var filled = 0;
        try
        {
            while (filled < HeadBytes && content.Read(_head.AsSpan(filled)) is > 0 and var read) filled += read;
        }
        catch (Exception failure)
        {
            content = new FailedStream(ExceptionDispatchInfo.Capture(failure));
        }
        return filled;
    }

    private enum TextKind { Blank, Flow, S3Access, NotAnalysed, Unknown }

    private readonly record struct TextFormat(TextKind Kind, LogType LogType = LogType.Unknown, string Reason = "");

    private TextFormat FormatOf(ReadOnlySpan<byte> head, string name)
    {
        var rest = head.TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty) return new(TextKind.Blank);
        if (rest.StartsWith("#Version: 1.0"u8)) return new(TextKind.NotAnalysed, LogType.Unknown, "CloudFront access log, not analysed yet");
        for (var i = 0; i < LinesLookedAt && !rest.IsEmpty; i++)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            if (FlowFormat.IsHeaderOfFlows(line) || _flow.Fits(line)) return new(TextKind.Flow);
            if (S3AccessReader.Fits(line)) return new(TextKind.S3Access);
            if (OtherLogs.IsLoadBalancer(line)) return new(TextKind.NotAnalysed, LogType.Elb, "not analysed yet");
            if (OtherLogs.IsDatabase(line)) return new(TextKind.NotAnalysed, LogType.Rds, "not analysed yet");
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        return IsBinary(head) ? new(TextKind.Unknown, Reason: "binary content, no known log format")
            : name.Contains("vpcflowlogs", StringComparison.OrdinalIgnoreCase) ? new(TextKind.Flow)
            : new(TextKind.Unknown, Reason: name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? "named as Parquet, but does not begin as a Parquet file" : "text in no known log format");
    }

    /// <summary>True for bytes that no text log begins with. A character may be cut at the end of the head.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> head)
    {
        if (head.Contains((byte)0)) return true;
        for (var cut = 0; cut <= 3 && cut <= head.Length; cut++)
            if (Utf8.IsValid(head[..^cut])) return false;
        return true;
    }

    /// <summary>How many lines that are not blank.</summary>
    private long Count(Stream content, ReadOnlySpan<byte> head, CancellationToken cancel)
    {
        _lines.Begin(content, head);
        long lines = 0;
        while (_lines.Next(cancel) is var kind and not BlockKind.End)
        {
            if (kind != BlockKind.Lines)
            {
                lines++;
                continue;
            }
            foreach (var line in _lines.Buffer.AsSpan(_lines.Start, _lines.End - _lines.Start).Split((byte)'\n'))
                if (!_lines.Buffer.AsSpan(_lines.Start, _lines.End - _lines.Start)[line].Trim(" \t\r"u8).IsEmpty) lines++;
        }
        return lines;
    }
}
