using System.Globalization;
using System.Text;
using System.Text.Json;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.EventBridge;

/// <summary>Reads a match object, such as <c>{"prefix":"ab"}</c> or <c>{"anything-but":{"suffix":["a","b"]}}</c>, from behind its opening brace to its closing one.</summary>
/// <param name="values">How many values of the pattern were read before.</param>
internal ref struct MatchObjectReader(int values)
{
    private const string OneKey = "Only one key allowed in match expression", TooManyElements = "Too many elements in numeric expression";

    /// <summary>How many values of the pattern were read so far.</summary>
    public int Values { get; private set; } = values;

    /// <param name="into">Takes what is asked of the field; its parts are alternatives.</param>
    public bool Read(ref PatternTokens tokens, string path, List<Condition> into)
    {
        if (!tokens.Next()) return false;
        if (tokens.Type != JsonTokenType.PropertyName) return tokens.Fail("Match expression name not found");
        if (!tokens.Text(out var name)) return false;
        switch (name)
        {
            case "exactly":
                return Text(ref tokens, "exact match pattern must be a string", out var exact) && Add(ref tokens, into, path, new Test.Equal(exact)) && Close(ref tokens, OneKey);
            case "equals-ignore-case":
                return Text(ref tokens, "equals-ignore-case match pattern must be a string", out var folded)
                    && Add(ref tokens, into, path, new Test.Equal(folded, IgnoreCase: true)) && Close(ref tokens, OneKey);
            case "prefix" or "suffix":
                return Affix(ref tokens, name, out var affix) && Add(ref tokens, into, path, affix);
            case "wildcard":
                return Text(ref tokens, "wildcard match pattern must be a string", out var wildcard) && Wildcard(ref tokens, wildcard, out var pieces)
                    && Add(ref tokens, into, path, pieces) && Close(ref tokens, OneKey);
            case "anything-but":
                return AnythingBut(ref tokens, out var none) && Add(ref tokens, into, path, none);
            case "numeric":
                if (!tokens.Next()) return false;
                if (tokens.Type != JsonTokenType.StartArray) return tokens.Fail("Value of numeric must be an array.");
                return Numeric(ref tokens, out var range) && Add(ref tokens, into, path, range) && Close(ref tokens, TooManyElements);
            case "exists":
                if (!tokens.Next()) return false;
                if (tokens.Type is not (JsonTokenType.True or JsonTokenType.False)) return tokens.Fail("exists match pattern must be either true or false.");
                Condition present = new Field(path, new Test.Present());
                into.Add(tokens.Type == JsonTokenType.True ? present : new Not(present));
                return Close(ref tokens, OneKey);
            case "cidr":
                return Text(ref tokens, "prefix match pattern must be a string", out var network) && Network(ref tokens, network, path, into) && Close(ref tokens, OneKey);
            default:
                return tokens.Fail($"Unrecognized match type {name}");
        }
    }

    private static bool Add(ref PatternTokens tokens, List<Condition> into, string path, Test test)
    {
        if (Automaton.TestCompiler.Misfit(test) is { } reason) return tokens.Fail($"Rule is too complex: {reason}");
        into.Add(new Field(path, test));
        return true;
    }

    private static bool Text(ref PatternTokens tokens, string reason, out string text)
    {
        text = "";
        return tokens.Next() && (tokens.Type == JsonTokenType.String || tokens.Fail(reason)) && tokens.Text(out text!);
    }

    private static bool Close(ref PatternTokens tokens, string reason) => tokens.Next() && (tokens.Type == JsonTokenType.EndObject || tokens.Fail(reason));

    private static bool Affix(ref PatternTokens tokens, string name, out Test test)
    {
        test = new Test.Present();
        if (!tokens.Next()) return false;
        var ignoreCase = tokens.Type == JsonTokenType.StartObject;
        if (ignoreCase)
        {
            if (!tokens.Next()) return false;
            if (tokens.Type != JsonTokenType.PropertyName) return tokens.Fail("Prefix expression name not found");
            if (!tokens.Text(out var nested)) return false;
            if (nested != "equals-ignore-case") return tokens.Fail($"Unsupported {name} pattern: {nested}");
            if (!tokens.Next()) return false;
        }
        if (tokens.Type != JsonTokenType.String) return tokens.Fail($"{(ignoreCase ? "equals-ignore-case" : name)} match pattern must be a string");
        if (!tokens.Text(out var text)) return false;
        test = name == "prefix" ? new Test.Prefix(text, ignoreCase) : new Test.Suffix(text, ignoreCase);
        return (!ignoreCase || Close(ref tokens, OneKey)) && Close(ref tokens, OneKey);
    }

    /// <summary><c>*</c> is any run of characters, <c>\*</c> a star, <c>\\</c> a backslash; positions count bytes from the quote before the text, as AWS does.</summary>
    private static bool Wildcard(ref PatternTokens tokens, string text, out Test test)
    {
        test = new Test.Present();
        var pieces = new List<string>();
        var piece = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '*')
            {
                if (at + 1 < text.Length && text[at + 1] == '*') return tokens.Fail($"Consecutive wildcard characters at pos {PlaceOf(text, at)}");
                pieces.Add(piece.ToString());
                piece.Clear();
            }
            else if (c == '\\')
            {
                if (at + 1 >= text.Length || text[at + 1] is not ('*' or '\\')) return tokens.Fail($"Invalid escape character at pos {PlaceOf(text, at)}");
                piece.Append(text[++at]);
            }
            else piece.Append(c);
        }
        pieces.Add(piece.ToString());
        if (pieces.Count == 1)
        {
            test = new Test.Equal(pieces[0]);
            return true;
        }
        test = new Test.Wildcard(pieces);
        var repeats = pieces.Skip(1).Where(after => after.Length > 0).GroupBy(after => after[0]).Select(group => group.Count()).DefaultIfEmpty().Max();
        return repeats <= PatternLimits.WildcardRepeats && pieces.Count - 1 <= PatternLimits.WildcardStars
            || tokens.Fail("Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character");
    }

    private static int PlaceOf(string text, int at) => 1 + Encoding.UTF8.GetByteCount(text.AsSpan(0, at));

    private bool AnythingBut(ref PatternTokens tokens, out Test test)
    {
        test = new Test.Present();
        if (!tokens.Next()) return false;
        string? nested = null;
        if (tokens.Type == JsonTokenType.StartObject)
        {
            if (!tokens.Next()) return false;
            if (tokens.Type != JsonTokenType.PropertyName) return tokens.Fail("Anything-But expression name not found");
            if (!tokens.Text(out nested)) return false;
            if (nested is not ("equals-ignore-case" or "prefix" or "suffix" or "wildcard")) return tokens.Fail($"Unsupported anything-but pattern: {nested}");
            if (!tokens.Next()) return false;
        }
        if (tokens.Type is not (JsonTokenType.StartArray or JsonTokenType.String or JsonTokenType.Number))
            return tokens.Fail("Value of anything-but must be an array or single string/number value.");
        var tests = new List<Test>();
        if (tokens.Type != JsonTokenType.StartArray)
        {
            if (!Excluded(ref tokens, nested, tests)) return false;
        }
        else
        {
            while (true)
            {
                if (!tokens.Next()) return false;
                if (tokens.Type == JsonTokenType.EndArray) break;
                if (++Values > PatternLimits.Values) return tokens.Fail($"The pattern has more than {PatternLimits.Values} values");
                if (!Excluded(ref tokens, nested, tests)) return false;
            }
            var numbers = tests.Count(excluded => excluded is Test.Number);
            if (nested is null && (tests.Count == 0 || (numbers > 0 && numbers < tests.Count)))
                return tokens.Fail("Inside anything but list, either all values are number or string, mixed type is not supported");
            if (tests.Count == 0) return tokens.Fail("Empty arrays are not allowed");
        }
        test = new Test.NoneOf(tests);
        return Close(ref tokens, TooManyElements) && (nested is null || Close(ref tokens, TooManyElements));
    }

    /// <summary>One value that the field must not have.</summary>
    private static bool Excluded(ref PatternTokens tokens, string? nested, List<Test> tests)
    {
        if (nested is null && tokens.Type == JsonTokenType.Number)
        {
            var json = tokens.Raw();
            if (!JsonNumber.TryHeld(json, out var number)) return tokens.Fail($"Cannot compare number : {json}");
            tests.Add(new Test.Number(number));
            return true;
        }
        if (tokens.Type != JsonTokenType.String)
        {
            return tokens.Fail(nested switch
            {
                null => "Inside anything but list, start|null|boolean is not supported.",
                "equals-ignore-case" => "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
                "wildcard" => "wildcard match pattern must be a string",
                _ => "prefix/suffix match pattern must be a string",
            });
        }
        if (!tokens.Text(out var text)) return false;
        if (nested is "prefix" or "suffix" && text.Length == 0) return tokens.Fail("Null prefix/suffix not allowed");
        Test test = new Test.Equal(text, IgnoreCase: nested is not null);
        if (nested == "prefix") test = new Test.Prefix(text);
        if (nested == "suffix") test = new Test.Suffix(text);
        if (nested == "wildcard" && !Wildcard(ref tokens, text, out test)) return false;
        tests.Add(test);
        return true;
    }

    /// <summary>From behind the opening bracket of <c>["&gt;", 0, "&lt;=", 5]</c> to its closing one.</summary>
    private static bool Numeric(ref PatternTokens tokens, out Test test)
    {
        test = new Test.Present();
        if (!tokens.Next()) return false;
        if (tokens.Type != JsonTokenType.String) return tokens.Fail($"Invalid member in numeric match: {tokens.Raw()}");
        if (!tokens.Text(out var operation)) return false;
        if (operation is not ("=" or ">" or ">=" or "<" or "<=")) return tokens.Next() && tokens.Fail($"Unrecognized numeric range operator: {operation}");
        if (!Number(ref tokens, operation == "=" ? "equals" : operation, out var first) || !tokens.Next()) return false;
        if (tokens.Type == JsonTokenType.EndArray)
        {
            test = operation switch
            {
                "=" => new Test.Number(first),
                ">" or ">=" => new Test.Between(first, operation == ">=", null, false),
                _ => new Test.Between(null, false, first, operation == "<="),
            };
            return true;
        }
        if (operation[0] != '>') return tokens.Fail(TooManyElements);
        if (tokens.Type != JsonTokenType.String) return tokens.Fail($"Bad value in numeric range: {tokens.Raw()}");
        if (!tokens.Text(out var upper)) return false;
        if (upper is not ("<" or "<=")) return tokens.Fail($"Bad numeric range operator: {upper}");
        if (!Number(ref tokens, upper, out var second) || !tokens.Next()) return false;
        if (tokens.Type != JsonTokenType.EndArray) return tokens.Fail("Too many terms in numeric range expression");
        test = new Test.Between(first, operation == ">=", second, upper == "<=");
        return first < second || tokens.Fail("Bottom must be less than top");
    }

    private static bool Number(ref PatternTokens tokens, string of, out double number)
    {
        number = 0;
        if (!tokens.Next()) return false;
        if (tokens.Type != JsonTokenType.Number) return tokens.Fail($"Value of {of} must be numeric");
        var json = tokens.Raw();
        return JsonNumber.TryHeld(json, out number) || tokens.Fail($"Cannot compare number : {json}");
    }

    private static bool Network(ref PatternTokens tokens, string text, string path, List<Condition> into)
    {
        var parts = text.TrimEnd('/').Split('/');
        if (parts.Length != 2) return tokens.Fail("Malformed CIDR, one '/' required");
        if (!int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bits)) return tokens.Fail("Malformed CIDR, mask bits must be an integer");
        if (bits < 0) return tokens.Fail("Malformed CIDR, mask bits must not be negative");
        if (!AddressText.TryParse(parts[0], out var address)) return tokens.Fail($"Nonstandard IP address: {parts[0]}");
        if (bits > (address.IsV4 ? 31 : 127)) return tokens.Fail(address.IsV4 ? "IPv4 mask bits must be < 32" : "IPv6 mask bits must be < 128");
        into.Add(new Field(path, new Test.Within($"{AddressText.Written(address)}/{bits}")));
        // All of one family stands for all of the other too, in AWS's engine and so here.
        if (bits == 0) into.Add(new Field(path, new Test.Within(address.IsV4 ? "::/0" : "0.0.0.0/0")));
        return true;
    }
}
