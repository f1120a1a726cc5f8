namespace Yagura.Matching.EventBridge;

/// <summary>Why a pattern is refused, in the words of AWS where it has some.</summary>
/// <param name="Reason">One sentence.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in bytes of UTF-8: where the value stands that is at fault.</param>
public sealed record PatternError(string Reason, int Line, int Column)
{
    /// <summary>As the service says it: <c>Event pattern is not valid. Reason: Filter is not an object at line 1, column 1</c>.</summary>
    public override string ToString() => $"Event pattern is not valid. Reason: {Reason} at line {Line}, column {Column}";
}
