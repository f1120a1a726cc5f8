using Yagura.Matching.Conditions;
using Yagura.Matching.Sigma.LogSources;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>Compiles one line of a selection, a field with its values, to a condition.</summary>
/// <param name="source">Null where it is unknown, so that fields cannot be judged.</param>
internal sealed class FieldReader(LogSource? source, SigmaOptions options, ProblemList problems)
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private int _characters, _expressions;

    /// <summary>Tests made so far.</summary>
    public int Tests { get; private set; }

    /// <param name="key">As written, with its modifiers.</param>
    public Condition? Read(string key, Place place, YamlNode value)
    {
        if (FieldKey.Parse(key, place, problems) is not { } field) return null;
        var kind = KindOf(field.Path, place);
        var values = value is YamlList list ? list.Items : [value];
        if (values.Count == 0)
        {
            problems.Error(value.Place, $"{ProblemList.Shown(key)} has no values", "an empty list matches nothing");
            return null;
        }
        if (values.Count > SigmaLimits.Values)
        {
            problems.Error(value.Place, $"{values.Count:N0} values of one field; at most {SigmaLimits.Values:N0} are allowed");
            return null;
        }
        if (field.All && values.Count == 1) problems.Warn(place, "all means nothing for a single value", "leave it away");
        var (alternatives, before) = (new List<Condition>(), Tests);
        foreach (var one in values)
        {
            if (Value(field, kind, one) is { } alternative) alternatives.Add(alternative);
            if (Excess(before) is not { } excess) continue;
            problems.Error(one.Place, excess);
            return null;
        }
        Condition condition = alternatives.Count == 1 ? alternatives[0] : field.All ? new All(alternatives) : new Any(alternatives);
        return field.Differs ? new Not(condition) : condition;
    }

    /// <summary>Which limit was passed; null for none. Asked after each value, so that no limit is passed by far.</summary>
    private string? Excess(int before) =>
        Tests - before > SigmaLimits.ExpandedValues ? $"the modifiers make more than {SigmaLimits.ExpandedValues:N0} tests of the field"
        : Tests > SigmaLimits.Tests ? $"more than {SigmaLimits.Tests:N0} tests in one rule"
        : _characters > SigmaLimits.ExpandedCharacters ? $"the values of the rule have more than {SigmaLimits.ExpandedCharacters:N0} characters"
        : _expressions > SigmaLimits.Expressions ? $"more than {SigmaLimits.Expressions} regular expressions in one rule" : null;

    /// <summary>The kind of a field, and a problem where an event cannot have it.</summary>
    public FieldKind KindOf(string? path, Place place)
    {
        if (path is null) return FieldKind.Inside;
        if (path.AsSpan().Count('.') >= SigmaLimits.PathKeys)
        {
            problems.Error(place, $"{ProblemList.Shown(path)} has more than {SigmaLimits.PathKeys} keys");
            return FieldKind.Text;
        }
        if (_paths.Add(path) && _paths.Count == SigmaLimits.Fields + 1) problems.Error(place, $"the rule reads more than {SigmaLimits.Fields:N0} fields");
        if (source is null) return FieldKind.Inside;
        if (source.KindOf(path) is { } kind)
        {
            if (kind == FieldKind.Inside && source.Parameters(path) is { } parameters)
                problems.Warn(place, $"{ProblemList.Shown(path)} is none of the {parameters} that are known here", !problems.IsFull && Spelling.Nearest(path, source.Fields.Keys) is { } near ? $"did you mean {near}?" : null);
            return kind;
        }
        problems.Error(place, $"{source.Title} has no field {ProblemList.Shown(path)}, so the rule could never fire",
            !problems.IsFull && source.Nearest(path) is { } nearest ? $"did you mean {nearest}?" : $"see the fields of {source} in docs/rules.md");
        return FieldKind.Text;
    }

    private Condition? Value(FieldKey field, FieldKind kind, YamlNode node)
    {
        if (node is not YamlScalar scalar)
        {
            problems.Error(node.Place, $"{ProblemList.Shown(field.Written)}: expected a text, number, flag or null", "a field of a nested object is named by its path: a.b.c");
            return null;
        }
        if (scalar.Text.Length > SigmaLimits.ValueLength)
        {
            problems.Error(scalar.Place, $"the value has {scalar.Text.Length:N0} characters; at most {SigmaLimits.ValueLength:N0} are allowed");
            return null;
        }
        var value = YamlScalars.Read(scalar, problems);
        if (value is ScalarValue.Null) return Null(field, kind, scalar.Place);
        return field.Comparison switch
        {
            ValueComparison.Text => Texts(field, kind, value, scalar.Place),
            ValueComparison.Expression => Expressions(field, kind, value, scalar.Place),
            ValueComparison.Network => Networks(field, kind, value, scalar.Place),
            ValueComparison.Exists => Exists(field, kind, value, scalar.Place),
            ValueComparison.Field => SameAs(field, kind, value, scalar.Place),
            _ => Between(field, kind, value, scalar.Place),
        };
    }

    /// <summary>Null is a field that is not there, or whose value is null.</summary>
    private Condition? Null(FieldKey field, FieldKind kind, Place place)
    {
        if (field.Path is null || field.Comparison != ValueComparison.Text || field.Part != TextPart.Whole || field.Base64 != Base64Form.None || field.WinDash || field.Expand)
        {
            problems.Error(place, $"{ProblemList.Shown(field.Written)}: null has no text to compare", "write '' for the empty text, or give the field a selection of its own without modifiers");
            return null;
        }
        Tests += 2;
        return new Any([new Not(Present(field.Path, kind)), new Field(field.Path, new Test.Word(null))]);
    }

    private Condition? Texts(FieldKey field, FieldKind kind, ScalarValue value, Place place)
    {
        if (value is ScalarValue.Number number && IsPlainText(field)) return Of(field.Path, kind, [Number(number), new Test.Equal(number.Written)]);
        if (value is ScalarValue.Flag flag && IsPlainText(field)) return Of(field.Path, kind, [new Test.Word(flag.Value), new Test.Equal(flag.Value ? "true" : "false", !field.Cased)]);
        var written = Written(value);
        var texts = (field.Expand ? Placeholders.Expand(written, place, options, problems) : [written]).Select(SigmaText.Parse);
        if (field.WinDash) texts = texts.SelectMany(text => Dashed(text, place));
        if (field.Base64 != Base64Form.None) texts = texts.SelectMany(text => Encoded(field, text, place));
        var tests = texts.Select(text => Part(field, text)).SelectMany(text => text.ToTests(!field.Cased)).ToList();
        foreach (var test in tests)
        {
            _characters += Automaton.TestCompiler.LengthOf(test);
            if (Automaton.TestCompiler.IsByBytes(test)) continue;
            _expressions++;
            if (Automaton.TestCompiler.Misfit(test) is not { } misfit) continue;
            problems.Error(place, misfit);
            return null;
        }
        return tests.Count == 0 ? null : Of(field.Path, kind, tests);
    }

    private static bool IsPlainText(FieldKey field) => field is { Part: TextPart.Whole, Path: not null, Expand: false, WinDash: false, Base64: Base64Form.None };

    private static Test Number(ScalarValue.Number number) => JsonNumbers.Exactly(number.Value, number.Written);

    private static string Written(ScalarValue value) => value switch
    {
        ScalarValue.Text text => text.Value,
        ScalarValue.Number number => number.Written,
        ScalarValue.Flag flag => flag.Value ? "true" : "false",
        _ => "",
    };

    private IReadOnlyList<SigmaText> Dashed(SigmaText text, Place place)
    {
        // The marks of wildcards are characters like others here.
        if (Encodings.WithAnyDash(text.Literal) is { } texts) return [.. texts.Select(one => text.With(_ => one))];
        problems.Error(place, $"windash: more than {Encodings.MostDashes} dashes in one text");
        return [];
    }

    private IReadOnlyList<SigmaText> Encoded(FieldKey field, SigmaText text, Place place)
    {
        if (text.HasWildcards)
        {
            problems.Error(place, "a text with wildcards has no Base64", @"escape * and ? as \* and \?");
            return [];
        }
        var bytes = field.Encoding switch
        {
            TextEncoding.None => Encodings.Utf8(text.Literal),
            TextEncoding.Utf16Marked => Encodings.Utf16(text.Literal, bigEndian: false, mark: true),
            _ => Encodings.Utf16(text.Literal, field.Encoding == TextEncoding.Utf16Big, mark: false),
        };
        if (field.Base64 == Base64Form.Whole) return [SigmaText.Plain(Encodings.Base64(bytes))];
        if (bytes.Length >= 3) return [.. Encodings.Base64AtEachOffset(bytes).Select(SigmaText.Plain)];
        problems.Error(place, "base64offset needs a text of three bytes or more");
        return [];
    }

    private static SigmaText Part(FieldKey field, SigmaText text) => field.Part switch
    {
        TextPart.Start => text.AsPrefix(),
        TextPart.End => text.AsSuffix(),
        TextPart.Anywhere => text.Contained(),
        _ => field.Path is null ? text.Contained() : text,
    };

    private Condition? Expressions(FieldKey field, FieldKind kind, ScalarValue value, Place place)
    {
        var written = Written(value);
        var expressions = field.Expand ? Placeholders.Expand(written, place, options, problems) : [written];
        var tests = new List<Test>();
        foreach (var expression in expressions)
        {
            var pattern = new Test.Pattern(expression, field.IgnoreCase, field.Multiline, field.DotAll);
            if (RegularExpressions.Misfit(pattern) is { } misfit)
            {
                problems.Error(place, misfit.Reason, misfit.Suggestion);
                return null;
            }
            _expressions++;
            tests.Add(pattern);
        }
        return Of(field.Path, kind, tests);
    }

    private Condition? Networks(FieldKey field, FieldKind kind, ScalarValue value, Place place)
    {
        var written = Written(value);
        var networks = field.Expand ? Placeholders.Expand(written, place, options, problems) : [written];
        var tests = new List<Test>();
        foreach (var network in networks)
        {
            if (Sigma.Networks.TryParse(network, out var parsed, out var hostBits))
            {
                if (hostBits) problems.Warn(place, $"{ProblemList.Shown(network)} is an address with the size of its network", $"the network is {parsed}");
                tests.Add(new Test.Within(parsed));
                continue;
            }
            problems.Error(place, $"{ProblemList.Shown(network)} is no network", "write 10.0.0.0/8 or 2001:db8::/32");
            return null;
        }
        return Of(field.Path, kind, tests);
    }

    private Condition? Exists(FieldKey field, FieldKind kind, ScalarValue value, Place place)
    {
        if (value is not ScalarValue.Flag flag)
        {
            problems.Error(place, "exists takes true or false");
            return null;
        }
        Tests++;
        var present = Present(field.Path!, kind);
        return flag.Value ? present : new Not(present);
    }

    private Condition? SameAs(FieldKey field, FieldKind kind, ScalarValue value, Place place)
    {
        if (value is not ScalarValue.Text { Value: var path })
        {
            problems.Error(place, "fieldref takes the path of a field");
            return null;
        }
        KindOf(path, place);
        var how = field.Part switch
        {
            TextPart.Start => Comparison.Prefix,
            TextPart.End => Comparison.Suffix,
            TextPart.Anywhere => Comparison.Contains,
            _ => Comparison.Equal,
        };
        return Of(field.Path, kind, [new Test.SameAs(path, how, !field.Cased)]);
    }

    private Condition? Between(FieldKey field, FieldKind kind, ScalarValue value, Place place)
    {
        if (value is not ScalarValue.Number { Value: var bound })
        {
            problems.Error(place, $"{ProblemList.Shown(field.Written)}: expected a number");
            return null;
        }
        var included = field.Comparison is ValueComparison.GreaterOrEqual or ValueComparison.LessOrEqual;
        var isLower = field.Comparison is ValueComparison.Greater or ValueComparison.GreaterOrEqual;
        return Of(field.Path, kind, [isLower ? new Test.Between(bound, included, null, false, AlsoText: true) : new Test.Between(null, false, bound, included, AlsoText: true)]);
    }

    private Condition Of(string? path, FieldKind kind, IReadOnlyList<Test> tests)
    {
        Tests += tests.Count;
        var fields = tests.Select(test => At(path, kind, test)).ToList();
        return fields.Count == 1 ? fields[0] : new Any(fields);
    }

    /// <summary>What a rule looks for in the text of an object it finds in the values within, for an object has no text of its own; and what lies inside a
    /// call's parameters may be an object. An object is never equal to anything.</summary>
    private static Condition At(string? path, FieldKind kind, Test test)
    {
        var within = kind is FieldKind.Object or FieldKind.Open or FieldKind.Inside
            && test is Test.Prefix or Test.Suffix or Test.Wildcard or Test.Pattern or Test.NoneOf;
        return path is not null && within ? new Below(path, test) : new Field(path, test);
    }

    private static Condition Present(string path, FieldKind kind) =>
        kind is FieldKind.Object or FieldKind.Open or FieldKind.Inside ? new Below(path, new Test.Present()) : new Field(path, new Test.Present());
}
