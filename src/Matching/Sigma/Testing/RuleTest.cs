namespace Yagura.Matching.Sigma.Testing;

/// <summary>Events that a rule must or must not match.</summary>
/// <param name="Name">What the events are, in words.</param>
/// <param name="Match">Whether the rule must fire: on each of the events, or, for a correlation, on all of them together.</param>
/// <param name="Events">JSON objects in UTF-8.</param>
/// <param name="Line">Where the test stands in its file, from 1.</param>
public sealed record RuleTest(string Name, bool Match, IReadOnlyList<ReadOnlyMemory<byte>> Events, int Line)
{
    /// <summary>The file of the test where it is not that of the rule.</summary>
    public string? File { get; init; }
}
