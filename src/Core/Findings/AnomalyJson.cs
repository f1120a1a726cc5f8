using System.Text.Json;
using static Yagura.Core.Findings.FindingJson;

namespace Yagura.Core.Findings;

/// <summary>An anomaly as Yagura's own block has it: <c>yagura.anomaly</c>. Amounts are rounded to three places; <see cref="FindingReader"/> reads it back.</summary>
internal static class AnomalyJson
{
    public static void Write(Utf8JsonWriter json, string name, Anomaly anomaly)
    {
        json.WriteStartObject(name);
        Amount(json, "score", anomaly.Score);
        Amount(json, "threshold", anomaly.Threshold);
        json.WriteString("unit", anomaly.Unit);
        if (anomaly.History is { } history) WriteHistory(json, history);
        Array(json, "parts", anomaly.Parts, WritePart);
        Texts(json, "quiet", anomaly.Quiet);
        if (anomaly.Profile is { } profile) WriteProfile(json, profile);
        json.WriteEndObject();
    }

    private static void WriteHistory(Utf8JsonWriter json, LearningProgress history)
    {
        json.WriteStartObject("history");
        json.WriteString("entity", history.Entity);
        json.WriteNumber("days", history.Days);
        json.WriteNumber("window", history.Window);
        json.WriteNumber("needed", history.Needed);
        Day(json, "since", history.Since);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, ScorePart part)
    {
        json.WriteStartObject();
        json.WriteString("feature", part.Feature);
        json.WriteString("seen", part.Seen);
        Amount(json, "score", part.Score);
        Array(json, "compared", part.Compared, static (json, level) =>
        {
            json.WriteStartObject();
            json.WriteString("level", level.Level);
            json.WriteString("whom", level.Whom);
            if (level.DaysSeen is { } seen) json.WriteNumber("daysSeen", seen);
            json.WriteNumber("days", level.Days);
            Day(json, "firstSeen", level.FirstSeen);
            if (level.Usual is { } usual) WriteQuantiles(json, usual);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteQuantiles(Utf8JsonWriter json, Quantiles usual)
    {
        json.WriteStartObject("usual");
        json.WriteNumber("count", usual.Count);
        Amount(json, "median", usual.Median);
        Amount(json, "p90", usual.P90);
        Amount(json, "most", usual.Most);
        json.WriteString("unit", usual.Unit);
        json.WriteEndObject();
    }

    private static void WriteProfile(Utf8JsonWriter json, BehaviourProfile profile)
    {
        json.WriteStartObject("profile");
        Array(json, "anomalousApis", profile.AnomalousApis, static (json, api) =>
        {
            json.WriteStartObject();
            json.WriteString("service", api.Service);
            json.WriteString("api", api.Api);
            json.WriteString("outcome", api.Outcome);
            json.WriteEndObject();
        });
        Array(json, "usual", profile.Usual, static (json, values) =>
        {
            json.WriteStartObject();
            json.WriteString("kind", values.Kind.ToString());
            json.WriteString("scope", values.Scope.ToString());
            Texts(json, "rare", values.Rare);
            Texts(json, "infrequent", values.Infrequent);
            Texts(json, "frequent", values.Frequent);
            Texts(json, "unusual", values.Unusual);
            json.WriteEndObject();
        });
        Array(json, "volumes", profile.Volumes, static (json, volume) =>
        {
            json.WriteStartObject();
            json.WriteString("scope", volume.Scope.ToString());
            json.WriteNumber("past24Hours", volume.Past24Hours);
            Amount(json, "dailyAverage", volume.DailyAverage);
            json.WriteNumber("dailyMost", volume.DailyMost);
            json.WriteEndObject();
        });
        json.WriteBoolean("isUnusualUserIdentity", profile.IsUnusualUserIdentity);
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts) => Array(json, name, texts, static (json, text) => json.WriteStringValue(text));

    // A zero without a sign, whatever it was rounded from.
    private static void Amount(Utf8JsonWriter json, string name, double amount) => json.WriteNumber(name, Math.Round(amount, 3) + 0.0);

    private static void Day(Utf8JsonWriter json, string name, DateOnly? day)
    {
        if (day is { } one) json.WriteString(name, one.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }
}
