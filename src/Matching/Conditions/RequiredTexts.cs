namespace Yagura.Matching.Conditions;

/// <summary>What a condition takes for granted of one field, so that events without it need not be looked at.</summary>
public static class RequiredTexts
{
    /// <summary>Texts of which the field must have one for the condition to hold; null where the condition may hold for any text.</summary>
    /// <remarks>Some texts may be asked for without regard to case: compare them so.</remarks>
    public static IReadOnlySet<string>? Of(Condition condition, string path)
    {
        switch (condition)
        {
            case Field { Test: Test.Equal equal } field when string.Equals(field.Path, path, StringComparison.Ordinal):
                return new HashSet<string>(StringComparer.OrdinalIgnoreCase) { equal.Text };
            case Consistent consistent:
                return Of(consistent.Part, path);
            case All all:
                return all.Parts.Select(part => Of(part, path)).OfType<IReadOnlySet<string>>().MinBy(texts => texts.Count);
            case Any any:
                var together = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                foreach (var part in any.Parts)
                {
                    if (Of(part, path) is not { } texts) return null;
                    together.UnionWith(texts);
                }
                return together;
            default:
                return null;
        }
    }
}
