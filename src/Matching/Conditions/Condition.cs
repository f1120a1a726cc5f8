namespace Yagura.Matching.Conditions;

/// <summary>What is asked of one JSON event: the form that all three languages compile to and the <c>Matcher</c> takes.</summary>
public abstract record Condition;

/// <summary>All parts hold. An empty list holds always.</summary>
public sealed record All(IReadOnlyList<Condition> Parts) : Condition;

/// <summary>At least one part holds. An empty list holds never.</summary>
public sealed record Any(IReadOnlyList<Condition> Parts) : Condition;

/// <summary>The part does not hold. A negated <see cref="Field"/> says that no value at the path passes, so it holds where there is none.</summary>
public sealed record Not(Condition Part) : Condition;

/// <summary>Some value at the path passes the test.</summary>
/// <param name="Path">Keys from the event's root, joined by dots; a path leads through lists to the values of all their elements, and a key that holds
/// a dot is the same as two keys. Null stands for every value of the event, at any path.</param>
public sealed record Field(string? Path, Test Test) : Condition;

/// <summary>Fields of one element: <paramref name="Part"/> must hold with values that lie in the same element of every list that their paths share.</summary>
/// <remarks>EventBridge's array consistency; a pattern of EventBridge is wrapped in one of these. Values that lie in a list directly, not in an object or a
/// list within it, are bound to no element. Parts of an <see cref="All"/> bind in their order, and a <see cref="Not"/> sees only values that lie in the
/// elements bound before it, as in AWS's engine.</remarks>
public sealed record Consistent(Condition Part) : Condition;

/// <summary>What a value (a text, a number, <c>true</c>, <c>false</c> or <c>null</c>, never an object or a list) is tested for.</summary>
public abstract record Test
{
    /// <summary>There is a value, whatever it is.</summary>
    public sealed record Present : Test;

    /// <summary>The text, character by character.</summary>
    public sealed record Equal(string Text, bool IgnoreCase = false) : Test;

    /// <summary>Begins with the text.</summary>
    public sealed record Prefix(string Text, bool IgnoreCase = false) : Test;

    /// <summary>Ends with the text. Ignoring case, each character of the text stands for itself, its lower and its upper form (<c>ß</c> for <c>SS</c> too).</summary>
    public sealed record Suffix(string Text, bool IgnoreCase = false) : Test;

    /// <summary>A text that the pieces cover in their order from its first character to its last, with any run of characters between one piece and the next:
    /// <c>["a", "b", ""]</c> is <c>a*b*</c>. Inside a piece <see cref="AnyCharacter"/> stands for exactly one character, <see cref="OptionalCharacter"/> for one
    /// or none.</summary>
    public sealed record Wildcard(IReadOnlyList<string> Pieces, bool IgnoreCase = false) : Test
    {
        /// <summary>A character that no text of JSON can hold in UTF-8: half of a surrogate pair.</summary>
        public const char AnyCharacter = '\uD800', OptionalCharacter = '\uD801';

        /// <summary>Where the first of these two stands in a piece, or -1; as half of a pair they are none.</summary>
        internal static int MarkIn(ReadOnlySpan<char> piece)
        {
            for (var at = 0; at < piece.Length; at++)
            {
                if (piece[at] is AnyCharacter or OptionalCharacter && (at + 1 == piece.Length || !char.IsLowSurrogate(piece[at + 1]))) return at;
            }
            return -1;
        }
    }

    /// <summary>A regular expression that finds itself somewhere in the text; compiled without backtracking.</summary>
    public sealed record Pattern(string Expression, bool IgnoreCase = false, bool Multiline = false, bool DotAll = false) : Test;

    /// <summary>An address within the network, written <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>.</summary>
    public sealed record Within(string Network) : Test;

    /// <summary>A JSON number between the bounds (null is no bound); <paramref name="AlsoText"/> takes a text that is a number as well. A number that does not
    /// come back from a double as it was written (more than some 16 digits) lies between no bounds.</summary>
    public sealed record Between(double? Lower, bool LowerIncluded, double? Upper, bool UpperIncluded, bool AlsoText = false) : Test;

    /// <summary>The JSON number, whatever its spelling; <paramref name="AlsoText"/> takes the text as well.</summary>
    public sealed record Number(double Value, bool AlsoText = false) : Test;

    /// <summary>The value as a whole number lies between the bounds, both of which it may be.</summary>
    public sealed record Whole(long Least, long Most, WholeOf Of) : Test;

    /// <summary>The decimal digits of the value as a whole number, with a sign where it is negative, fit the wildcard.</summary>
    public sealed record Digits(Wildcard Spelling, WholeOf Of) : Test;

    /// <summary>A JSON number in exactly this spelling: what is left to ask of one that a double cannot hold, such as <c>9007199254740993</c>.</summary>
    public sealed record Literal(string Json) : Test;

    /// <summary>The JSON word <c>true</c>, <c>false</c> (<paramref name="Value"/>) or <c>null</c>; <paramref name="AlsoText"/> takes the texts "true" and "false" as well.</summary>
    public sealed record Word(bool? Value, bool AlsoText = false) : Test;

    /// <summary>A value, of whatever kind, that passes none of the tests.</summary>
    public sealed record NoneOf(IReadOnlyList<Test> Tests) : Test;

    /// <summary>The value is that of another path.</summary>
    /// <param name="How">Equal, begins with, ends with or contains it.</param>
    public sealed record SameAs(string Path, Comparison How, bool IgnoreCase) : Test;
}

/// <summary>Which values count as whole numbers. What lies beyond 64 bits is the nearest number that does not.</summary>
public enum WholeOf
{
    /// <summary>A JSON number without its fraction; one that is not spelled in digits alone is read as a double first.</summary>
    Number,
    /// <summary>The same, or a text of digits, with a minus or without.</summary>
    NumberOrText,
    /// <summary>Milliseconds since 1970, rounded from a JSON number of seconds, or cut from a text such as <c>2026-02-01T09:30:00.5+09:00</c>; one without
    /// a zone is in UTC.</summary>
    Time,
}

/// <summary>How a value is compared with that of another path.</summary>
public enum Comparison { Equal, Prefix, Suffix, Contains }
