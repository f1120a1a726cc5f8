namespace Yagura.Api.Wire;

/// <summary>Finds the operation that a method and a path name.</summary>
internal sealed class Router(IEnumerable<Operation> operations)
{
    private readonly ILookup<(string Method, int Segments), Operation> _operations = operations.ToLookup(operation => (operation.Method, operation.Segments.Count));

    /// <param name="path">Percent-encoded, as on the wire: an encoded slash does not separate.</param>
    /// <returns>The operation and its parameters, decoded; null where there is none.</returns>
    public (Operation Operation, IReadOnlyDictionary<string, string> Parameters)? Match(string method, string path)
    {
        if (!path.StartsWith('/')) return null;
        var segments = path[1..].Split('/');
        foreach (var operation in _operations[(method, segments.Length)])
        {
            if (Parameters(operation.Segments, segments) is { } parameters) return (operation, parameters);
        }
        return null;
    }

    private static Dictionary<string, string>? Parameters(IReadOnlyList<string> template, string[] segments)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < segments.Length; i++)
        {
            if (template[i][0] != '{')
            {
                if (template[i] != segments[i]) return null;
                continue;
            }
            var value = Uri.UnescapeDataString(segments[i]);
            if (value.Length == 0) return null;
            parameters.Add(template[i][1..^1], value);
        }
        return parameters;
    }
}
