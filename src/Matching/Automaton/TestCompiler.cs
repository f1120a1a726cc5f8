using System.Text;
using System.Text.RegularExpressions;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Automaton;

/// <summary>Makes tests ready to be asked.</summary>
/// <param name="fieldOf">The number of a field that a test reads beside its own.</param>
internal sealed class TestCompiler(Func<string, int> fieldOf)
{
    /// <summary>Tests within tests.</summary>
    private const int MostLevels = 16;

    /// <exception cref="ArgumentException">The test is none: the message says why.</exception>
    public ValueTest Compile(Test test, int level = 0)
    {
        if (ExpressionOf(test) is { } written) return Expression(written, RegexOptions.None);
        if (level > MostLevels) throw new ArgumentException($"a test is nested more than {MostLevels} levels deep", nameof(test));
        switch (test)
        {
            case Test.Present: return new PresentTest();
            case Test.Equal equal: return new EqualTest(Bytes(equal.Text, equal.IgnoreCase), equal.IgnoreCase);
            case Test.Prefix prefix: return new PrefixTest(Bytes(prefix.Text, prefix.IgnoreCase), prefix.IgnoreCase);
            case Test.Suffix suffix: return new SuffixTest(Bytes(suffix.Text, suffix.IgnoreCase), suffix.IgnoreCase);
            case Test.Wildcard wildcard: return Wildcard(wildcard);
            case Test.Pattern pattern: return Expression(pattern.Expression, TextPattern.OptionsOf(pattern));
            case Test.Within within:
                return NetworkTest.TryParse(within.Network, out var address, out var bits)
                    ? new NetworkTest(address, bits)
                    : throw new ArgumentException($"{within.Network} is no network such as 10.0.0.0/8", nameof(test));
            case Test.Between { Lower: double.NaN } or Test.Between { Upper: double.NaN }: throw new ArgumentException("a bound is no number", nameof(test));
            case Test.Between between:
                return new BetweenTest(between.Lower ?? double.NegativeInfinity, between.LowerIncluded, between.Upper ?? double.PositiveInfinity, between.UpperIncluded, between.AlsoText);
            case Test.Number number:
                return double.IsFinite(number.Value)
                    ? new NumberTest(JsonNumber.Of(number.Value), number.AlsoText)
                    : throw new ArgumentException($"{number.Value} is no number of JSON", nameof(test));
            case Test.Whole whole: return new WholeTest(whole.Least, whole.Most, whole.Of);
            case Test.Digits digits: return new DigitsTest(States(digits.Spelling), digits.Of);
            case Test.Literal literal: return new LiteralTest(Encoding.UTF8.GetBytes(literal.Json));
            case Test.Word word:
                var kind = word.Value switch { true => ValueKind.True, false => ValueKind.False, null => ValueKind.Null };
                return new WordTest(kind, word.AlsoText && word.Value is { } flag ? Encoding.UTF8.GetBytes(flag ? "true" : "false") : null);
            case Test.NoneOf none: return new SomeTest(Distinct(none.Tests, level), negated: true);
            case AnyOf any: return new SomeTest(Distinct(any.Tests, level), negated: false);
            case Test.SameAs same: return new SameAsTest(fieldOf(same.Path), same.How, same.IgnoreCase);
            default: throw new ArgumentException($"unknown test {test.GetType().Name}", nameof(test));
        }
    }

    private ValueTest[] Distinct(IReadOnlyList<Test> tests, int level) => [.. tests.DistinctBy(TestKey.Of, StringComparer.Ordinal).Select(test => Compile(test, level + 1))];

    private static ExpressionTest Expression(string expression, RegexOptions options) => new(TextPattern.Compile(expression, options), ExpressionSize.Of(expression).Characters);

    private static byte[] Bytes(string text, bool ignoreCase) => ignoreCase ? Folding.Lower(text) : Encoding.UTF8.GetBytes(text);

    /// <summary>Why a test cannot be compiled, said before a rule is taken; null where it can, as far as texts and wildcards go.</summary>
    public static string? Misfit(Test test) => test switch
    {
        Test.NoneOf none => none.Tests.Select(Misfit).FirstOrDefault(reason => reason is not null),
        _ => LengthOf(test) > TextPattern.Longest && !IsByBytes(test) ? TooLong(test) : ExpressionOf(test) is { } expression && TextPattern.Misfit(expression) is { } reason ? $"{What}: {reason}" : null,
    };

    private const string What = "a text with letters beyond ASCII whose case is ignored";

    private static string TooLong(Test test) => $"{What} has {LengthOf(test):N0} characters; at most {TextPattern.Longest:N0} are allowed of one that is matched as a regular expression";

    /// <summary>Characters of the texts of a test.</summary>
    public static int LengthOf(Test test) => test switch
    {
        Test.Equal equal => equal.Text.Length,
        Test.Prefix prefix => prefix.Text.Length,
        Test.Suffix suffix => suffix.Text.Length,
        Test.Wildcard wildcard => wildcard.Pieces.Sum(piece => piece.Length),
        _ => 0,
    };

    /// <summary>True where the bytes of a value decide the test, false where a regular expression has to.</summary>
    public static bool IsByBytes(Test test) => test switch
    {
        Test.Equal { IgnoreCase: true } equal => Folding.IsByBytes(equal.Text),
        Test.Prefix { IgnoreCase: true } prefix => Folding.IsByBytes(prefix.Text),
        Test.Suffix { IgnoreCase: true } suffix => Folding.IsByBytes(suffix.Text),
        Test.Wildcard { IgnoreCase: true } wildcard => wildcard.Pieces.All(Folding.IsByBytes),
        _ => true,
    };

    /// <summary>The regular expression that stands for a text which bytes alone do not tell; null where they do.</summary>
    private static string? ExpressionOf(Test test) => IsByBytes(test) ? null : test switch
    {
        Test.Equal equal => @"\A" + Folding.Expression(equal.Text) + @"\z",
        Test.Prefix prefix => @"\A" + Folding.Expression(prefix.Text),
        Test.Suffix suffix => Folding.Expression(suffix.Text) + @"\z",
        Test.Wildcard wildcard => @"\A" + string.Join(@"[\s\S]*", wildcard.Pieces.Select(Folding.Expression)) + @"\z",
        _ => null,
    };

    private static ValueTest Wildcard(Test.Wildcard wildcard)
    {
        var (pieces, folded) = (wildcard.Pieces, wildcard.IgnoreCase);
        if (pieces.Count == 0) throw new ArgumentException("a wildcard has at least one piece", nameof(wildcard));
        if (pieces.Any(piece => Test.Wildcard.MarkIn(piece) >= 0))
        {
            var start = Test.Wildcard.MarkIn(pieces[0]) is var mark and >= 0 ? pieces[0][..mark] : pieces[0];
            return new MarkedWildcardTest(States(wildcard), Bytes(start, folded), folded);
        }
        var bytes = pieces.Select(piece => Bytes(piece, folded)).ToArray();
        return bytes.Length == 1 ? new EqualTest(bytes[0], folded) : new WildcardTest(bytes, folded);
    }

    private static WildcardStates States(Test.Wildcard wildcard) => new(wildcard.Pieces, text => Bytes(text, wildcard.IgnoreCase));
}
