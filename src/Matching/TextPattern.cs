using System.Text.RegularExpressions;
using Yagura.Matching.Conditions;

namespace Yagura.Matching;

/// <summary>Regular expressions of rules: the engine that takes time in proportion to the text, whatever the expression.</summary>
public static class TextPattern
{
    /// <summary>Characters of an expression.</summary>
    public const int Longest = 10_000;

    /// <summary>Characters of an expression once its counts are written out. Texts made for it cost up to 20 ns for each of them and each character of the text,
    /// once more than 10,000 states of the expression were seen; those states hold some 20 to 40 MB, as long as the expression is in use.</summary>
    public const int LargestSize = 2_000;

    /// <summary>Different characters and classes in an expression, see <see cref="ExpressionSize"/>.</summary>
    public const int MostKinds = 128;

    /// <summary>Why an expression is too large, judged without compiling it; null where it is not.</summary>
    internal static string? Misfit(string expression)
    {
        if (expression.Length > Longest) return $"the expression has {expression.Length:N0} characters; at most {Longest:N0} are allowed";
        var size = ExpressionSize.Of(expression);
        if (size.Characters > LargestSize) return $"the expression stands for {size.Characters:N0} characters once its counts are written out; at most {LargestSize:N0} are allowed";
        return size.Kinds > MostKinds ? $"the expression names {size.Kinds:N0} different characters and classes; at most {MostKinds:N0} are allowed" : null;
    }

    /// <exception cref="ArgumentException">The expression cannot be matched.</exception>
    internal static Regex Compile(Test.Pattern pattern) => Compile(pattern.Expression, OptionsOf(pattern));

    internal static RegexOptions OptionsOf(Test.Pattern pattern) =>
        (pattern.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)
            | (pattern.Multiline ? RegexOptions.Multiline : RegexOptions.None)
            | (pattern.DotAll ? RegexOptions.Singleline : RegexOptions.None);

    /// <inheritdoc cref="Compile(Test.Pattern)"/>
    internal static Regex Compile(string expression, RegexOptions options = RegexOptions.None)
    {
        if (Misfit(expression) is { } reason) throw new ArgumentException(reason, nameof(expression));
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
