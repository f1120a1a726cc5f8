using Yagura.Core;

namespace Yagura.Engine.Evaluation;

/// <summary>Something that is known to have happened in the logs, or that is not to be counted either way.</summary>
/// <remarks>Its records are those of <see cref="Events"/>, or those that fit all other conditions; of a condition with several values one has to fit.</remarks>
/// <param name="Line">1-based, in its file.</param>
/// <param name="Types">Finding types that name it, the best one first; of a line that is ignored those that it excuses, all if none.</param>
public sealed record TruthLine(int Line, IReadOnlyList<string> Types)
{
    /// <summary>What it is called in reports.</summary>
    public string? Label { get; init; }

    /// <summary>What says so, such as <c>documented</c> or <c>simulated</c>: results are also given for each.</summary>
    public string? Basis { get; init; }

    /// <summary>Findings about it are neither right nor wrong.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>Counted where it is found, and not missed where it is not.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Identities of records: CloudTrail's <c>eventID</c> or <c>requestID</c>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public DateTimeOffset? Start { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Owners of the log.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Callers by ARN, user name, principal id or access key id, or the ARN of the role that was assumed.</summary>
    public IReadOnlyList<string> Principals { get; init; } = [];

    /// <summary>Of the caller, or of either end.</summary>
    public IReadOnlyList<IpAddress> Addresses { get; init; } = [];

    /// <summary>Texts that stand in the record: an instance or an interface, a bucket, a domain. An instance of the inventory stands for its interfaces too, and for its private addresses where the record names their VPC; the ARN of an instance profile for its instances.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Names of APIs.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whole user agents.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>Whether what is told of its records is not to be counted, if it is of this type.</summary>
    public bool Excuses(string type) => IsIgnored && (Types.Count == 0 || Types.Contains(type, StringComparer.Ordinal));

    /// <summary>Whether it says which records are meant.</summary>
    public bool IsBound => Events.Count + Principals.Count + Addresses.Count + Resources.Count + Agents.Count > 0 || (Start is not null && End is not null);
}
