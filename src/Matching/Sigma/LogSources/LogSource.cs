using System.Collections.Frozen;

namespace Yagura.Matching.Sigma.LogSources;

/// <summary>What a value of a field is.</summary>
public enum FieldKind
{
    Text, Number, Flag,
    /// <summary>A text that is a time.</summary>
    Time,
    /// <summary>An object (or a list of such) whose fields are all known.</summary>
    Object,
    /// <summary>An object whose fields are those of some API, or anything.</summary>
    Open,
    /// <summary>A known path within an <see cref="Open"/> object; what it holds is not known.</summary>
    Parameter,
    /// <summary>Any other path within an <see cref="Open"/> object.</summary>
    Inside,
}

/// <summary>A log whose events rules are written for, with the fields that an event can have.</summary>
/// <remarks>An event is a JSON object of these fields. Rows of a text log are such an object too: each field that was recorded under its name.</remarks>
/// <param name="Product">As a rule's <c>logsource</c> names it: <c>aws</c>.</param>
/// <param name="Service">As a rule's <c>logsource</c> names it: <c>cloudtrail</c>.</param>
/// <param name="Title">For people: "AWS CloudTrail".</param>
/// <param name="TimeField">The field that says when the event happened: a text in ISO 8601, or a number of seconds since 1970.</param>
public sealed record LogSource(string Product, string Service, string Title, string TimeField)
{
    private readonly FrozenDictionary<string, FieldKind> _fields = Load(Service);

    /// <summary>Every known path with its kind.</summary>
    public IReadOnlyDictionary<string, FieldKind> Fields => _fields;

    /// <summary>The kind of a field; null where an event cannot have it.</summary>
    public FieldKind? KindOf(string path)
    {
        if (_fields.TryGetValue(path, out var kind)) return kind;
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (_fields.TryGetValue(path[..dot], out var above)) return above == FieldKind.Open ? FieldKind.Inside : null;
        }
        return null;
    }

    /// <summary>Words for what lies in an open object whose usual fields are known, such as "parameters of AWS calls"; null where none are.</summary>
    internal string? Parameters(string path) =>
        Service == "cloudtrail" && (path.StartsWith("requestParameters.", StringComparison.Ordinal) || path.StartsWith("responseElements.", StringComparison.Ordinal)) ? "parameters of AWS calls" : null;

    /// <summary>The field that was meant by one that an event cannot have; null where none is near.</summary>
    public string? Nearest(string path) =>
        // A field named without what it lies in: "principalId" is userIdentity.principalId.
        _fields.Keys.Where(known => _fields[known] != FieldKind.Parameter && known.EndsWith("." + path, StringComparison.OrdinalIgnoreCase)).OrderBy(known => known.Length).ThenBy(known => known, StringComparer.Ordinal).FirstOrDefault()
        ?? Spelling.Nearest(path, _fields.Keys);

    public bool Equals(LogSource? other) => other is not null && Product == other.Product && Service == other.Service;

    public override int GetHashCode() => HashCode.Combine(Product.GetHashCode(StringComparison.Ordinal), Service.GetHashCode(StringComparison.Ordinal));

    public override string ToString() => $"{Product}/{Service}";

    private static FrozenDictionary<string, FieldKind> Load(string service)
    {
        using var stream = typeof(LogSource).Assembly.GetManifestResourceStream($"Yagura.Matching.Sigma.{service}.txt")!;
        using var reader = new StreamReader(stream);
        var fields = new Dictionary<string, FieldKind>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ');
            fields.Add(words[0], words.Length == 1 ? FieldKind.Text : Enum.Parse<FieldKind>(words[1], ignoreCase: true));
        }
        return fields.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
