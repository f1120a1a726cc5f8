using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>How the values of a field are compared.</summary>
internal enum ValueComparison { Text, Expression, Network, Exists, Greater, GreaterOrEqual, Less, LessOrEqual, Field }

/// <summary>Which part of the field a text is looked for in.</summary>
internal enum TextPart { Whole, Start, End, Anywhere }

internal enum TextEncoding { None, Utf16Little, Utf16Big, Utf16Marked }

internal enum Base64Form { None, Whole, AtEachOffset }

/// <summary>A key of a selection: a field and its modifiers, such as <c>userAgent|contains|all</c>.</summary>
/// <remarks>Source: Sigma specification 2.1, "Sigma Modifiers". Their order tells nothing, but for an encoding, which stands before the Base64 of it.</remarks>
/// <param name="Path">Null for keywords, which are looked for in all values.</param>
internal sealed record FieldKey(string Written, string? Path, Place Place)
{
    public ValueComparison Comparison { get; private init; }
    public TextPart Part { get; private init; }
    public TextEncoding Encoding { get; private init; }
    public Base64Form Base64 { get; private init; }
    public bool All { get; private init; }
    public bool Cased { get; private init; }
    public bool Expand { get; private init; }
    public bool WinDash { get; private init; }
    public bool Differs { get; private init; }
    public bool IgnoreCase { get; private init; }
    public bool Multiline { get; private init; }
    public bool DotAll { get; private init; }

    private static readonly string[] Known =
    [
        "all", "base64", "base64offset", "cased", "cidr", "contains", "endswith", "exists", "expand", "fieldref", "gt", "gte", "i", "lt", "lte", "m", "neq", "re",
        "s", "startswith", "utf16", "utf16be", "utf16le", "wide", "windash",
    ];

    private static readonly string[] OfTime = ["minute", "hour", "day", "week", "month", "year"];

    /// <returns>Null where the modifiers make no sense, which is added to the problems.</returns>
    public static FieldKey? Parse(string written, Place place, ProblemList problems)
    {
        var parts = written.Split('|');
        var key = new FieldKey(written, parts[0].Length == 0 ? null : parts[0], place);
        var before = problems.Errors;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var modifier in parts.AsSpan(1))
        {
            if (!seen.Add(modifier)) problems.Error(place, $"the modifier {ProblemList.Shown(modifier)} stands twice");
            key = key.With(modifier, problems);
        }
        key.CheckTogether(seen, problems);
        return problems.Errors == before ? key : null;
    }

    private FieldKey With(string modifier, ProblemList problems)
    {
        switch (modifier)
        {
            case "all": return this with { All = true };
            case "cased": return this with { Cased = true };
            case "expand": return this with { Expand = true };
            case "windash": return this with { WinDash = true };
            case "neq": return this with { Differs = true };
            case "i": return this with { IgnoreCase = true };
            case "m": return this with { Multiline = true };
            case "s": return this with { DotAll = true };
            case "contains": return Of(TextPart.Anywhere, problems);
            case "startswith": return Of(TextPart.Start, problems);
            case "endswith": return Of(TextPart.End, problems);
            case "re": return Of(ValueComparison.Expression, problems);
            case "cidr": return Of(ValueComparison.Network, problems);
            case "exists": return Of(ValueComparison.Exists, problems);
            case "gt": return Of(ValueComparison.Greater, problems);
            case "gte": return Of(ValueComparison.GreaterOrEqual, problems);
            case "lt": return Of(ValueComparison.Less, problems);
            case "lte": return Of(ValueComparison.LessOrEqual, problems);
            case "fieldref": return Of(ValueComparison.Field, problems);
            case "base64": return Of(Base64Form.Whole, problems);
            case "base64offset": return Of(Base64Form.AtEachOffset, problems);
            case "wide" or "utf16le": return Of(TextEncoding.Utf16Little, problems);
            case "utf16be": return Of(TextEncoding.Utf16Big, problems);
            case "utf16": return Of(TextEncoding.Utf16Marked, problems);
        }
        if (OfTime.Contains(modifier, StringComparer.Ordinal)) problems.Error(Place, $"parts of a time ({modifier}) cannot be compared", "compare the field's text, such as eventTime|contains: 'T03:'");
        else problems.Error(Place, $"unknown modifier {ProblemList.Shown(modifier)}", ProblemList.DidYouMean(modifier, Known) ?? $"known are {string.Join(", ", Known)}");
        return this;
    }

    private FieldKey Of(TextPart part, ProblemList problems)
    {
        if (Part != TextPart.Whole) problems.Error(Place, "only one of contains, startswith and endswith can hold", "make two selections of it");
        return this with { Part = part };
    }

    private FieldKey Of(ValueComparison comparison, ProblemList problems)
    {
        if (Comparison != ValueComparison.Text) problems.Error(Place, "only one of re, cidr, exists, gt, gte, lt, lte and fieldref can hold", "make two selections of it");
        return this with { Comparison = comparison };
    }

    private FieldKey Of(Base64Form form, ProblemList problems)
    {
        if (Base64 != Base64Form.None) problems.Error(Place, "only one of base64 and base64offset can hold");
        return this with { Base64 = form };
    }

    private FieldKey Of(TextEncoding encoding, ProblemList problems)
    {
        if (Encoding != TextEncoding.None) problems.Error(Place, "only one of wide, utf16, utf16le and utf16be can hold");
        if (Base64 != Base64Form.None) problems.Error(Place, "an encoding stands before the base64 of it", "write wide|base64offset|contains");
        return this with { Encoding = encoding };
    }

    private void CheckTogether(HashSet<string> seen, ProblemList problems)
    {
        if (Comparison != ValueComparison.Expression && (IgnoreCase || Multiline || DotAll)) problems.Error(Place, "i, m and s are flags of re", "write re|i");
        if (Encoding != TextEncoding.None && Base64 == Base64Form.None) problems.Error(Place, "the bytes of an encoding stand in no JSON as they are", "add base64 or base64offset");
        string[] forbidden = Comparison switch
        {
            ValueComparison.Text => [],
            ValueComparison.Field => ["base64", "base64offset", "expand", "wide", "utf16", "utf16le", "utf16be", "windash"],
            ValueComparison.Expression or ValueComparison.Network => ["base64", "base64offset", "cased", "contains", "startswith", "endswith", "wide", "utf16", "utf16le", "utf16be", "windash"],
            _ => ["all", "base64", "base64offset", "cased", "contains", "startswith", "endswith", "expand", "wide", "utf16", "utf16le", "utf16be", "windash"],
        };
        var comparison = Written.Split('|').FirstOrDefault(word => word is "re" or "cidr" or "exists" or "gt" or "gte" or "lt" or "lte" or "fieldref");
        foreach (var word in forbidden.Where(seen.Contains)) problems.Error(Place, $"{word} means nothing together with {comparison}");
        if (Comparison is ValueComparison.Exists && Differs) problems.Error(Place, "neq means nothing together with exists", "write exists: false");
        if (Path is null && (Comparison is not (ValueComparison.Text or ValueComparison.Expression) || Differs)) problems.Error(Place, "keywords are texts or expressions", "name a field before the modifiers");
    }
}
