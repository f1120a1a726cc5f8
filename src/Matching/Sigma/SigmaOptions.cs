namespace Yagura.Matching.Sigma;

/// <summary>What rules may use of the place they are loaded at.</summary>
public sealed record SigmaOptions
{
    public static SigmaOptions None { get; } = new();

    /// <summary>What <c>%name%</c> stands for in a value with the modifier <c>expand</c>: one or more texts, which may have wildcards. A name that is not
    /// here is an error of the rule that uses it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Placeholders { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>The same for options that mean the same; empty for none.</summary>
    internal string Key => string.Concat(Placeholders.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => TextKey.Of([one.Key, TextKey.Of(one.Value)])));
}
