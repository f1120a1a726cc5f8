using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Yagura.Intel;

/// <summary>The one shape that our YAML files have: a named list of rows, each of flat fields.</summary>
/// <remarks><code>
/// lists:
///   - file: office.txt
///     category: trusted
/// </code></remarks>
internal static class YamlTable
{
    /// <summary>Longest file in characters; far more than anybody writes.</summary>
    public const int LongestFile = 1_000_000;

    /// <param name="source">The file's name, for messages.</param>
    /// <param name="list">The key of the list; the only one at the top.</param>
    /// <param name="fields">Every field a row may have.</param>
    /// <exception cref="IntelException">The text has another shape; the message holds every mistake that was found.</exception>
    public static IReadOnlyList<YamlRow> Read(string text, string source, string list, IReadOnlyList<string> fields)
    {
        if (text.Length > LongestFile) throw new IntelException($"{source}: longer than {LongestFile} characters");
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException broken)
        {
            throw new IntelException($"{source}: line {broken.Start.Line}: not YAML: {broken.Message}");
        }
        catch (Exception broken) when (broken is ArgumentOutOfRangeException or InvalidOperationException)
        {
            // What the library throws for an escape of half a surrogate pair, and for some inputs that end too early (version 18.1).
            throw new IntelException($"{source}: not YAML: it ends within a value, or an escape is no character");
        }
        if (stream.Documents.Count == 0) return [];
        if (stream.Documents[0].RootNode is not YamlMappingNode root || root.Children.Count != 1
            || !root.Children.TryGetValue(new YamlScalarNode(list), out var value) || value is not YamlSequenceNode rows)
            throw new IntelException($"{source}: expected one list named \"{list}\"");

        var mistakes = new StringBuilder();
        var read = new List<YamlRow>();
        foreach (var node in rows)
        {
            if (node is not YamlMappingNode row)
            {
                mistakes.Append($"\n{source}: line {node.Start.Line}: expected fields such as \"{fields[0]}: …\"");
                continue;
            }
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, field) in row)
            {
                var name = (key as YamlScalarNode)?.Value ?? "";
                if (!fields.Contains(name, StringComparer.Ordinal))
                    mistakes.Append($"\n{source}: line {key.Start.Line}: unknown field \"{name}\"; known are {string.Join(", ", fields)}");
                else if (field is not YamlScalarNode { Value: { Length: > 0 } word })
                    mistakes.Append($"\n{source}: line {key.Start.Line}: \"{name}\" is not one value");
                else values.Add(name, word);
            }
            read.Add(new(values, (int)row.Start.Line));
        }
        Throw(mistakes);
        return read;
    }

    /// <summary>Throws all mistakes in one message, if there are any; each begins with a line break.</summary>
    public static void Throw(StringBuilder mistakes)
    {
        if (mistakes.Length > 0) throw new IntelException(mistakes.ToString(1, mistakes.Length - 1));
    }
}

/// <param name="Line">Where it starts, from 1.</param>
internal sealed record YamlRow(IReadOnlyDictionary<string, string> Fields, int Line)
{
    public string? this[string field] => Fields.GetValueOrDefault(field);
}
