using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Yagura.Simulation.Scenarios;

namespace Yagura.Simulation;

/// <summary>The lines of <c>expected.jsonl</c>.</summary>
internal static class Expected
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Lines(IReadOnlyList<Stage> stages, IEnumerable<(Simulator.ObjectPlan Plan, Simulator.Written Written)> objects)
    {
        var text = new StringBuilder();
        foreach (var e in stages.SelectMany(s => s.Expectations))
        {
            Line(text, json =>
            {
                json.WriteString("kind", e.Kind.ToString().ToLowerInvariant());
                json.WriteString("type", e.Type);
                json.WriteString("account", e.Account);
                json.WriteString("region", e.Region);
                json.WriteString("subject", e.Subject);
                json.WriteString("principal", e.Principal);
                json.WriteNumber("count", e.Count);
                json.WriteString("firstSeen", Time(e.First));
                json.WriteString("lastSeen", Time(e.Last));
                json.WriteString("outcome", e.Outcome.ToString().ToLowerInvariant());
                json.WriteString("note", e.Note);
            });
        }
        foreach (var kind in objects.GroupBy(o => o.Plan.Kind).OrderBy(g => g.Key))
        {
            Line(text, json =>
            {
                json.WriteString("kind", "corpus");
                json.WriteString("log", kind.Key.ToString());
                json.WriteNumber("objects", kind.Sum(o => o.Written.Hashes.Count));
                json.WriteNumber("duplicateObjects", kind.Count(o => o.Plan.IsDuplicated));
                json.WriteNumber("bytes", kind.Sum(o => o.Written.Bytes));
                json.WriteNumber("records", kind.Sum(o => o.Written.Records));
                json.WriteNumber("corrupt", kind.Sum(o => o.Written.Corrupt));
                json.WriteNumber("late", kind.Sum(o => o.Written.Late));
            });
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        text.Append(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length)).Append('\n');
    }

    private static string? Time(long seconds) => seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
