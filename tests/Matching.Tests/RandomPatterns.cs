using System.Text;
using CsCheck;
using Yagura.Matching.Conditions;

namespace Yagura.Tests.Matching;

/// <summary>Random conditions and events of few keys and values, so that they meet often.</summary>
internal static class RandomPatterns
{
    private static readonly string[] Keys = ["a", "b", "c", "a.b", "keyOfMoreThanSixteenBytes", "é", "", "\u0000", "\"", "sevenBy", "eightByt", "sixteenBytesLong", "seventeenBytesLng", "thirtyTwoBytesOfAKeyAreNotMany..", "thirtyThreeBytesOfAKeyAreNotMany."];

    private static readonly string[] Texts =
    [
        "", "a", "b", "ab", "abc", "abcab", "ABC", "aBcAb", "xaby", "é", "É", "ß", "SS", "ss", "日本", "日本語", "😀", "a😀b", "a*b", "a\\b", "\"", "true", "null", "5", "5.0", "10.0.0.1",
        "010.0.0.1", "10.0.1.255", "2001:db8::1", "2001:DB8:0::1", "::1", "::ffff:10.0.0.1", "1.2.3", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/alice",
        "a value of more than sixteen bytes", "A VALUE OF MORE THAN sixteen bytes", "ΐ", "\u0000", "a\nb", "\U00010000", "\U00010000b",
        "-5", "-", "+5", "007", "9223372036854775808", "2026-02-01T09:30:00Z", "2026-02-01T09:30:00.1239Z", "2026-02-01T18:30:00+09:00", "2026-02-29T00:00:00Z", "2026-02-01", "1969-12-31T23:59:59.999-00:01",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "0.0", "-0.0e5", "1", "1.0", "10e-1", "5", "5.0", "-1.5", "-1.50", "300", "3.0e2", "3E+2", "0.1", "0.10", "1e300", "1e-300", "1e400", "1e-400", "123456789012", "9007199254740992",
        "9007199254740993", "8.999999999999999", "8.999999999999998", "-122.42916360922355", "0.30000000000000004", "0.300000000000000044", "12345678901234567890123", "4.9e-324", "1.7976931348623157e308",
    ];

    private static readonly string[] Pieces = ["", "a", "b", "ab", "B", "é", "ß", "/", "c", "arn:", "alice", "日", "\U00010000", Test.Wildcard.AnyCharacter.ToString(), "a" + Test.Wildcard.AnyCharacter, Test.Wildcard.OptionalCharacter.ToString(), "ab" + Test.Wildcard.OptionalCharacter];

    private static readonly Gen<string> Text = Pick(Texts);
    private static readonly Gen<string> Path = Gen.OneOf(Pick(Keys), Gen.Select(Pick(Keys), Pick(Keys), (one, two) => one + "." + two), Gen.Const("a.b.c"), Gen.Const("a.b"));

    private static readonly Gen<long> Whole =
        Pick<long>(0, 1, -1, 5, 7, 300, 9_007_199_254_740_993, long.MaxValue, long.MinValue, 1_769_938_200_000, 1_769_938_200_123, 5000, -1500, 100);

    private static readonly Gen<double> Number = Pick(Numbers).Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).Where(double.IsFinite);

    private static readonly Gen<Test> Leaf = Gen.Frequency(
        (1, Gen.Const((Test)new Test.Present())),
        (6, Gen.Select(Text, Gen.Bool, (text, fold) => (Test)new Test.Equal(text, fold))),
        (3, Gen.Select(Text, Gen.Bool, (text, fold) => (Test)new Test.Prefix(text, fold))),
        (3, Gen.Select(Text, Gen.Bool, (text, fold) => (Test)new Test.Suffix(text, fold))),
        (3, Gen.Select(Pick(Pieces).Array[1, 4], Gen.Bool, (pieces, fold) => (Test)new Test.Wildcard(pieces, fold))),
        (1, Gen.Select(Pick("a", "^a.*b$", "b|c", "[a-c]+", "^.$", @"\d", "(?i)ABC"), Gen.Bool, (expression, fold) => (Test)new Test.Pattern(expression, fold))),
        (2, Pick("10.0.0.0/24", "10.0.0.1/32", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1/128", "10.0.0.7/23").Select(network => (Test)new Test.Within(network))),
        (3, Gen.Select(Number, Gen.Bool, (number, text) => (Test)new Test.Number(number, text))),
        (1, Pick(Numbers).Select(text => (Test)new Test.Literal(text))),
        (3, Gen.Select(Whole, Whole, Gen.Enum<WholeOf>(), Gen.Int[0, 3], (least, most, of, way) =>
            (Test)new Test.Whole(way == 0 ? long.MinValue : least, way switch { 0 => most, 1 => long.MaxValue, 2 => least, _ => most }, of))),
        (1, Gen.Select(Pick("5", "", "1", "-", "30", Test.Wildcard.OptionalCharacter.ToString()).Array[1, 3], Gen.Enum<WholeOf>(), (pieces, of) => (Test)new Test.Digits(new(pieces), of))),
        (3, Gen.Select(Number, Number, Gen.Int[0, 63], (lower, upper, flags) => (Test)new Test.Between(
            (flags & 1) > 0 ? lower : null, (flags & 2) > 0, (flags & 4) > 0 ? upper : null, (flags & 8) > 0, (flags & 48) == 48))),
        (2, Gen.Select(Pick<bool?>(true, false, null), Gen.Bool, (word, text) => (Test)new Test.Word(word, text))),
        (1, Gen.Select(Path, Gen.Enum<Comparison>(), Gen.Bool, (path, how, fold) => (Test)new Test.SameAs(path, how, fold))));

    private static readonly Gen<Test> Any = Gen.Frequency((4, Leaf), (1, Leaf.Array[1, 5].Select(tests => (Test)new Test.NoneOf(tests))));

    private static readonly Gen<Condition> Field =
        Gen.Select(Gen.Frequency((19, Path.Select(path => (string?)path)), (1, Gen.Const((string?)null))), Any, (path, test) => (Condition)new Field(path, test));

    private static readonly Gen<Condition> Below = Gen.Select(Path, Any, (path, test) => (Condition)new Below(path, test));

    private static readonly Gen<Condition> Present = Path.Select(path => (Condition)new Field(path, new Test.Present()));

    /// <summary>What a pattern of EventBridge becomes.</summary>
    private static readonly Gen<Condition> Consistent = Gen.Frequency((5, Field), (1, Present.Select(field => (Condition)new Not(field))),
        (1, Gen.Select(Field, Field, (one, two) => (Condition)new Any([one, new Not(two)])))).Array[1, 4].Select(parts => (Condition)new Consistent(new All(parts)));

    public static readonly Gen<Condition> Condition = Gen.Frequency((4, Consistent), (6, Gen.Recursive<Condition>((depth, deeper) => depth > 4 ? Field : Gen.Frequency(
        (4, Field),
        (1, Below),
        (1, Consistent),
        (2, deeper.Array[0, 4].Select(parts => (Condition)new All(parts))),
        (2, deeper.Array[0, 4].Select(parts => (Condition)new Any(parts))),
        (1, deeper.Select(part => (Condition)new Not(part))),
        (1, deeper.Select(part => (Condition)new Consistent(part)))))));

    private static readonly Gen<string> Scalar = Gen.Frequency((5, Gen.Select(Text, Gen.Int[0, 3], Written)), (3, Pick(Numbers)), (1, Pick("true", "false", "null")));

    private static readonly Gen<string> Blank = Gen.Frequency((9, Gen.Const("")), (1, Pick(" ", "\n", "\r\n\t ")));

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, deeper) => depth > 4 ? Scalar : Gen.Frequency(
        (4, Scalar),
        (2, Gen.Select(deeper.Array[0, 4], Blank, (items, blank) => $"[{blank}{string.Join("," + blank, items)}{blank}]")),
        (2, Object(deeper))));

    public static readonly Gen<string> Event = Object(Value);

    private static Gen<string> Object(Gen<string> value) =>
        Gen.Select(Gen.Select(Pick(Keys), value, Gen.Int[0, 3], (key, json, way) => (key, json, way)).Array[0, 5], Blank,
            (members, blank) => $"{{{blank}{string.Join("," + blank, members.Select(member => $"{Written(member.key, member.way)}{blank}:{blank}{member.json}"))}{blank}}}");

    /// <summary>A JSON string, now and then with more escapes than it needs.</summary>
    private static string Written(string text, int way)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (way == 0 || c < ' ') json.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else if (c is '"' or '\\' || (way == 1 && c == '/')) json.Append('\\').Append(c);
            else json.Append(c);
        }
        return json.Append('"').ToString();
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);
}
