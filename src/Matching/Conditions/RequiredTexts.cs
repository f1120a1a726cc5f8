namespace Yagura.Matching.Conditions;

/// <summary>What a condition takes for granted of one field, so that events without it need not be looked at.</summary>
public static class RequiredTexts
{
    /// <summary>Texts of which the field must have one for the condition to hold; null where the condition may hold for any text.</summary>
    /// <remarks>Some texts may be asked for without regard to case: compare them so.</remarks>
    public static IReadOnlySet<string>? Of(Condition condition, string path) =>
        Find(condition, path, static test => test is Test.Equal equal ? equal.Text : null);

    /// <summary>Texts with one of which the field must begin for the condition to hold; null where the condition may hold for any text.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlySet<string>? StartsOf(Condition condition, string path) => Find(condition, path, static test => test switch
    {
        Test.Equal equal => equal.Text,
        Test.Prefix { Text.Length: > 0 } prefix => prefix.Text,
        Test.Wildcard { Pieces: [{ Length: > 0 } first, ..] } when Test.Wildcard.MarkIn(first) < 0 => first,
        _ => null,
    });

    private static HashSet<string>? Find(Condition condition, string path, Func<Test, string?> textOf)
    {
        switch (condition)
        {
            case Field field when string.Equals(field.Path, path, StringComparison.Ordinal):
                return textOf(field.Test) is { } text ? new(StringComparer.OrdinalIgnoreCase) { text } : null;
            case Consistent consistent:
                return Find(consistent.Part, path, textOf);
            case All all:
                return all.Parts.Select(part => Find(part, path, textOf)).OfType<HashSet<string>>().MinBy(texts => texts.Count);
            case Any any:
                var together = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                foreach (var part in any.Parts)
                {
                    if (Find(part, path, textOf) is not { } texts) return null;
                    together.UnionWith(texts);
                }
                return together;
            default:
                return null;
        }
    }
}
