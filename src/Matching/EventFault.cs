namespace Yagura.Matching;

/// <summary>Why an event was not matched, or not to the end.</summary>
public enum EventFault
{
    /// <summary>Nothing is wrong: every rule was decided.</summary>
    None,
    /// <summary>The event is longer than <see cref="MatchLimits.EventBytes"/>.</summary>
    TooLarge,
    /// <summary>The bytes are not UTF-8.</summary>
    NotUtf8,
    /// <summary>The event is not a JSON object.</summary>
    NotAnObject,
    /// <summary>The event is no JSON. What no rule reads is not looked into, beyond its strings and brackets.</summary>
    NotJson,
    /// <summary>Nested deeper than <see cref="MatchLimits.EventLevels"/>.</summary>
    TooDeep,
    /// <summary>Which elements of its lists belong together took more than <see cref="MatchLimits.Steps"/> steps to find; the rules that hit before are reported.</summary>
    TooManySteps,
}

/// <summary>What bounds the work that one event can cause.</summary>
public static class MatchLimits
{
    /// <summary>Bytes of an event; EventBridge's own limit is 1 MB, CloudTrail's 256 KB.</summary>
    public const int EventBytes = 16 << 20;

    /// <summary>Objects and lists within each other.</summary>
    public const int EventLevels = 128;

    /// <summary>Values that are tried while elements of lists are brought together, per event: some milliseconds.</summary>
    public const int Steps = 1_000_000;
}
