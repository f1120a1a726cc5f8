using System.Text.Json;
using Yagura.Api.GuardDuty;
using Yagura.Core.Ports;
using Yagura.Engine.Suppressions;

namespace Yagura.Api.Suppressions;

/// <summary>Suppression rules and what they did as JSON: the same over the API and on the command line.</summary>
public static class SuppressionJson
{
    public static void Write(Utf8JsonWriter json, ReportedSuppression reported)
    {
        var (rule, tally) = (reported.Rule, reported.Tally);
        json.WriteString("name", rule.Key.Name);
        json.WriteString("account", rule.Key.Account);
        json.WriteString("region", rule.Key.Region);
        json.WriteString("state", $"{reported.State}".ToLowerInvariant());
        json.WriteString("mode", $"{rule.Mode}".ToLowerInvariant());
        json.WriteString("owner", rule.Owner);
        json.WriteString("reason", rule.Reason);
        Times.WriteIso(json, "expires", rule.Expires);
        Times.WriteIso(json, "createdAt", rule.Key.Made);
        Times.WriteIso(json, "reviewedAt", rule.Reviewed);
        json.WriteNumber("rank", rule.Rank);
        if (rule.Description is not null) json.WriteString("description", rule.Description);
        json.WritePropertyName("findingCriteria");
        json.WriteRawValue(rule.CriteriaJson);
        json.WriteStartObject("hidden");
        json.WriteNumber("findings", tally?.Findings ?? 0);
        json.WriteNumber("occurrences", tally?.Occurrences ?? 0);
        json.WriteNumber("shadowFindings", tally?.ShadowFindings ?? 0);
        json.WriteNumber("shadowOccurrences", tally?.ShadowOccurrences ?? 0);
        if (tally is not null)
        {
            Times.WriteIso(json, "first", tally.First);
            Times.WriteIso(json, "last", tally.Last);
        }
        json.WriteEndObject();
        json.WriteStartArray("warnings");
        foreach (var change in reported.Changes)
        {
            json.WriteStartObject();
            json.WriteString("kind", $"{change.Kind}".ToLowerInvariant());
            json.WriteString("why", change.Why);
            Times.WriteIso(json, "since", change.First);
            json.WriteNumber("count", change.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, HiddenFinding hidden)
    {
        json.WriteString("findingId", hidden.FindingId);
        json.WriteString("type", hidden.Type);
        json.WriteNumber("severity", hidden.Severity);
        Times.WriteIso(json, "first", hidden.First);
        Times.WriteIso(json, "last", hidden.Last);
        json.WriteNumber("occurrences", hidden.Occurrences);
        json.WriteNumber("shadowOccurrences", hidden.ShadowOccurrences);
    }

    public static void Write(Utf8JsonWriter json, SuppressionPreview preview)
    {
        json.WriteNumber("findings", preview.Findings);
        json.WriteBoolean("isWhole", preview.IsWhole);
        json.WriteStartArray("warnings");
        foreach (var warning in preview.Warnings) json.WriteStringValue(warning);
        json.WriteEndArray();
        json.WriteStartArray("groups");
        foreach (var group in preview.Groups)
        {
            json.WriteStartObject();
            json.WriteString("type", group.Type.Name);
            json.WriteString("severity", $"{group.Severity}");
            json.WriteNumber("findings", group.Findings);
            json.WriteNumber("occurrences", group.Occurrences);
            json.WriteNumber("markedAsReal", group.Real);
            Times.WriteIso(json, "last", group.Last);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("markedAsReal");
        foreach (var finding in preview.Real)
        {
            json.WriteStartObject();
            json.WriteString("findingId", finding.Id);
            json.WriteString("type", finding.Type.Name);
            json.WriteNumber("severity", finding.Severity);
            json.WriteString("title", finding.Title);
            Times.WriteIso(json, "last", finding.Service.EventLastSeen);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteNumber("number", entry.Number);
        Times.WriteIso(json, "time", entry.Record.Time);
        json.WriteString("actor", entry.Record.Actor);
        json.WriteString("action", entry.Record.Action);
        json.WriteString("subject", entry.Record.Subject);
        json.WriteString("details", System.Text.Encoding.UTF8.GetString(entry.Record.Details.Span));
        json.WriteString("hash", entry.Hash);
    }
}
