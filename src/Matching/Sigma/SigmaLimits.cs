namespace Yagura.Matching.Sigma;

/// <summary>What bounds the time and memory that a file of rules can take; whatever exceeds a limit is refused by name.</summary>
public static class SigmaLimits
{
    /// <summary>Bytes of one file.</summary>
    public const int FileBytes = 1 << 20;

    /// <summary>Maps and lists within each other.</summary>
    public const int Levels = 100;

    /// <summary>Values, keys, maps and lists of one file, what an alias stands for counted each time; a text counts once more for every 64 characters.</summary>
    public const int Nodes = 200_000;

    /// <summary>Rules and correlations of one file.</summary>
    public const int Documents = 1_000;

    /// <summary>Selections of one rule.</summary>
    public const int Selections = 1_000;

    /// <summary>Fields that one rule reads.</summary>
    public const int Fields = 2_000;

    /// <summary>Keys of the path of a field.</summary>
    public const int PathKeys = 100;

    /// <summary>Characters of one value.</summary>
    public const int ValueLength = 10_000;

    /// <summary>Values of one field, before modifiers such as <c>windash</c> and <c>expand</c> multiply them.</summary>
    public const int Values = 10_000;

    /// <summary>Values of one field after modifiers.</summary>
    public const int ExpandedValues = 50_000;

    /// <summary>Characters of all values of one rule after modifiers.</summary>
    public const int ExpandedCharacters = 8_000_000;

    /// <summary>Regular expressions of one rule.</summary>
    public const int Expressions = 500;

    /// <summary>Conditions of one rule, where it has a list of them.</summary>
    public const int Conditions = 100;

    /// <summary>Characters of one condition.</summary>
    public const int ConditionLength = 10_000;

    /// <summary>Brackets and negations within each other in a condition.</summary>
    public const int ConditionLevels = 50;

    /// <summary>Selections that the conditions of one rule name, <c>1 of …</c> counted by what it stands for.</summary>
    public const int References = 10_000;

    /// <summary>Tests that a rule makes of one event; a selection that is named twice counts twice.</summary>
    public const int Tests = 200_000;

    /// <summary>Characters of one regular expression.</summary>
    public const int ExpressionLength = 4_096;

    /// <summary>Errors that are listed of one file, and as many warnings; further ones are counted.</summary>
    public const int Problems = 100;
}
