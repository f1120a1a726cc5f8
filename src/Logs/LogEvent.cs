using System.Buffers;

namespace Yagura.Logs;

/// <summary>The kind of log a record belongs to.</summary>
public enum LogType
{
    Unknown,
    CloudTrail, VpcFlow, Route53Resolver, S3Access,
    // Known, named in the summary, not analysed yet.
    CloudTrailDigest, CloudTrailInsight, CloudTrailNetworkActivity, EksAudit, Rds, Elb, Waf, GuardDutyFinding, BedrockInvocation, SecurityHubFinding,
}

/// <summary>A view of one log record in a reader's buffer.</summary>
/// <remarks>A reader owns one view of each kind and fills it anew for every record: it is valid until the sink returns and must not be kept.
/// Reading a quiet record allocates nothing; what a detector wants to remember it copies.</remarks>
public abstract class LogEvent
{
    public abstract LogType LogType { get; }

    /// <summary>When it happened, by the record itself, UTC.</summary>
    public DateTimeOffset Time { get; internal set; }

    /// <summary>1-based record (JSON) or line (text) within the object.</summary>
    public long Record { get; internal set; }

    /// <summary>Account and region as the object's name tells them, for formats whose records do not; empty where it does not either.</summary>
    internal (byte[] Account, byte[] Region) Hints { get; set; } = ([], []);

    /// <summary>The record as it stands in the log: one JSON object or one line without its line feed.</summary>
    public abstract ReadOnlySpan<byte> Raw { get; }

    /// <summary>The record as a JSON object with the names that its log documents, for rules; a field that was not recorded is absent.</summary>
    /// <param name="writer">Takes the text where the log itself is no JSON; what it held before is gone.</param>
    public virtual ReadOnlySpan<byte> AsJson(ArrayBufferWriter<byte> writer) => Raw;

    /// <summary>The account that owns the log, twelve digits as a rule; as written where a log says otherwise.</summary>
    public abstract ReadOnlySpan<byte> AccountId { get; }

    /// <summary>128 bits that are the same wherever and however often the same occurrence was delivered.</summary>
    /// <remarks>From the log's own identity where it has one (<c>eventID</c>, the S3 request id), else from the record's content.</remarks>
    public abstract UInt128 Identity { get; }
}
