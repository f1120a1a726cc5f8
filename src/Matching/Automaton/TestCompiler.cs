using System.Text;
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
        if (level > MostLevels) throw new ArgumentException($"a test is nested more than {MostLevels} levels deep", nameof(test));
        switch (test)
        {
            case Test.Present: return new PresentTest();
            case Test.Equal equal: return Text(equal.Text, equal.IgnoreCase, @"\A", @"\z", static (text, folded) => new EqualTest(text, folded));
            case Test.Prefix prefix: return Text(prefix.Text, prefix.IgnoreCase, @"\A", "", static (text, folded) => new PrefixTest(text, folded));
            case Test.Suffix suffix: return Text(suffix.Text, suffix.IgnoreCase, "", @"\z", static (text, folded) => new SuffixTest(text, folded));
            case Test.Wildcard wildcard: return Wildcard(wildcard);
            case Test.Pattern pattern: return new ExpressionTest(TextPattern.Compile(pattern));
            case Test.Within within:
                return NetworkTest.TryParse(within.Network, out var address, out var bits)
                    ? new NetworkTest(address, bits)
                    : throw new ArgumentException($"{within.Network} is no network such as 10.0.0.0/8", nameof(test));
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

    private static ValueTest Text(string text, bool ignoreCase, string before, string after, Func<byte[], bool, ValueTest> make)
    {
        if (!ignoreCase) return make(Encoding.UTF8.GetBytes(text), false);
        if (Folding.IsByBytes(text)) return make(Folding.Lower(text), true);
        return new ExpressionTest(TextPattern.Compile(before + Folding.Expression(text) + after));
    }

    private static ValueTest Wildcard(Test.Wildcard wildcard)
    {
        var (pieces, folded) = (wildcard.Pieces, wildcard.IgnoreCase);
        if (pieces.Count == 0) throw new ArgumentException("a wildcard has at least one piece", nameof(wildcard));
        if (folded && !pieces.All(Folding.IsByBytes))
        {
            return new ExpressionTest(TextPattern.Compile(@"\A" + string.Join(@"[\s\S]*", pieces.Select(piece => Folding.Expression(piece))) + @"\z"));
        }
        if (pieces.Any(piece => Test.Wildcard.MarkIn(piece) >= 0))
        {
            var start = Test.Wildcard.MarkIn(pieces[0]) is var mark and >= 0 ? pieces[0][..mark] : pieces[0];
            return new MarkedWildcardTest(States(wildcard), Bytes(start, folded), folded);
        }
        var bytes = pieces.Select(piece => Bytes(piece, folded)).ToArray();
        return bytes.Length == 1 ? new EqualTest(bytes[0], folded) : new WildcardTest(bytes, folded);
    }

    private static WildcardStates States(Test.Wildcard wildcard) => new(wildcard.Pieces, text => Bytes(text, wildcard.IgnoreCase));

    private static byte[] Bytes(string text, bool folded) => folded ? Folding.Lower(text) : Encoding.UTF8.GetBytes(text);
}
