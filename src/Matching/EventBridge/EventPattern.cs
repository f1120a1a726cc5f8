using System.Diagnostics.CodeAnalysis;
using System.Text;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.EventBridge;

/// <summary>Event patterns of Amazon EventBridge.</summary>
/// <remarks><code>{"source":["aws.guardduty"],"detail":{"severity":[{"numeric":[">=",7]}]}}</code>
/// Source: Amazon EventBridge User Guide, "Creating event patterns", and the documentation of AWS's Event Ruler, whose verdicts are followed where the guide is
/// silent. See docs/patterns.md.</remarks>
public static class EventPattern
{
    /// <summary>Reads a pattern.</summary>
    /// <param name="json">The pattern in UTF-8. Any bytes are allowed; what is too large is refused, see <see cref="PatternLimits"/>.</param>
    /// <param name="condition">What the pattern asks of an event.</param>
    /// <param name="error">The first mistake.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out Condition? condition, [NotNullWhen(false)] out PatternError? error)
    {
        var reader = new PatternReader(json);
        condition = reader.Read();
        error = condition is null ? reader.Error(json) : null;
        return condition is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out Condition?, out PatternError?)"/>
    public static bool TryParse(string json, [NotNullWhen(true)] out Condition? condition, [NotNullWhen(false)] out PatternError? error)
    {
        ArgumentNullException.ThrowIfNull(json);
        return TryParse(Encoding.UTF8.GetBytes(json), out condition, out error);
    }
}
