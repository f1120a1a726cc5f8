using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Sequences;

/// <summary>A user's own sequence: steps that have to be seen of one thing within a time.</summary>
/// <param name="Name">Tells it apart from all others; letters, digits, <c>-</c>, <c>_</c>, <c>.</c>.</param>
/// <param name="Window">From the first step to the last, at most.</param>
/// <param name="Ordered">Whether the steps have to come one after the other.</param>
/// <param name="Join">What all steps have in common, beside the account.</param>
/// <param name="Version">16 hex digits: another where it asks for something else.</param>
public sealed record SequenceRule(
    string Name, string Title, string Description, FindingType Type, Severity Severity, TimeSpan Window, bool Ordered, IReadOnlyList<JoinKey> Join, IReadOnlyList<SequenceStep> Steps, string Version);

/// <param name="Name">For people.</param>
/// <param name="IsFinding">The condition is about findings' JSON; else about records of API calls.</param>
public sealed record SequenceStep(string Name, bool IsFinding, Condition Condition);

/// <summary>What steps can be joined by; read from a finding or a record.</summary>
public enum JoinKey
{
    /// <summary>The user or role, the same for all sessions of a role.</summary>
    Principal,
    /// <summary>The access key's id.</summary>
    Key,
    /// <summary>The caller's, or the other end of a connection.</summary>
    Address,
    Bucket,
    Instance,
    Region,
}

/// <summary>What bounds a file of sequences; whatever exceeds a limit is refused by name. Those of YAML itself are Sigma's.</summary>
public static class SequenceLimits
{
    public const int Steps = 10;

    /// <summary>Sequences of all files together.</summary>
    public const int Sequences = 200;

    public static readonly TimeSpan Window = TimeSpan.FromDays(7);
}
