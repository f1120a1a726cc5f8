using System.Collections;
using System.CommandLine;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Yagura.Cli;

/// <summary>Options of a command that stand in a file or in the environment, beneath those on the command line: <c>yagura.yaml</c> &lt; <c>YAGURA__…</c> &lt; flags.</summary>
/// <remarks>
/// <code>
/// urls: http://127.0.0.1:8080
/// source:
///   - /var/log/aws
///   - place: s3://trail-logs
///     role: arn:aws:iam::111122223333:role/yagura
/// </code>
/// A key is an option's name without its dashes. In the environment, <c>--allow-plain-http</c> is <c>YAGURA__ALLOW_PLAIN_HTTP</c>, and options that may be
/// repeated are numbered: <c>YAGURA__SOURCE__0</c>.
/// </remarks>
internal static class Settings
{
    public const string FileName = "yagura.yaml";

    private const string Prefix = "YAGURA__", Place = "place";
    private const int LargestFile = 1 << 20;

    /// <summary>The command line with what is set elsewhere.</summary>
    /// <param name="parsed">What stands on the command line.</param>
    /// <param name="file">May be missing.</param>
    /// <exception cref="UserError">With every mistake.</exception>
    public static IReadOnlyList<string> Complete(Command command, ParseResult parsed, string file, IDictionary environment)
    {
        var mistakes = new List<string>();
        var set = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (File.Exists(file)) Read(file, set, mistakes);
        var (unknown, source) = (set.Keys.ToList(), file);
        foreach (var (name, values) in Environment(environment)) set[name] = values;
        var args = new List<string>();
        foreach (var option in command.Options)
        {
            var name = option.Name.TrimStart('-');
            unknown.Remove(name);
            if (!set.TryGetValue(name, out var values) || parsed.GetResult(option) is { Implicit: false }) continue;
            foreach (var value in values) args.AddRange([option.Name, value]);
        }
        mistakes.AddRange(unknown.Select(name => $"{source}: unknown setting \"{name}\"; `yagura {command.Name} --help` lists them, without the dashes"));
        return mistakes.Count == 0 ? args : throw new UserError(string.Join('\n', mistakes));
    }

    private static IEnumerable<(string Name, IReadOnlyList<string> Values)> Environment(IDictionary environment) => environment.Keys.Cast<string>()
        .Where(key => key.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(key => (Parts: key[Prefix.Length..].Split("__"), Value: (string)environment[key]!))
        .OrderBy(one => one.Parts.Length > 1 && int.TryParse(one.Parts[1], out var number) ? number : 0)
        .GroupBy(one => one.Parts[0].ToLowerInvariant().Replace('_', '-'), one => one.Value, StringComparer.Ordinal)
        .Select(name => (name.Key, (IReadOnlyList<string>)[.. name]));

    private static void Read(string file, Dictionary<string, IReadOnlyList<string>> set, List<string> mistakes)
    {
        var stream = new YamlStream();
        try
        {
            if (new FileInfo(file).Length > LargestFile) throw new UserError($"{file} is larger than {LargestFile} bytes");
            using var text = File.OpenText(file);
            stream.Load(text);
        }
        catch (YamlException broken)
        {
            throw new UserError($"{file}: line {broken.Start.Line}: not YAML: {broken.Message}");
        }
        catch (Exception broken) when (broken is ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new UserError($"{file}: not YAML: it ends within a value, or an escape is no character"); // what the library throws for some inputs
        }
        if (stream.Documents.Count == 0) return;
        if (stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            mistakes.Add($"{file}: expected settings such as \"urls: http://127.0.0.1:8080\"");
            return;
        }
        foreach (var (key, node) in root)
        {
            var values = (node is YamlSequenceNode many ? many.Children : [node]).Select(Value).ToList();
            if (values.Contains(null)) mistakes.Add($"{file}: line {node.Start.Line}: \"{key}\" is neither a value nor a list of values");
            else set[$"{key}"] = [.. values.OfType<string>()];
        }
    }

    // A value that has more to it than one word is written as fields, and given to the option as the words it takes.
    private static string? Value(YamlNode node) => node switch
    {
        YamlScalarNode { Value: { Length: > 0 } value } => value,
        YamlMappingNode fields when fields.All(field => field is { Key: YamlScalarNode, Value: YamlScalarNode }) && fields.Children.TryGetValue(new YamlScalarNode(Place), out var place) =>
            string.Join(' ', fields.Where(field => $"{field.Key}" != Place).Select(field => $"{field.Key}={field.Value}").Prepend($"{place}")),
        _ => null,
    };
}
