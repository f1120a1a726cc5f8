namespace Yagura.Matching.EventBridge;

/// <summary>What an event pattern may hold at most. AWS takes 4,096 characters by default; ours are wider, and only bound time and memory.</summary>
public static class PatternLimits
{
    /// <summary>Bytes of a pattern in UTF-8.</summary>
    public const int Bytes = 256 << 10;

    /// <summary>Texts, numbers, words and match objects in a pattern.</summary>
    public const int Values = 10_000;

    /// <summary>Different fields in a pattern.</summary>
    public const int Fields = 2_000;

    /// <summary>Objects within each other, and keys of a path, in which a dot parts two.</summary>
    public const int Levels = 100;

    /// <summary>Alternatives that all the <c>$or</c> of a pattern multiply to.</summary>
    public const int Alternatives = 1_000;

    /// <summary>Fields in all those alternatives together.</summary>
    public const int AlternativeFields = 20_000;

    /// <summary>Stars of one wildcard that are followed by the same character: so many places of it may be under way at once.</summary>
    public const int WildcardRepeats = 4;

    /// <summary>Stars of one wildcard.</summary>
    public const int WildcardStars = 64;
}
