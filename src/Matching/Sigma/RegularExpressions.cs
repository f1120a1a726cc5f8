using System.Globalization;
using System.Text.RegularExpressions;

namespace Yagura.Matching.Sigma;

/// <summary>Which regular expressions a rule may use: those that take time in proportion to the text, whatever it holds.</summary>
internal static partial class RegularExpressions
{
    /// <summary>Characters of an expression once its counts are written out: <c>(ab){1,50}</c> has 100. What one character of a text may cost grows with it.</summary>
    private const long LargestSize = 20_000;

    /// <summary>Why an expression cannot be used; null where it can.</summary>
    public static (string Reason, string? Suggestion)? Misfit(string expression)
    {
        if (expression.Length > SigmaLimits.ExpressionLength) return ($"the expression has {expression.Length:N0} characters; at most {SigmaLimits.ExpressionLength:N0} are allowed", null);
        if (SizeOf(expression) is var size and > LargestSize) return ($"the expression's counts stand for {size:N0} characters; at most {LargestSize:N0} are allowed", "write + or * for a large count");
        try
        {
            _ = new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture, Regex.InfiniteMatchTimeout);
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

    /// <summary>A rough size: every character and class counts one, a count multiplies what it stands behind.</summary>
    private static long SizeOf(string expression)
    {
        const long Huge = long.MaxValue / 1_000_000;
        var groups = new Stack<long>();
        long size = 0, last = 0; // of the group so far, and of the last thing in it
        for (var at = 0; at < expression.Length && size < Huge; at++)
        {
            switch (expression[at])
            {
                case '(':
                    groups.Push(size);
                    (size, last) = (0, 0);
                    break;
                case ')' when groups.Count > 0:
                    last = size;
                    size += groups.Pop();
                    break;
                case '{' when Counts().Match(expression, at) is { Success: true } count && count.Index == at:
                    var most = long.Parse(count.Groups[count.Groups["most"].Length > 0 ? "most" : "least"].Value, CultureInfo.InvariantCulture);
                    size = Math.Min(Huge, size + last * Math.Max(0, most - 1));
                    last *= Math.Max(1, most);
                    at += count.Length - 1;
                    break;
                case '[':
                    var end = expression.IndexOf(']', Math.Min(at + 2, expression.Length));
                    at = end < 0 ? expression.Length : end;
                    (size, last) = (size + 1, 1);
                    break;
                default:
                    if (expression[at] == '\\') at++;
                    (size, last) = (size + 1, 1);
                    break;
            }
            last = Math.Min(last, Huge);
        }
        return size + groups.Sum();
    }

    [GeneratedRegex(@"\{(?<least>[0-9]{1,9})(,(?<most>[0-9]{0,9}))?\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Counts();
}
