using System.Globalization;
using System.Text.RegularExpressions;

namespace Yagura.Matching;

/// <summary>How much work a regular expression can be, judged by its letters alone.</summary>
/// <param name="Characters">Of it once its counts are written out: <c>(ab){1,50}</c> has 100. What one character of a text may cost grows with it.</param>
/// <param name="Kinds">Different characters and classes that it names. The engine cuts all of Unicode into parts by them, in time that grows faster than their square:
/// 100 take some 0.1 s and 15 MB, 2,000 took 34 s and 1.8 GB.</param>
internal readonly partial record struct ExpressionSize(long Characters, int Kinds)
{
    private const long Huge = long.MaxValue / 1_000_000;

    /// <summary>A rough size, rather too large than too small: every character and class counts one, a count multiplies what it stands behind.</summary>
    public static ExpressionSize Of(string expression)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
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
                default:
                    var end = EndOf(expression, at);
                    kinds.Add(expression[at..end]);
                    at = end - 1;
                    (size, last) = (size + 1, 1);
                    break;
            }
            last = Math.Min(last, Huge);
        }
        return new(Math.Min(Huge, size + groups.Sum()), kinds.Count);
    }

    /// <summary>Where the character, escape or class that begins at a place ends.</summary>
    private static int EndOf(string expression, int at)
    {
        var end = expression[at] switch
        {
            '[' => expression.IndexOf(']', Math.Min(at + 2, expression.Length)) is >= 0 and var close ? close + 1 : expression.Length,
            '\\' when at + 1 < expression.Length => at + expression[at + 1] switch
            {
                'u' => 6,
                'x' => 4,
                'p' or 'P' when expression.IndexOf('}', at) is >= 0 and var close => close + 1 - at,
                _ => 2,
            },
            _ => at + 1,
        };
        return Math.Min(end, expression.Length);
    }

    [GeneratedRegex(@"\{(?<least>[0-9]{1,9})(,(?<most>[0-9]{0,9}))?\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Counts();
}
