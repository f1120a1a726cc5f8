using System.Text.Json;
using Yagura.Cli.Output;
using Yagura.Core.Findings;
using Yagura.Matching;

namespace Yagura.Cli.Explain;

/// <summary>Findings in a file as <c>yagura scan --format json</c> or <c>jsonl</c> writes them: a list, or one after the other. What lacks an id or a type is none.</summary>
internal sealed class FindingFile
{
    private const int MostListed = 20, ShortestPrefix = 4;

    private const string Formats = "`yagura scan --format json` and `--format jsonl` write what is read here";

    private readonly string _name;
    private readonly List<Entry> _entries = [];

    private FindingFile(string name) => _name = name;

    private sealed record Entry(string Id, string Label, ReadOnlyMemory<byte> Json);

    /// <exception cref="UserError">It cannot be read, or is no JSON.</exception>
    public static FindingFile Read(string path)
    {
        var file = new FindingFile(path == "-" ? "the standard input" : path);
        file.Split(path == "-" ? StandardInput() : Files.Read(path));
        return file;
    }

    /// <summary>The finding of an id, of the beginning of one, or of an ARN; without any the only finding that there is.</summary>
    /// <exception cref="UserError">There is none, or several.</exception>
    public Finding Find(string? id)
    {
        if (_entries.Count == 0) throw new UserError($"{_name} holds no finding; {Formats}");
        var name = id?[(id.LastIndexOf('/') + 1)..];
        // A later line about the same finding knows more.
        var found = _entries.Where(entry => name is null || entry.Id == name || (name.Length >= ShortestPrefix && entry.Id.StartsWith(name, StringComparison.Ordinal)))
            .GroupBy(entry => entry.Id, StringComparer.Ordinal).Select(same => same.Last()).ToList();
        return found switch
        {
            [var one] => Parse(one),
            [] => throw new UserError(NotFound(name!)),
            _ => throw new UserError($"{_name} holds {found.Count:N0} findings{(name is null ? "" : $" that begin with {name}")}; name one of them:\n{List(found)}"),
        };
    }

    private Finding Parse(Entry entry) => FindingJson.TryRead(entry.Json, out var finding, out var error)
        ? finding : throw new UserError($"{_name}: finding {entry.Id} cannot be read: {error}");

    private string NotFound(string id) => Spelling.Nearest(id, _entries.Select(entry => entry.Id)) is { } nearest
        ? $"no finding {id} in {_name}; did you mean {nearest}?" : $"no finding {id} in {_name}; it holds {Count.Of(_entries.Count, "finding")}:\n{List(_entries)}";

    private static string List(IReadOnlyList<Entry> entries) =>
        string.Join('\n', entries.Take(MostListed).Select(entry => entry.Label)) + (entries.Count > MostListed ? $"\n… and {entries.Count - MostListed:N0} more" : "");

    private void Split(byte[] content)
    {
        // Values one after the other, as in JSON lines, are read like those of a list.
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray) continue;
                var start = (int)reader.TokenStartIndex;
                if (reader.TokenType != JsonTokenType.StartObject) throw new UserError($"{_name} holds no findings: {reader.TokenType} where an object is expected; {Formats}");
                var json = content.AsMemory(start..(int)(End(ref reader)));
                using var document = JsonDocument.Parse(json);
                var (id, type) = (Text(document.RootElement, "id"), Text(document.RootElement, "type"));
                if (id.Length > 0 && type.Length > 0) _entries.Add(new(id, Label(document.RootElement), json));
            }
        }
        catch (JsonException e)
        {
            throw new UserError($"{_name} is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}; {Formats}");
        }
    }

    private static long End(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return reader.BytesConsumed;
    }

    private static string Label(JsonElement finding) => $"{Text(finding, "id")}  {Text(finding, "type")}, {Text(finding, "accountId")} {Text(finding, "region")}";

    private static string Text(JsonElement finding, string name)
    {
        try
        {
            return finding.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return ""; // half a surrogate pair
        }
    }

    private static byte[] StandardInput()
    {
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > Files.Largest) throw new UserError($"the standard input is larger than {Files.Largest >> 20} MiB");
        }
        return bytes.ToArray();
    }
}
