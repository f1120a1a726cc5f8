using System.Text.Json;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.EventBridge;

/// <summary>Reads one pattern from its first byte to its last and stops at the first mistake.</summary>
/// <remarks>A pattern is kept as a list of alternatives, each a map from a path to what its value must be; one without <c>$or</c> has one. A path that is named
/// again replaces what was asked of it before, in every alternative so far: so do duplicate keys, and so does AWS.</remarks>
internal ref struct PatternReader
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr", "=", "<", "<=", ">", ">=", "regex", "not-wildcard",
        "not-equals-ignore-case", "date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range", "ip-address-in-range", "ip-address-not-in-range",
    };

    private readonly HashSet<string> _fields = new(StringComparer.Ordinal);
    private PatternTokens _tokens;
    private int _values;
    private int _copies; // of fields, in alternatives

    public PatternReader(ReadOnlySpan<byte> json) => _tokens = new PatternTokens(json);

    public readonly PatternError Error(ReadOnlySpan<byte> json) => _tokens.Error(json);

    /// <returns>Null at a mistake.</returns>
    public Condition? Read()
    {
        if (_tokens.Length > PatternLimits.Bytes)
        {
            _tokens.Fail($"The pattern has {_tokens.Length} bytes; at most {PatternLimits.Bytes} are allowed");
            return null;
        }
        if (!_tokens.Next()) return null;
        if (_tokens.Type != JsonTokenType.StartObject)
        {
            _tokens.Fail("Filter is not an object");
            return null;
        }
        var alternatives = new List<SortedDictionary<string, Condition>>();
        return Object(alternatives, null, 1, insideOr: false) && _tokens.End() ? Combine(alternatives) : null;
    }

    private static Condition Combine(List<SortedDictionary<string, Condition>> alternatives)
    {
        var conditions = alternatives.ConvertAll(Combine);
        return conditions.Count == 1 ? conditions[0] : new Any(conditions);
    }

    // Elements of lists are bound in the order of the paths, as AWS's engine does it.
    private static Condition Combine(SortedDictionary<string, Condition> fields) =>
        fields.Count == 1 ? fields.Values.First() : new Consistent(new All([.. fields.Values]));

    /// <param name="path">Null at the root.</param>
    private bool Object(List<SortedDictionary<string, Condition>> alternatives, string? path, int level, bool insideOr)
    {
        if (level > PatternLimits.Levels) return _tokens.Fail($"The pattern is nested more than {PatternLimits.Levels} levels deep");
        var fields = 0;
        while (_tokens.Next())
        {
            if (_tokens.Type == JsonTokenType.EndObject) return fields > 0 || _tokens.Fail("Empty objects are not allowed");
            fields++;
            if (!_tokens.Text(out var key)) return false;
            if (key == "$or")
            {
                if (!Or(alternatives, path, level)) return false;
                continue;
            }
            if (insideOr && Reserved.Contains(key)) return _tokens.Fail($"{key} is Ruler reserved fieldName which cannot be used inside $or.");
            if (!_tokens.Next()) return false;
            var joined = path is null ? key : path + "." + key;
            if (joined.AsSpan().Count('.') >= PatternLimits.Levels) return _tokens.Fail($"The path of a field has more than {PatternLimits.Levels} keys");
            var read = _tokens.Type switch
            {
                JsonTokenType.StartObject => Object(alternatives, joined, level + 1, insideOr),
                JsonTokenType.StartArray => Values(alternatives, joined),
                _ => _tokens.Fail($"\"{key}\" must be an object or an array"),
            };
            if (!read) return false;
        }
        return false;
    }

    private bool Or(List<SortedDictionary<string, Condition>> alternatives, string? path, int level)
    {
        if (!_tokens.Next()) return false;
        if (_tokens.Type != JsonTokenType.StartArray) return _tokens.Fail("It must be an Array followed with $or.");
        if (alternatives.Count == 0) alternatives.Add(new(StringComparer.Ordinal));
        var before = alternatives.ToArray();
        alternatives.Clear();
        var objects = 0;
        while (_tokens.Next())
        {
            if (_tokens.Type == JsonTokenType.EndArray)
                return objects >= 2 || _tokens.Fail("There must have at least 2 Objects in $or relationship.");
            if (_tokens.Type != JsonTokenType.StartObject) return _tokens.Fail("Only JSON object is allowed in array of $or relationship.");
            objects++;
            if (before.Length + alternatives.Count > PatternLimits.Alternatives)
                return TooManyAlternatives();
            var branch = new List<SortedDictionary<string, Condition>>(before.Length);
            foreach (var fields in before) branch.Add(new(fields, StringComparer.Ordinal));
            if (!Object(branch, path, level + 1, insideOr: true)) return false;
            alternatives.AddRange(branch);
            _copies = alternatives.Sum(fields => fields.Count);
            if (alternatives.Count > PatternLimits.Alternatives || _copies > PatternLimits.AlternativeFields) return TooManyAlternatives();
        }
        return false;
    }

    private bool TooManyAlternatives() =>
        _tokens.Fail($"The $or of the pattern multiply to more than {PatternLimits.Alternatives} alternatives or {PatternLimits.AlternativeFields} fields");

    private bool Values(List<SortedDictionary<string, Condition>> alternatives, string path)
    {
        var values = new List<Condition>();
        while (_tokens.Next())
        {
            if (_tokens.Type == JsonTokenType.EndArray)
            {
                if (values.Count == 0) return _tokens.Fail("Empty arrays are not allowed");
                if (_fields.Add(path) && _fields.Count > PatternLimits.Fields) return _tokens.Fail($"The pattern has more than {PatternLimits.Fields} fields");
                if (alternatives.Count == 0) alternatives.Add(new(StringComparer.Ordinal));
                var condition = values.Count == 1 ? values[0] : new Any(values);
                if (alternatives.Count > 1 && (_copies += alternatives.Count) > PatternLimits.AlternativeFields) return TooManyAlternatives();
                foreach (var fields in alternatives) fields[path] = condition;
                return true;
            }
            if (++_values > PatternLimits.Values) return _tokens.Fail($"The pattern has more than {PatternLimits.Values} values");
            if (!Value(path, values)) return false;
        }
        return false;
    }

    private bool Value(string path, List<Condition> values)
    {
        switch (_tokens.Type)
        {
            case JsonTokenType.String:
                if (!_tokens.Text(out var text)) return false;
                // A text that looks like an address is compared as one, so that all its spellings match.
                values.Add(new Field(path, AddressText.TryParse(text, out var address) ? new Test.Within(AddressText.NetworkOf(address)) : new Test.Equal(text)));
                return true;
            case JsonTokenType.Number:
                values.Add(new Field(path, NumberTest(_tokens.Raw())));
                return true;
            case JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null:
                values.Add(new Field(path, new Test.Word(_tokens.Type == JsonTokenType.Null ? null : _tokens.Type == JsonTokenType.True)));
                return true;
            case JsonTokenType.StartObject:
                var reader = new MatchObjectReader(_values);
                var read = reader.Read(ref _tokens, path, values);
                _values = reader.Values;
                return read;
            default:
                return _tokens.Fail("Match value must be String, number, true, false, or null");
        }
    }

    internal static Test NumberTest(string json) => JsonNumber.TryHeld(json, out var value) ? new Test.Number(value) : new Test.Literal(json);
}
