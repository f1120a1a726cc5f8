using System.Globalization;
using System.Text;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Automaton;

/// <summary>A text that is the same for tests that ask the same, so that rules share them.</summary>
internal static class TestKey
{
    public static string Of(Test test)
    {
        var key = new StringBuilder();
        Write(test, key);
        return key.ToString();
    }

    private static void Write(Test test, StringBuilder key)
    {
        key.Append(test.GetType().Name);
        switch (test)
        {
            case Test.Present: break;
            case Test.Equal equal: Write(key, equal.IgnoreCase, equal.Text); break;
            case Test.Prefix prefix: Write(key, prefix.IgnoreCase, prefix.Text); break;
            case Test.Suffix suffix: Write(key, suffix.IgnoreCase, suffix.Text); break;
            case Test.Wildcard wildcard: Write(key, wildcard.IgnoreCase, [.. wildcard.Pieces]); break;
            case Test.Whole whole: Write(key, false, whole.Of.ToString(), whole.Least.ToString(CultureInfo.InvariantCulture), whole.Most.ToString(CultureInfo.InvariantCulture)); break;
            case Test.Digits digits: Write(key, digits.Spelling.IgnoreCase, [digits.Of.ToString(), .. digits.Spelling.Pieces]); break;
            case Test.Within within: Write(key, false, within.Network); break;
            case Test.Literal literal: Write(key, false, literal.Json); break;
            case Test.Pattern pattern: Write(key, pattern.IgnoreCase, pattern.Expression, pattern.Multiline ? "m" : "", pattern.DotAll ? "s" : ""); break;
            case Test.Number number: Write(key, number.AlsoText, Text(number.Value)); break;
            case Test.Word word: Write(key, word.AlsoText, word.Value switch { true => "true", false => "false", null => "null" }); break;
            case Test.Between between:
                Write(key, between.AlsoText, Text(between.Lower), between.LowerIncluded ? "=" : "", Text(between.Upper), between.UpperIncluded ? "=" : "");
                break;
            case Test.SameAs same: Write(key, same.IgnoreCase, same.Path, same.How.ToString()); break;
            case Test.NoneOf none: Write(key, none.Tests); break;
            case AnyOf any: Write(key, any.Tests); break;
            default: throw new ArgumentException($"unknown test {test.GetType().Name}", nameof(test));
        }
    }

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static void Write(StringBuilder key, bool flag, params ReadOnlySpan<string> texts)
    {
        key.Append(flag ? '+' : '-');
        foreach (var text in texts) key.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
    }

    private static void Write(StringBuilder key, IReadOnlyList<Test> tests)
    {
        key.Append('(');
        foreach (var test in tests)
        {
            Write(test, key);
            key.Append(',');
        }
        key.Append(')');
    }
}
