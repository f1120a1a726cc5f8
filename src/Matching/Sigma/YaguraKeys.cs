using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;

namespace Yagura.Matching.Sigma;

/// <summary>What a rule says to Yagura alone, under the key <c>yagura</c>. See docs/rules.md.</summary>
public sealed record YaguraKeys
{
    public static YaguraKeys None { get; } = new();

    /// <summary>The finding type; null where the rule names none and one is made of its title.</summary>
    public FindingType? Type { get; init; }

    /// <summary>What the finding is about; null where the log source decides.</summary>
    public ResourceMapping? Resource { get; init; }

    /// <summary>Fields whose values tell findings of the rule apart, beyond account, region, type and resource.</summary>
    public IReadOnlyList<string> Dedup { get; init; } = [];

    /// <summary>Null where none is given; such a rule stays staged until somebody promotes it.</summary>
    public NoiseBudget? Budget { get; init; }

    /// <summary>The release of ATT&amp;CK that the tags are of, such as <c>v18.1</c>.</summary>
    public string? Attack { get; init; }

    /// <summary>What it means, how to tell a false alarm, what to do; Markdown.</summary>
    public string? Guide { get; init; }

    /// <summary>Who answers for the rule.</summary>
    public string? Owner { get; init; }
}

/// <summary>Where in an event the resource of the finding is named.</summary>
/// <param name="Id">The field that holds its name; null for the caller itself.</param>
public sealed record ResourceMapping(ResourceType Type, string? Id);

/// <summary>How many findings a rule may make per account in a time before it counts as noisy: <c>3 per week</c>.</summary>
public sealed record NoiseBudget(int Findings, TimeSpan Per)
{
    public override string ToString() => $"{Findings} per {(Per.TotalDays switch { 1 => "day", 7 => "week", _ => "month" })}";
}
