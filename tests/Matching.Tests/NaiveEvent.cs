using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Yagura.Matching.Conditions;

namespace Yagura.Tests.Matching;

/// <summary>An event as the plainest reading of the semantics has it: a list of values, each tried against every condition.</summary>
internal sealed class NaiveEvent
{
    /// <summary>A value that is no object and no list.</summary>
    /// <param name="Elements">In which element of which list it lies; lists are numbered.</param>
    private sealed record Leaf(string Path, JsonElement Json, IReadOnlyDictionary<int, int> Elements);

    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;
    private readonly List<Leaf> _leaves = [];
    private int _lists;

    public static bool TryRead(ReadOnlySpan<byte> json, out NaiveEvent read)
    {
        read = new NaiveEvent();
        try
        {
            var document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = 128 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            read.Flatten(document.RootElement, null, new Dictionary<int, int>());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Flatten(JsonElement json, string? path, IReadOnlyDictionary<int, int> elements)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject()) Flatten(member.Value, path is null ? member.Name : path + "." + member.Name, elements);
                break;
            case JsonValueKind.Array:
                var (list, index) = (_lists++, 0);
                foreach (var item in json.EnumerateArray())
                {
                    var nested = item.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
                    Flatten(item, path, nested ? new Dictionary<int, int>(elements) { [list] = index } : elements);
                    index++;
                }
                break;
            default:
                _leaves.Add(new(path!, json, elements));
                break;
        }
    }

    public bool Holds(Condition condition) => condition switch
    {
        All all => all.Parts.All(Holds),
        Any any => any.Parts.Any(Holds),
        Not not => !Holds(not.Part),
        Field field => _leaves.Any(leaf => IsAt(leaf, field.Path) && Passes(leaf, field.Test)),
        Below below => _leaves.Any(leaf => IsBelow(leaf, below.Path) && Passes(leaf, below.Test)),
        Consistent consistent => Ways(consistent.Part, new Dictionary<int, int>()).Any(),
        _ => throw new ArgumentException($"unknown condition {condition.GetType().Name}", nameof(condition)),
    };

    /// <summary>Every way to fulfil a condition with values that do not contradict the elements chosen so far: the elements chosen after it.</summary>
    private IEnumerable<IReadOnlyDictionary<int, int>> Ways(Condition condition, IReadOnlyDictionary<int, int> chosen) => condition switch
    {
        All all => all.Parts.Aggregate<Condition, IEnumerable<IReadOnlyDictionary<int, int>>>([chosen], (ways, part) => ways.SelectMany(way => Ways(part, way))),
        Any any => any.Parts.SelectMany(part => Ways(part, chosen)),
        Not not => Ways(not.Part, chosen).Any() ? [] : [chosen],
        Below below => Ways(leaf => IsBelow(leaf, below.Path), below.Test, chosen),
        Field field => Ways(leaf => IsAt(leaf, field.Path), field.Test, chosen),
        _ => Holds(condition) ? [chosen] : [],
    };

    private IEnumerable<IReadOnlyDictionary<int, int>> Ways(Func<Leaf, bool> isThere, Test test, IReadOnlyDictionary<int, int> chosen) => test switch
    {
        Test.SameAs same =>
            from leaf in _leaves
            where isThere(leaf)
            let way = Join(chosen, leaf.Elements)
            where way is not null
            from other in _leaves
            where IsAt(other, same.Path) && Compare(leaf.Json, other.Json, same)
            let both = Join(way, other.Elements)
            where both is not null
            select both,
        _ => from leaf in _leaves where isThere(leaf) && Passes(leaf, test) let way = Join(chosen, leaf.Elements) where way is not null select way,
    };

    private static IReadOnlyDictionary<int, int>? Join(IReadOnlyDictionary<int, int> chosen, IReadOnlyDictionary<int, int> elements)
    {
        if (elements.Any(element => chosen.TryGetValue(element.Key, out var other) && other != element.Value)) return null;
        var joined = new Dictionary<int, int>(chosen);
        foreach (var (list, index) in elements) joined[list] = index;
        return joined;
    }

    private static bool IsBelow(Leaf leaf, string path) => leaf.Path == path || leaf.Path.StartsWith(path + ".", StringComparison.Ordinal);

    private static bool IsAt(Leaf leaf, string? path) => path is null || leaf.Path == path;

    private bool Passes(Leaf leaf, Test test) => test switch
    {
        Test.NoneOf none => !none.Tests.Any(part => Passes(leaf, part)),
        Test.SameAs same => _leaves.Any(other => IsAt(other, same.Path) && Compare(leaf.Json, other.Json, same)),
        _ => Passes(leaf.Json, test),
    };

    private static bool Passes(JsonElement json, Test test)
    {
        var text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        return test switch
        {
            Test.Present => true,
            Test.Equal equal => text is not null && Regex(equal.Text, equal.IgnoreCase, "^(?:", ")\\z").IsMatch(text),
            Test.Prefix prefix => text is not null && Regex(prefix.Text, prefix.IgnoreCase, "^(?:", ")").IsMatch(text),
            Test.Suffix suffix => text is not null && Regex(suffix.Text, suffix.IgnoreCase, "(?:", ")\\z").IsMatch(text),
            Test.Wildcard wildcard => text is not null && Fits(text, wildcard),
            Test.Pattern pattern => text is not null && new Regex(pattern.Expression, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
                | (pattern.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None) | (pattern.Multiline ? RegexOptions.Multiline : RegexOptions.None) | (pattern.DotAll ? RegexOptions.Singleline : RegexOptions.None), System.Text.RegularExpressions.Regex.InfiniteMatchTimeout).IsMatch(text),
            Test.Within within => text is not null && Address(text) is { } address && IsWithin(address, within.Network),
            Test.Number number => Decimal(json, number.AlsoText) is { } value && value == DecimalOf(number.Value),
            Test.Literal literal => json.ValueKind == JsonValueKind.Number && json.GetRawText() == literal.Json,
            Test.Between between => Decimal(json, between.AlsoText) is { } value && IsHeld(value, out var real)
                && (between.Lower is not { } lower || real > lower || (between.LowerIncluded && real == lower))
                && (between.Upper is not { } upper || real < upper || (between.UpperIncluded && real == upper)),
            Test.Whole whole => Whole(json, whole.Of) is { } value && value >= whole.Least && value <= whole.Most,
            Test.Digits digits => Whole(json, digits.Of) is { } value && Fits(value.ToString(CultureInfo.InvariantCulture), digits.Spelling),
            Test.Word word => json.ValueKind switch
            {
                JsonValueKind.True => word.Value is true,
                JsonValueKind.False => word.Value is false,
                JsonValueKind.Null => word.Value is null,
                _ => word.AlsoText && text is ("true" or "false") && word.Value == (text == "true"),
            },
            _ => throw new ArgumentException($"unknown test {test.GetType().Name}", nameof(test)),
        };
    }

    private static bool Fits(string text, Test.Wildcard wildcard) =>
        new Regex("^" + string.Join("[\\s\\S]*", wildcard.Pieces.Select(piece => Expression(piece, wildcard.IgnoreCase))) + "\\z", Plain).IsMatch(text);

    /// <summary>The value as a whole number of 64 bits; null where it is none.</summary>
    public static long? Whole(JsonElement json, WholeOf of)
    {
        if (json.ValueKind == JsonValueKind.Number)
        {
            if (of == WholeOf.Time) return Within64Bits(Math.Round(json.GetDouble() * 1000, MidpointRounding.AwayFromZero));
            return json.TryGetInt64(out var whole) ? whole : Within64Bits(Math.Truncate(json.GetDouble()));
        }
        if (json.ValueKind != JsonValueKind.String) return null;
        var text = json.GetString()!;
        if (of == WholeOf.NumberOrText && System.Text.RegularExpressions.Regex.IsMatch(text, "^-?[0-9]+\\z", Plain))
        {
            return (long)BigInteger.Max(long.MinValue, BigInteger.Min(long.MaxValue, BigInteger.Parse(text, CultureInfo.InvariantCulture)));
        }
        return of == WholeOf.Time ? Time(text) : null;
    }

    private static long Within64Bits(double whole) => whole >= long.MaxValue ? long.MaxValue : whole <= long.MinValue ? long.MinValue : (long)whole;

    private static long? Time(string text)
    {
        var parts = System.Text.RegularExpressions.Regex.Match(
            text, @"^(?<second>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]+))?(Z|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))?\z", Plain);
        if (!parts.Success || !DateTime.TryParseExact(parts.Groups["second"].Value, "s", CultureInfo.InvariantCulture, DateTimeStyles.None, out var second)) return null;
        int Of(string group) => parts.Groups[group].Success ? int.Parse(parts.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
        if (Of("hours") > 14 || Of("minutes") > 59) return null;
        var fraction = int.Parse((parts.Groups["fraction"].Value + "000")[..3], CultureInfo.InvariantCulture);
        var offset = (parts.Groups["sign"].Value == "-" ? -60_000L : 60_000L) * (Of("hours") * 60 + Of("minutes"));
        return (long)(second - DateTime.UnixEpoch).TotalMilliseconds + fraction - offset;
    }

    private static bool Compare(JsonElement one, JsonElement other, Test.SameAs same)
    {
        if (one.ValueKind != other.ValueKind) return false;
        var comparison = same.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (one.ValueKind != JsonValueKind.String)
        {
            return same.How == Comparison.Equal
                && (one.ValueKind != JsonValueKind.Number || one.GetRawText() == other.GetRawText() || (Decimal(one, false) is { } left && left == Decimal(other, false)));
        }
        var (text, part) = (one.GetString()!, other.GetString()!);
        return same.How switch
        {
            Comparison.Equal => text.Equals(part, comparison),
            Comparison.Prefix => text.StartsWith(part, comparison),
            Comparison.Suffix => text.EndsWith(part, comparison),
            Comparison.Contains => text.Contains(part, comparison),
        };
    }

    private static Regex Regex(string text, bool ignoreCase, string before, string after) => new(before + Expression(text, ignoreCase) + after, Plain);

    private static string Expression(string piece, bool ignoreCase)
    {
        var expression = new StringBuilder();
        foreach (var rune in Characters(piece))
        {
            if (rune is [Test.Wildcard.OptionalCharacter]) expression.Append("(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[\\s\\S])?");
            else if (rune is [Test.Wildcard.AnyCharacter]) expression.Append("(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[\\s\\S])");
            else if (!ignoreCase) expression.Append(System.Text.RegularExpressions.Regex.Escape(rune));
            else
            {
                var forms = new[] { rune, rune.ToLowerInvariant(), rune.ToUpperInvariant() }.Concat(rune == "ß" ? ["SS"] : Array.Empty<string>());
                expression.Append("(?:").AppendJoin('|', forms.Distinct(StringComparer.Ordinal).Select(System.Text.RegularExpressions.Regex.Escape)).Append(')');
            }
        }
        return expression.ToString();
    }

    private static IEnumerable<string> Characters(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (at + 1 < text.Length && char.IsSurrogatePair(text, at)) yield return text.Substring(at++, 2);
            else yield return text[at].ToString();
        }
    }

    /// <summary>A number as whole digits and a power of ten, without trailing zeros.</summary>
    private static (BigInteger Digits, BigInteger Exponent)? Decimal(JsonElement json, bool alsoText)
    {
        var written = json.ValueKind == JsonValueKind.Number ? json.GetRawText() : alsoText && json.ValueKind == JsonValueKind.String ? json.GetString()! : null;
        return written is null || !System.Text.RegularExpressions.Regex.IsMatch(written, @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", Plain) ? null : DecimalOf(written);
    }

    private static (BigInteger Digits, BigInteger Exponent) DecimalOf(double value) => DecimalOf(value.ToString("R", CultureInfo.InvariantCulture));

    private static (BigInteger Digits, BigInteger Exponent) DecimalOf(string written)
    {
        var parts = written.ToLowerInvariant().Split('e');
        var exponent = parts.Length > 1 ? BigInteger.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        if (point >= 0) exponent -= parts[0].Length - point - 1;
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (digits.IsZero) return (0, 0);
        while ((digits % 10).IsZero) (digits, exponent) = (digits / 10, exponent + 1);
        return (digits, exponent);
    }

    /// <summary>True for a number that a double gives back as it is.</summary>
    private static bool IsHeld((BigInteger Digits, BigInteger Exponent) value, out double real) =>
        double.TryParse($"{value.Digits}E{value.Exponent}", NumberStyles.Float, CultureInfo.InvariantCulture, out real) && double.IsFinite(real) && DecimalOf(real) == value;

    /// <summary>The bytes of an address; IPv4 takes leading zeros, IPv6 is written in hexadecimal groups alone.</summary>
    private static byte[]? Address(string text)
    {
        if (System.Text.RegularExpressions.Regex.IsMatch(text, @"^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\z", Plain) && text.Length <= 15)
        {
            var octets = text.Split('.').Select(octet => int.Parse(octet, CultureInfo.InvariantCulture)).ToArray();
            return octets.Max() > 255 ? null : [.. octets.Select(octet => (byte)octet)];
        }
        if (!System.Text.RegularExpressions.Regex.IsMatch(text, @"^[0-9a-fA-F:]*:[0-9a-fA-F:]*\z", Plain) || !IPAddress.TryParse(text, out var address)) return null;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
    }

    private static bool IsWithin(byte[] address, string network)
    {
        var slash = network.IndexOf('/', StringComparison.Ordinal);
        if (Address(network[..slash]) is not { } start || start.Length != address.Length) return false;
        var bits = int.Parse(network[(slash + 1)..], CultureInfo.InvariantCulture);
        for (var bit = 0; bit < bits; bit++)
        {
            if (((start[bit / 8] ^ address[bit / 8]) & (128 >> (bit % 8))) != 0) return false;
        }
        return true;
    }
}
