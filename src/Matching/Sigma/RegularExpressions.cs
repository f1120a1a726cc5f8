using System.Text.RegularExpressions;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Sigma;

/// <summary>Which regular expressions a rule may use: those that take time in proportion to the text, whatever it holds.</summary>
internal static class RegularExpressions
{
    /// <summary>Why an expression cannot be used; null where it can.</summary>
    public static (string Reason, string? Suggestion)? Misfit(Test.Pattern pattern)
    {
        var expression = pattern.Expression;
        if (expression.Length > SigmaLimits.ExpressionLength) return ($"the expression has {expression.Length:N0} characters; at most {SigmaLimits.ExpressionLength:N0} are allowed", null);
        if (TextPattern.Misfit(expression) is { } tooLarge) return (tooLarge, "write + or * for a large count, or several selections");
        try
        {
            _ = new Regex(expression, TextPattern.OptionsOf(pattern) | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
            return null;
        }
        catch (RegexParseException bad)
        {
            return ($"no regular expression: {bad.Error} at character {bad.Offset + 1}", null);
        }
        catch (NotSupportedException)
        {
            return ("the expression needs backtracking (a lookaround, a back reference, an atomic group) or its counts grow too large, so its time could not be bounded",
                "write it without (?=…), (?!…), (?<=…), \\1 and large counts, or as two selections");
        }
    }
}
