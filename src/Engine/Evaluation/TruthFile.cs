using System.Globalization;
using System.Text.Json;
using Yagura.Core;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Matching;

namespace Yagura.Engine.Evaluation;

/// <summary>Reads truth: one JSON object a line, or the <c>expected.jsonl</c> that <c>yagura simulate</c> writes.</summary>
/// <remarks><code>{"types": ["Recon:EC2/Portscan"], "resources": ["i-0123456789abcdef0"], "start": "2026-03-01T04:00:00Z", "end": "2026-03-01T05:00:00Z"}</code>
/// Empty lines and lines that begin with <c>#</c> are passed over. Where a list is expected, one text will do.</remarks>
public sealed class TruthFile
{
    public const int MostLines = 100_000;
    private const int MostMistakes = 50;

    private static readonly string[] Keys =
        ["types", "label", "basis", "note", "ignore", "optional", "events", "start", "end", "accounts", "principals", "addresses", "resources", "names", "agents"];

    private readonly List<TruthLine> _lines = [];
    private readonly List<string> _mistakes = [];
    private int _at, _moreMistakes;

    /// <summary>The lines, or every mistake with its line number.</summary>
    public static (IReadOnlyList<TruthLine> Lines, IReadOnlyList<string> Mistakes) Read(string text)
    {
        var file = new TruthFile();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n')) file.Add(line);
        if (file._lines.Count == 0 && file._mistakes.Count == 0) file._mistakes.Add("no line says what happened");
        if (file._moreMistakes > 0) file._mistakes.Add($"and {file._moreMistakes:N0} more");
        return (file._lines, file._mistakes);
    }

    private void Add(string line)
    {
        _at++;
        if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#')) return;
        if (_lines.Count == MostLines)
        {
            Wrong($"more than {MostLines:N0} lines");
            return;
        }
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object) Wrong("no JSON object");
            else if (json.RootElement.TryGetProperty("kind", out _)) AddExpected(json.RootElement);
            else AddTruth(json.RootElement);
        }
        catch (JsonException e)
        {
            Wrong($"no JSON: byte {e.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            Wrong("a text holds an escape that is no character");
        }
    }

    private void AddTruth(JsonElement json)
    {
        foreach (var member in json.EnumerateObject().Where(member => !Keys.Contains(member.Name, StringComparer.Ordinal)))
            Wrong($"unknown key {member.Name}{(Spelling.Nearest(member.Name, Keys) is { } nearest ? $"; did you mean {nearest}?" : "")}");
        var line = new TruthLine(_at, Types(json))
        {
            Label = Text(json, "label"), Basis = Text(json, "basis"), IsIgnored = Flag(json, "ignore"), IsOptional = Flag(json, "optional"),
            Events = Texts(json, "events"), Start = Time(json, "start"), End = Time(json, "end"), Accounts = Texts(json, "accounts"), Principals = Texts(json, "principals"),
            Addresses = Addresses(json), Resources = Texts(json, "resources"), Names = Texts(json, "names"), Agents = Texts(json, "agents"),
        };
        if (line.Types.Count == 0 && !line.IsIgnored) Wrong("types: missing (or \"ignore\": true)");
        if (!line.IsBound) Wrong("it does not say which records are meant: give events, or start and end, or principals, addresses, resources or agents");
        if (line.Start > line.End) Wrong("start lies after end");
        _lines.Add(line);
    }

    /// <summary>A plan of the simulator. Harmless twins say nothing: what is found of them is wrong, as everywhere.</summary>
    private void AddExpected(JsonElement json)
    {
        if (Text(json, "kind") == "corpus" || Text(json, "outcome") == "quiet") return;
        var (principal, subject) = (Text(json, "principal"), Text(json, "subject"));
        if (principal is null && subject is null) Wrong("neither principal nor subject");
        // A sequence is of whoever acts, or of instances with one profile, of which no log has the name: these are told by their time.
        if (principal is null && subject is not null && subject.StartsWith("arn:", StringComparison.Ordinal))
        {
            if (subject.Contains(":user/", StringComparison.Ordinal) || subject.Contains(":role/", StringComparison.Ordinal)) principal = subject;
            else if (subject.Contains(":instance-profile/", StringComparison.Ordinal)) subject = null;
        }
        var isNamed = principal is not null && principal != ApiCallFacts.Anonymous;
        _lines.Add(new TruthLine(_at, Texts(json, "type"))
        {
            Label = Text(json, "note"), Basis = $"simulated, {Text(json, "kind")}", Start = Time(json, "firstSeen"), End = Time(json, "lastSeen"), Accounts = Texts(json, "account"),
            // What is found of a caller is told by the caller, whatever it was done to; nobody can be told by his name.
            Principals = isNamed ? [principal!] : [], Resources = !isNamed && subject is not null ? [subject] : [],
        });
    }

    // Rules make types of their own, so a type that nobody knows is only a mistake where it looks like one.
    private IReadOnlyList<string> Types(JsonElement json)
    {
        var types = Texts(json, "types");
        foreach (var type in types.Where(type => !FindingTypeCatalog.TryGet(type, out _)))
        {
            if (!FindingType.IsWellFormed(type)) Wrong($"types: {type} is not the name of a finding type");
            else if (Spelling.Nearest(type, FindingTypeCatalog.All.Select(entry => entry.Type.Name)) is { } nearest) Wrong($"types: no type {type}; did you mean {nearest}?");
        }
        return types;
    }

    private string? Text(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Wrong($"{name}: no text");
        return null;
    }

    private bool Flag(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Wrong($"{name}: neither true nor false");
        return value.ValueKind == JsonValueKind.True;
    }

    private IReadOnlyList<string> Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)) return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        Wrong($"{name}: neither a text nor a list of texts");
        return [];
    }

    private IReadOnlyList<IpAddress> Addresses(JsonElement json)
    {
        var addresses = new List<IpAddress>();
        foreach (var text in Texts(json, "addresses"))
        {
            if (IpAddress.TryParse(text, out var address)) addresses.Add(address);
            else Wrong($"addresses: {text} is none");
        }
        return addresses;
    }

    private DateTimeOffset? Time(JsonElement json, string name)
    {
        if (Text(json, name) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        Wrong($"{name}: {text} is no time");
        return null;
    }

    private void Wrong(string mistake)
    {
        if (_mistakes.Count < MostMistakes) _mistakes.Add($"line {_at}: {mistake}");
        else _moreMistakes++;
    }
}
