using Yagura.Core.Findings;

namespace Yagura.Matching.Sigma;

/// <summary>How mature a rule is, by its author.</summary>
public enum SigmaStatus { Unknown, Stable, Test, Experimental, Deprecated, Unsupported }

/// <summary>How grave it is when a rule fires.</summary>
public enum SigmaLevel { Informational, Low, Medium, High, Critical }

/// <summary>What a rule or a correlation says of itself. Source: Sigma specification 2.1, "Components".</summary>
public sealed record RuleHeader
{
    public required string Title { get; init; }

    /// <summary>A UUID as a rule; null where the rule has none.</summary>
    public string? Id { get; init; }

    /// <summary>A name that correlations may use in place of the id.</summary>
    public string? Name { get; init; }

    public SigmaStatus Status { get; init; }

    /// <summary>Medium where the rule says nothing.</summary>
    public SigmaLevel Level { get; init; } = SigmaLevel.Medium;

    public string Description { get; init; } = "";
    public string? License { get; init; }
    public string? Author { get; init; }

    /// <summary>As written, <c>2026-01-31</c> as a rule.</summary>
    public string? Date { get; init; }

    /// <inheritdoc cref="Date"/>
    public string? Modified { get; init; }

    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>As written, such as <c>attack.t1562.008</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> FalsePositives { get; init; } = [];

    /// <summary>Fields of the event that a person should be shown.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    public YaguraKeys Yagura { get; init; } = YaguraKeys.None;

    /// <summary>16 hex digits of what decides what the rule finds: its log, its detection (or correlation, with the rules it counts), and the type, resource
    /// and dedup of its findings. Words, tests and budget may change without another version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The line of the file that it begins on, from 1.</summary>
    public int Line { get; init; }

    /// <summary>ATT&amp;CK techniques of the tags, such as <c>T1562.008</c>; <see cref="YaguraKeys.Attack"/> says of which release.</summary>
    public IReadOnlyList<string> Techniques => [.. Tags.Where(IsTechnique).Select(tag => tag["attack.".Length..].ToUpperInvariant())];

    public Severity Severity => Level switch
    {
        SigmaLevel.Informational or SigmaLevel.Low => Severity.Low,
        SigmaLevel.Medium => Severity.Medium,
        SigmaLevel.High => Severity.High,
        SigmaLevel.Critical => Severity.Critical,
    };

    private static bool IsTechnique(string tag) =>
        tag.StartsWith("attack.t", StringComparison.OrdinalIgnoreCase) && tag.Length >= "attack.t1234".Length && char.IsAsciiDigit(tag["attack.t".Length]);
}
