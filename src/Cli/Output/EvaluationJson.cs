using System.Text.Json;
using Yagura.Engine.Evaluation;

namespace Yagura.Cli.Output;

/// <summary>The result of <c>yagura evaluate</c> for programs: one JSON object.</summary>
internal static class EvaluationJson
{
    public static void Write(EvaluationReport report)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true })) Write(json, report);
        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("records", report.Records);
        json.WritePropertyName("all");
        WriteType(json, report.All, report.Records);
        List(json, "types", report.Types, type => WriteType(json, type, report.Records));
        List(json, "bases", report.Bases, basis =>
        {
            json.WriteStartObject();
            json.WriteString("basis", basis.Basis);
            WriteShare(json, "recall", basis.Recall);
            json.WriteEndObject();
        });
        List(json, "scores", report.Scores, score =>
        {
            json.WriteStartObject();
            json.WriteString("of", score.Of);
            WriteSpread(json, "malicious", score.Malicious);
            WriteSpread(json, "benign", score.Benign);
            if (score.Separation is { } area) json.WriteNumber("separation", Math.Round(area, 4));
            json.WriteEndObject();
        });
        List(json, "lines", report.Lines, line =>
        {
            json.WriteStartObject();
            json.WriteNumber("line", line.Truth.Line);
            json.WriteString("type", line.Truth.Types[0]);
            if (line.Truth.Label is { } label) json.WriteString("label", label);
            if (line.Truth.Basis is { } basis) json.WriteString("basis", basis);
            json.WriteNumber("records", line.Records);
            json.WriteString("result", line.IsFound ? "found" : line.IsMissed ? "missed" : "not found, optional");
            if (line.After is { } after) json.WriteNumber("afterSeconds", after.TotalSeconds);
            List(json, "findings", line.Found, finding => json.WriteStringValue(finding.Id));
            json.WriteEndObject();
        });
        List(json, "findings", report.Findings, finding =>
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Finding.Id);
            json.WriteString("type", finding.Finding.Type.Name);
            json.WriteString("resource", FindingText.Resource(finding.Finding));
            json.WriteString("verdict", finding.Verdict switch { Verdict.Right => "right", Verdict.OtherType => "otherType", Verdict.Ignored => "ignored", _ => "false" });
            if (finding.Finding.Explanation.Anomaly is { } anomaly) json.WriteNumber("score", Math.Round(anomaly.Score, 3));
            json.WriteString("why", finding.Finding.Explanation.Why);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, TypeResult type, long records)
    {
        json.WriteStartObject();
        json.WriteString("type", type.Type);
        json.WriteNumber("planted", type.Planted);
        json.WriteNumber("found", type.Found);
        json.WriteNumber("missed", type.Missed);
        json.WriteNumber("right", type.Right);
        json.WriteNumber("false", type.Wrong);
        json.WriteNumber("falsePer100000", records == 0 ? 0 : Math.Round(type.Wrong * 100_000.0 / records, 4));
        json.WriteNumber("otherType", type.OtherType);
        WriteShare(json, "recall", type.Recall);
        WriteShare(json, "precision", type.Precision);
        if (type.Median is { } median) json.WriteNumber("medianAfterSeconds", median.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, string name, Proportion share)
    {
        json.WriteStartObject(name);
        json.WriteNumber("of", share.Of);
        json.WriteNumber("all", share.All);
        if (share.All > 0) json.WriteNumber("value", Math.Round(share.Value, 4));
        json.WriteNumber("low", Math.Round(share.Low, 4));
        json.WriteNumber("high", Math.Round(share.High, 4));
        json.WriteEndObject();
    }

    private static void WriteSpread(Utf8JsonWriter json, string name, Spread? spread)
    {
        if (spread is null) return;
        json.WriteStartObject(name);
        json.WriteNumber("count", spread.Count);
        foreach (var (key, value) in new[] { ("least", spread.Least), ("p10", spread.P10), ("median", spread.Median), ("p90", spread.P90), ("p99", spread.P99), ("most", spread.Most) })
            json.WriteNumber(key, Math.Round(value, 3));
        json.WriteEndObject();
    }

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(item);
        json.WriteEndArray();
    }
}
