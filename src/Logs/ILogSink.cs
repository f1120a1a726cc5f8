namespace Yagura.Logs;

/// <summary>Receives what a reader finds in one object, in the object's order. Every record arrives in exactly one of these calls.</summary>
public interface ILogSink
{
    void Handle(ApiCall call);
    void Handle(FlowRecord flow);
    void Handle(DnsQuery query);

    /// <summary>A record that cannot be used; its bytes are kept with the reason so that it can be driven again.</summary>
    void Quarantine(in Misfit misfit);

    /// <summary>Well-formed records that carry nothing to analyse, by kind and reason (<c>NODATA</c>, <c>not analysed yet</c>).</summary>
    void Skip(LogType logType, string reason, long records = 1);
}

/// <summary>Why a record cannot be used.</summary>
/// <param name="bytes">The record.</param>
/// <param name="record">1-based record or line.</param>
/// <param name="field">The field that does not fit; empty when the record as a whole does not.</param>
/// <param name="reason">A sentence for people, without content of the record (it may be hostile).</param>
public readonly ref struct Misfit(long record, string field, string reason, ReadOnlySpan<byte> bytes)
{
    public long Record { get; } = record;
    public string Field { get; } = field;
    public string Reason { get; } = reason;
    /// <summary>The record, cut at <see cref="LogLimits.QuarantinedBytes"/>.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes.Length > LogLimits.QuarantinedBytes ? bytes[..LogLimits.QuarantinedBytes] : bytes;
}

/// <summary>Bounds on what a log may make a reader do.</summary>
public static class LogLimits
{
    /// <summary>Longest JSON record, bytes; CloudTrail's own limit is 256 KB for most events and 1 MB for the largest.</summary>
    public const int JsonRecordBytes = 4 << 20;

    /// <summary>Longest text line, bytes.</summary>
    public const int LineBytes = 1 << 20;

    /// <summary>Most rows of a Parquet row group, which is read as a whole.</summary>
    public const int ParquetRowGroupRows = 2_000_000;

    /// <summary>Most bytes of a Parquet row group, by its own account, before compression.</summary>
    public const long ParquetRowGroupBytes = 256L << 20;

    /// <summary>Deepest JSON nesting.</summary>
    public const int JsonDepth = 128;

    /// <summary>Longest time that reading one Parquet file may take, besides one second for each MiB of it.</summary>
    public static readonly TimeSpan ParquetPatience = TimeSpan.FromSeconds(20);

    /// <summary>Most bytes of a misfit that are kept.</summary>
    public const int QuarantinedBytes = 1 << 20;
}
