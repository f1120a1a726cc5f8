using Yagura.Matching.Conditions;

namespace Yagura.Matching.Sigma;

/// <summary>What a rule looks for: named selections and how they are joined.</summary>
/// <param name="Written">The condition as in the file; several are joined by " or ".</param>
public sealed record SigmaDetection(IReadOnlyList<SigmaSelection> Selections, string Written, Condition Condition);

/// <summary>One named part of a detection.</summary>
/// <param name="AnyOf">The lines of each map: all lines of at least one map must hold.</param>
/// <param name="Line">Where it stands in the file, from 1.</param>
public sealed record SigmaSelection(string Name, IReadOnlyList<IReadOnlyList<SigmaItem>> AnyOf, Condition Condition, int Line);

/// <summary>One line of a selection.</summary>
/// <param name="Key">As written, with its modifiers; empty for keywords.</param>
/// <param name="Path">The field; null for keywords.</param>
/// <param name="Values">As written, for people.</param>
public sealed record SigmaItem(string Key, string? Path, IReadOnlyList<string> Values, Condition Condition, int Line);
