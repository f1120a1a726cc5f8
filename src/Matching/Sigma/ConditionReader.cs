using System.Text;
using Yagura.Matching.Conditions;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>Reads the condition that joins the selections of a detection.</summary>
/// <remarks><code>selection and (1 of keywords_* or other) and not 1 of filter_*</code>
/// <c>not</c> binds closest, then <c>and</c>, then <c>or</c>. Source: Sigma specification 2.1, "Condition".</remarks>
internal sealed class ConditionReader(IReadOnlyDictionary<string, SigmaSelection> selections, ProblemList problems)
{
    private enum Kind { Name, Open, Close, And, Or, Not, End }

    private readonly record struct Token(Kind Kind, string Text, int At);

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private List<Token> _tokens = [];
    private int _next, _references, _failedAt;
    private YamlScalar _scalar = new(Place.Start, "", true);

    /// <param name="node">One condition, or a list of them, of which at least one must hold.</param>
    public (string Written, Condition Condition)? Read(YamlNode node)
    {
        var nodes = node is YamlList list ? list.Items : [node];
        var before = problems.Errors;
        if (nodes.Count > SigmaLimits.Conditions)
        {
            problems.Error(node.Place, $"condition: a list of {nodes.Count:N0}; at most {SigmaLimits.Conditions} are allowed");
            return null;
        }
        var conditions = new List<Condition>();
        var written = new List<string>();
        foreach (var one in nodes)
        {
            if (one is not YamlScalar { Text: var text } scalar || string.IsNullOrWhiteSpace(text)) problems.Error(one.Place, "condition: expected a text such as selection and not filter");
            else if (text.Length > SigmaLimits.ConditionLength) problems.Error(one.Place, $"the condition has {text.Length:N0} characters; at most {SigmaLimits.ConditionLength:N0} are allowed");
            else if (One(scalar) is { } condition)
            {
                conditions.Add(condition);
                written.Add(text.ReplaceLineEndings(" ").Trim());
            }
        }
        if (nodes.Count == 0) problems.Error(node.Place, "condition: the list is empty");
        if (problems.Errors > before) return null;
        foreach (var unused in selections.Values.Where(selection => !_used.Contains(selection.Name) && !selection.Name.StartsWith('_')))
            problems.Warn(new(unused.Line, 1), $"no condition names the selection {ProblemList.Shown(unused.Name)}");
        return (string.Join(" or ", written.Select(text => written.Count > 1 ? $"({text})" : text)), DetectionReader.AnyOf(conditions));
    }

    private Condition? One(YamlScalar scalar)
    {
        _scalar = scalar;
        _failedAt = -1;
        if (scalar.Text.IndexOf('|', StringComparison.Ordinal) is >= 0 and var pipe)
        {
            Fail(pipe, "an aggregation after | is of Sigma 1, and Sigma 2 has none", "write a correlation rule (event_count, value_count, temporal)");
            return null;
        }
        _tokens = Tokens(scalar.Text);
        _next = 0;
        var condition = Or(0);
        if (_failedAt < 0 && Peek.Kind != Kind.End) Fail(Peek.At, $"{Shown(Peek)} is not expected here", Peek.Kind == Kind.Name ? "join selections by and or or" : null);
        return _failedAt < 0 ? condition : null;
    }

    private Token Peek => _tokens[_next];

    private Token Take() => Peek.Kind == Kind.End ? Peek : _tokens[_next++];

    private Condition? Or(int level) => Joined(level, Kind.Or, And, DetectionReader.AnyOf);

    private Condition? And(int level) => Joined(level, Kind.And, Not, DetectionReader.AllOf);

    private Condition? Joined(int level, Kind joint, Func<int, Condition?> part, Func<IReadOnlyList<Condition>, Condition> join)
    {
        var parts = new List<Condition>();
        do
        {
            if (part(level) is not { } condition) return null;
            parts.Add(condition);
        }
        while (Peek.Kind == joint && Take().Kind == joint);
        return join(parts);
    }

    private Condition? Not(int level)
    {
        var token = Take();
        if (level > SigmaLimits.ConditionLevels) return Fail(token.At, $"more than {SigmaLimits.ConditionLevels} brackets and negations within each other");
        switch (token.Kind)
        {
            case Kind.Not: return Not(level + 1) is { } part ? new Not(part) : null;
            case Kind.Open:
                var inner = Or(level + 1);
                if (inner is null) return null;
                return Take().Kind == Kind.Close ? inner : Fail(token.At, "the bracket is not closed");
            case Kind.Name: return Named(token);
            case Kind.End: return Fail(token.At, "the condition ends where a selection is expected");
            default: return Fail(token.At, $"{Shown(token)} stands where a selection is expected");
        }
    }

    private Condition? Named(Token token)
    {
        var quantified = Peek is { Kind: Kind.Name, Text: var word } && word.Equals("of", StringComparison.OrdinalIgnoreCase);
        if (!quantified) return Selection(token);
        Take();
        var target = Take();
        if (target.Kind != Kind.Name) return Fail(target.At, "of is followed by them or a pattern of names");
        var all = token.Text.Equals("all", StringComparison.OrdinalIgnoreCase);
        if (!all && token.Text != "1" && !token.Text.Equals("any", StringComparison.OrdinalIgnoreCase))
            return Fail(token.At, $"{ProblemList.Shown(token.Text)} of: only 1 of and all of are known", "name the combinations with and and or");
        var matching = Matching(target.Text);
        if (matching.Count == 0) return Fail(target.At, $"no selection is named {ProblemList.Shown(target.Text)}", ProblemList.DidYouMean(target.Text.TrimEnd('*'), selections.Keys));
        _references += matching.Count;
        if (_references > SigmaLimits.References) return Fail(token.At, $"the conditions name more than {SigmaLimits.References:N0} selections");
        _used.UnionWith(matching.Select(selection => selection.Name));
        var parts = matching.Select(selection => selection.Condition).ToList();
        return all ? DetectionReader.AllOf(parts) : DetectionReader.AnyOf(parts);
    }

    private Condition? Selection(Token token)
    {
        if (selections.TryGetValue(token.Text, out var selection))
        {
            if (++_references > SigmaLimits.References) return Fail(token.At, $"the conditions name more than {SigmaLimits.References:N0} selections");
            _used.Add(token.Text);
            return selection.Condition;
        }
        return Fail(token.At, $"no selection is named {ProblemList.Shown(token.Text)}", ProblemList.DidYouMean(token.Text, selections.Keys));
    }

    /// <summary>Selections by pattern. Names that begin with an underscore are meant only where the pattern begins so too.</summary>
    private List<SigmaSelection> Matching(string pattern)
    {
        var them = pattern.Equals("them", StringComparison.OrdinalIgnoreCase);
        var pieces = pattern.Split('*');
        return [.. selections.Values.Where(selection => (!selection.Name.StartsWith('_') || pattern.StartsWith('_')) && (them || Fits(selection.Name, pieces)))];
    }

    /// <summary>True where the pieces cover the name in their order, anything between them.</summary>
    private static bool Fits(ReadOnlySpan<char> name, string[] pieces)
    {
        if (pieces is [var whole]) return name.SequenceEqual(whole);
        if (!name.StartsWith(pieces[0], StringComparison.Ordinal)) return false;
        name = name[pieces[0].Length..];
        foreach (var piece in pieces.AsSpan(1..^1))
        {
            if (name.IndexOf(piece, StringComparison.Ordinal) is not (>= 0 and var at)) return false;
            name = name[(at + piece.Length)..];
        }
        return name.EndsWith(pieces[^1], StringComparison.Ordinal);
    }

    private static List<Token> Tokens(string text)
    {
        var tokens = new List<Token>();
        var word = new StringBuilder();
        for (var at = 0; at <= text.Length; at++)
        {
            var c = at < text.Length ? text[at] : ' ';
            if (!char.IsWhiteSpace(c) && c is not '(' and not ')')
            {
                word.Append(c);
                continue;
            }
            if (word.Length > 0) tokens.Add(Word(word.ToString(), at - word.Length));
            word.Clear();
            if (c is '(' or ')') tokens.Add(new(c == '(' ? Kind.Open : Kind.Close, c.ToString(), at));
        }
        tokens.Add(new(Kind.End, "", text.Length));
        return tokens;
    }

    private static Token Word(string word, int at) => new(word.ToLowerInvariant() switch { "and" => Kind.And, "or" => Kind.Or, "not" => Kind.Not, _ => Kind.Name }, word, at);

    private static string Shown(Token token) => ProblemList.Shown(token.Text);

    /// <summary>Adds the first mistake of a condition; what follows from it is not a mistake of its own.</summary>
    private Condition? Fail(int at, string reason, string? suggestion = null)
    {
        if (_failedAt >= 0) return null;
        _failedAt = at;
        // Only on one line is the place in the file known to the character.
        var within = _scalar.Text.AsSpan().IndexOfAny('\n', '\r') < 0 ? at + (_scalar.IsPlain ? 0 : 1) : 0;
        problems.Error(new(_scalar.Place.Line, _scalar.Place.Column + within), reason, suggestion);
        return null;
    }
}
