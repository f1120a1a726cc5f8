using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Matching.Conditions;
using Yagura.Matching.EventBridge;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sequences;

/// <summary>Reads one sequence, and names every mistake in it.</summary>
internal sealed class SequenceReader(ProblemList problems)
{
    private const int LongestWord = 256, LongestText = 4_096;

    private static readonly string[] Known = ["description", "join", "level", "name", "order", "steps", "title", "type", "window"];
    private static readonly string[] KnownOfStep = ["event", "finding", "name"];
    private static readonly string[] Levels = [.. Enum.GetNames<Severity>().Select(name => name.ToLowerInvariant())];
    private static readonly string[] Keys = [.. Enum.GetNames<JoinKey>().Select(name => name.ToLowerInvariant())];

    private readonly HeaderReader _texts = new(problems);

    /// <returns>Null where there is a mistake.</returns>
    public SequenceRule? Read(YamlNode document)
    {
        var before = problems.Errors;
        if (document is not YamlMap map)
        {
            problems.Error(document.Place, "expected a sequence: a map of name, title, window, join and steps");
            return null;
        }
        Unknown(map, Known, "");
        var name = Name(map);
        var title = _texts.Text(map, "title", LongestWord);
        if (string.IsNullOrWhiteSpace(title)) problems.Error(map.Place, "title is missing");
        var rule = new SequenceRule(
            name, title ?? "", _texts.Text(map, "description", LongestText) ?? title ?? "", Type(map, title ?? ""), Level(map), Window(map), Ordered(map), Join(map), Steps(map),
            YamlHash.Of([map.Find("window")?.Value, map.Find("order")?.Value, map.Find("join")?.Value, map.Find("steps")?.Value]));
        return problems.Errors > before ? null : rule;
    }

    private void Unknown(YamlMap map, string[] known, string where)
    {
        foreach (var entry in map.Entries.Where(entry => !known.Contains(entry.Key, StringComparer.Ordinal)))
            problems.Error(entry.KeyPlace, $"{where}unknown key {ProblemList.Shown(entry.Key)}", ProblemList.DidYouMean(entry.Key, known) ?? $"known are {string.Join(", ", known)}");
    }

    private string Name(YamlMap map)
    {
        var name = _texts.Text(map, "name", LongestWord);
        if (string.IsNullOrEmpty(name)) problems.Error(map.Place, "name is missing", "write name: stolen-key-used");
        else if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')) problems.Error(map.Find("name")!.Value.Place, "name: letters, digits, '-', '_' and '.' are allowed");
        return name ?? "";
    }

    private FindingType Type(YamlMap map, string title)
    {
        var type = _texts.Text(map, "type", LongestWord);
        if (type is null) return SigmaNames.TypeOf(title, ResourceType.AttackSequence);
        if (FindingType.IsWellFormed(type) && type.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '/' or '.' or '!' or '&' or '-') && !FindingTypeCatalog.TryGet(type, out _)) return new(type);
        problems.Error(map.Find("type")!.Value.Place, $"type: {ProblemList.Shown(type)} is no finding type of your own", "write Purpose:Resource/Name, such as Custom:Sequence/KeyMadeAndUsed");
        return new("Custom:Sequence/Rule");
    }

    private Severity Level(YamlMap map)
    {
        if (_texts.Text(map, "level", LongestWord) is not { } word) return Severity.High;
        if (Levels.Contains(word, StringComparer.Ordinal)) return Enum.Parse<Severity>(word, ignoreCase: true);
        problems.Error(map.Find("level")!.Value.Place, $"level: unknown word {ProblemList.Shown(word)}", ProblemList.DidYouMean(word, Levels) ?? $"known are {string.Join(", ", Levels)}");
        return Severity.High;
    }

    private TimeSpan Window(YamlMap map)
    {
        var text = _texts.Text(map, "window", LongestWord);
        if (text is null)
        {
            problems.Error(map.Place, "window is missing", "write window: 6h (s, m, h, d)");
            return TimeSpan.Zero;
        }
        var place = map.Find("window")!.Value.Place;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0 || text[^1] is not ('s' or 'm' or 'h' or 'd'))
        {
            problems.Error(place, $"window: {ProblemList.Shown(text)} is no time", "write a number and one of s, m, h, d: 90m");
            return TimeSpan.Zero;
        }
        var seconds = (long)number * text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 86_400 };
        if (seconds > SequenceLimits.Window.TotalSeconds) problems.Error(place, $"window: at most {SequenceLimits.Window.TotalDays} days are allowed");
        return TimeSpan.FromSeconds(Math.Min(seconds, (long)SequenceLimits.Window.TotalSeconds));
    }

    private bool Ordered(YamlMap map)
    {
        switch (_texts.Text(map, "order", LongestWord))
        {
            case null or "strict": return true;
            case "any": return false;
            case var other: problems.Error(map.Find("order")!.Value.Place, $"order: unknown word {ProblemList.Shown(other)}", "known are strict, any"); return true;
        }
    }

    private IReadOnlyList<JoinKey> Join(YamlMap map)
    {
        var words = _texts.Texts(map, "join");
        var place = map.Find("join")?.Value.Place ?? map.Place;
        if (words.Count == 0) problems.Error(place, "join is missing: what do the steps have in common?", $"known are {string.Join(", ", Keys)}");
        foreach (var twice in words.GroupBy(word => word, StringComparer.Ordinal).Where(group => group.Count() > 1)) problems.Error(place, $"join: {ProblemList.Shown(twice.Key)} stands twice");
        foreach (var word in words.Where(word => !Keys.Contains(word, StringComparer.Ordinal)))
            problems.Error(place, $"join: unknown word {ProblemList.Shown(word)}", ProblemList.DidYouMean(word, Keys) ?? $"known are {string.Join(", ", Keys)}");
        return [.. words.Where(word => Keys.Contains(word, StringComparer.Ordinal)).Select(word => Enum.Parse<JoinKey>(word, ignoreCase: true))];
    }

    private IReadOnlyList<SequenceStep> Steps(YamlMap map)
    {
        if (map.Find("steps") is not { Value: YamlList list } entry)
        {
            problems.Error(map.Find("steps")?.Value.Place ?? map.Place, "steps: expected a list of steps", "write - finding: {type: [Recon:EC2/Portscan]} or - event: {eventName: [StopLogging]}");
            return [];
        }
        if (list.Items.Count is < 2 or > SequenceLimits.Steps) problems.Error(entry.KeyPlace, $"steps: {list.Items.Count}; 2 to {SequenceLimits.Steps} are allowed");
        return [.. list.Items.Select((item, at) => Step(item, at + 1)).OfType<SequenceStep>()];
    }

    private SequenceStep? Step(YamlNode node, int number)
    {
        if (node is not YamlMap map)
        {
            problems.Error(node.Place, $"step {number}: expected a map of name, and finding or event");
            return null;
        }
        Unknown(map, KnownOfStep, $"step {number}: ");
        var name = _texts.Text(map, "name", LongestWord) ?? $"step {number}";
        var (finding, call) = (map.Find("finding"), map.Find("event"));
        if (finding is null == call is null)
        {
            problems.Error(map.Place, $"step {number}: give one of finding and event");
            return null;
        }
        var pattern = finding ?? call!;
        return Pattern(pattern.Value, $"step {number}: {pattern.Key}") is { } condition ? new(name, pattern.Key == "finding", condition) : null;
    }

    private Condition? Pattern(YamlNode node, string where)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes)) WriteJson(json, node);
        if (EventPattern.TryParse(bytes.WrittenSpan, out var condition, out var error)) return condition;
        problems.Error(node.Place, $"{where}: no event pattern: {error.Reason}");
        return null;
    }

    private void WriteJson(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                json.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    WriteJson(json, entry.Value);
                }
                json.WriteEndObject();
                break;
            case YamlList list:
                json.WriteStartArray();
                foreach (var item in list.Items) WriteJson(json, item);
                json.WriteEndArray();
                break;
            case YamlScalar scalar:
                switch (YamlScalars.Read(scalar, problems))
                {
                    case ScalarValue.Null: json.WriteNullValue(); break;
                    case ScalarValue.Flag flag: json.WriteBooleanValue(flag.Value); break;
                    case ScalarValue.Number number: json.WriteRawValue(Encoding.UTF8.GetBytes(number.Written), skipInputValidation: false); break;
                    case ScalarValue.Text text: json.WriteStringValue(text.Value); break;
                }
                break;
        }
    }
}
