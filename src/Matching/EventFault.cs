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
    /// <summary>The rules read more than <see cref="MatchLimits.Values"/> values of it.</summary>
    TooManyValues,
    /// <summary>Some rules were not decided, since they would have taken more than <see cref="MatchLimits.Work"/> or <see cref="MatchLimits.Steps"/>; those that hit
    /// without a doubt are reported.</summary>
    TooManySteps,
}

/// <summary>What bounds the work that one event can cause.</summary>
public static class MatchLimits
{
    /// <summary>Bytes of an event; EventBridge's own limit is 1 MB, CloudTrail's 256 KB.</summary>
    public const int EventBytes = 16 << 20;

    /// <summary>Objects and lists within each other.</summary>
    public const int EventLevels = 128;

    /// <summary>Keys of a path that a rule reads. A key that holds dots counts as several, so a path may have more of them than an event has levels.</summary>
    public const int PathKeys = 256;

    /// <summary>Values that the rules read of an event, each counted for every field it stands at: 84 bytes each.</summary>
    public const int Values = 1_000_000;

    /// <summary>Nanoseconds that the tests of one event may take, by what each of them would take for the worst of texts. A test that would go beyond is not made,
    /// smaller ones still are; the same event and rules always come to the same end. Mostly a regular expression of size 50 costs a thousandth of what it is
    /// counted as, and 1,000 of them are made of a text of 1,000 characters.</summary>
    public const long Work = 1_000_000_000;

    /// <summary>Values that are tried while elements of lists are brought together, per event: some milliseconds.</summary>
    public const int Steps = 1_000_000;
}
