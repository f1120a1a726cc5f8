using System.Buffers;
using System.Text.Json;
using Yagura.Matching.Sigma.LogSources;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma.Testing;

/// <summary>Reads <c>tests</c>: a list of <c>name</c>, <c>match</c> and <c>event</c> or <c>events</c>.</summary>
/// <param name="source">Null where the fields of the events are not judged.</param>
internal sealed class RuleTestReader(LogSource? source, ProblemList problems)
{
    /// <summary>Tests of one rule.</summary>
    public const int MostTests = 1_000;

    private static readonly string[] Known = ["event", "events", "match", "name"];

    public IReadOnlyList<RuleTest> Read(YamlNode node)
    {
        if (node is not YamlList list)
        {
            problems.Error(node.Place, "tests: expected a list of name, match and event");
            return [];
        }
        if (list.Items.Count > MostTests) problems.Error(list.Place, $"tests: {list.Items.Count:N0} tests; at most {MostTests:N0} are allowed");
        return [.. list.Items.Select(One).OfType<RuleTest>()];
    }

    private RuleTest? One(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            problems.Error(node.Place, "tests: expected a map of name, match and event");
            return null;
        }
        foreach (var entry in map.Entries.Where(entry => !Known.Contains(entry.Key, StringComparer.Ordinal)))
            problems.Error(entry.KeyPlace, $"tests: unknown key {ProblemList.Shown(entry.Key)}", ProblemList.DidYouMean(entry.Key, Known) ?? $"known are {string.Join(", ", Known)}");
        if (map.Find("name")?.Value is not YamlScalar { Text: { Length: > 0 } name })
        {
            problems.Error(map.Place, "tests: name is missing", "say in words what the event is");
            return null;
        }
        if (map.Find("match")?.Value is not YamlScalar { Text: "true" or "false" } match)
        {
            problems.Error(map.Find("match")?.Value.Place ?? map.Place, $"tests: {ProblemList.Shown(name)}: match is {(map.Find("match") is null ? "missing" : "neither true nor false")}", "write match: true or match: false");
            return null;
        }
        var events = new List<ReadOnlyMemory<byte>>();
        if (map.Find("event") is { } single) Add(events, single.Value);
        if (map.Find("events") is { Value: YamlList several }) events.AddRange(several.Items.SelectMany(Of));
        else if (map.Find("events") is { } wrong) problems.Error(wrong.Value.Place, "tests: events is a list of events");
        if (events.Count == 0) problems.Error(map.Place, $"tests: {ProblemList.Shown(name)}: event is missing");
        return new(name, match.Text == "true", events, map.Place.Line);
    }

    private List<ReadOnlyMemory<byte>> Of(YamlNode node)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        Add(events, node);
        return events;
    }

    private void Add(List<ReadOnlyMemory<byte>> events, YamlNode node)
    {
        if (node is not YamlMap map)
        {
            problems.Error(node.Place, "tests: an event is a map of fields");
            return;
        }
        foreach (var entry in map.Entries) CheckField(entry);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json)) Write(writer, map);
        events.Add(json.WrittenMemory);
    }

    private void CheckField(YamlEntry entry)
    {
        if (source is null || problems.IsFull || source.KindOf(entry.Key) is not null) return;
        problems.Warn(entry.KeyPlace, $"tests: {source.Title} has no field {ProblemList.Shown(entry.Key)}", source.Nearest(entry.Key) is { } nearest ? $"did you mean {nearest}?" : null);
    }

    // In an event nobody doubts what "no" is: what other readers of YAML make of it is not worth a word.
    private readonly ProblemList _unheard = new();

    private void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                writer.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    Write(writer, entry.Value);
                }
                writer.WriteEndObject();
                break;
            case YamlList list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case YamlScalar scalar:
                switch (YamlScalars.Read(scalar, _unheard))
                {
                    case ScalarValue.Null: writer.WriteNullValue(); break;
                    case ScalarValue.Flag flag: writer.WriteBooleanValue(flag.Value); break;
                    case ScalarValue.Number number when JsonNumbers.AsNumber(number.Written) is not null: writer.WriteRawValue(number.Written); break;
                    case ScalarValue.Number number: writer.WriteNumberValue(number.Value); break;
                    case ScalarValue.Text text: writer.WriteStringValue(text.Value); break;
                }
                break;
        }
    }
}
