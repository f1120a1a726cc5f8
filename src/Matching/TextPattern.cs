using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Yagura.Matching.Conditions;

namespace Yagura.Matching;

/// <summary>Regular expressions of rules: the engine that takes time in proportion to the text, whatever the expression.</summary>
public static class TextPattern
{
    /// <summary>Characters of an expression.</summary>
    public const int Longest = 10_000;

    /// <summary>True where the expression can be matched.</summary>
    /// <param name="reason">Why not: it is none, it looks around or back (which needs an engine that can be made to hang), or it is too large.</param>
    public static bool IsValid(Test.Pattern pattern, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        try
        {
            Compile(pattern);
            reason = null;
        }
        catch (ArgumentException bad)
        {
            // The library tells a bad expression by an exception only; here it is an answer like any other.
            reason = bad.Message;
        }
        return reason is null;
    }

    /// <exception cref="ArgumentException">The expression cannot be matched.</exception>
    internal static Regex Compile(Test.Pattern pattern) => Compile(
        pattern.Expression,
        (pattern.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)
            | (pattern.Multiline ? RegexOptions.Multiline : RegexOptions.None)
            | (pattern.DotAll ? RegexOptions.Singleline : RegexOptions.None));

    /// <inheritdoc cref="Compile(Test.Pattern)"/>
    internal static Regex Compile(string expression, RegexOptions options = RegexOptions.None)
    {
        if (expression.Length > Longest) throw new ArgumentException($"the expression has {expression.Length} characters; at most {Longest} are allowed", nameof(expression));
        try
        {
            return new Regex(expression, options | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException bad)
        {
            throw new ArgumentException(bad.Message, nameof(expression), bad);
        }
    }
}
