using System.Text.Json;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Writes the groups of finding statistics.</summary>
internal static class FindingGroups
{
    public static void Write(Utf8JsonWriter json, FindingGrouping by, IReadOnlyList<FindingGroup> groups)
    {
        json.WriteStartArray(by switch
        {
            FindingGrouping.Account => "groupedByAccount",
            FindingGrouping.Date => "groupedByDate",
            FindingGrouping.FindingType => "groupedByFindingType",
            FindingGrouping.Resource => "groupedByResource",
            FindingGrouping.Severity => "groupedBySeverity",
        });
        foreach (var group in groups)
        {
            json.WriteStartObject();
            Text(json, "accountId", group.Account);
            if (group.Date is { } date) Times.WriteEpoch(json, "date", new(date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)));
            Text(json, "findingType", group.FindingType);
            Text(json, "resourceType", group.ResourceType);
            Text(json, "resourceId", group.ResourceId);
            if (group.Severity is { } severity) json.WriteNumber("severity", severity);
            Times.WriteEpoch(json, "lastGeneratedAt", group.LastUpdated);
            json.WriteNumber("totalFindings", group.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }
}
