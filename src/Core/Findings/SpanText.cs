using System.Globalization;

namespace Yagura.Core.Findings;

/// <summary>Lengths of time as people say them, by the two largest units: <c>39 min 14 s</c>, <c>2 h</c>, <c>3 d 4 h</c>.</summary>
public static class SpanText
{
    /// <param name="span">Not negative; parts of a second are left out.</param>
    public static string Of(TimeSpan span)
    {
        var parts = new (int Count, string Unit)[] { ((int)span.TotalDays, "d"), (span.Hours, "h"), (span.Minutes, "min"), (span.Seconds, "s") };
        var shown = parts.SkipWhile(part => part.Count == 0).Take(2).Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Unit}"));
        return string.Join(' ', shown) is { Length: > 0 } text ? text : "0 s";
    }
}
