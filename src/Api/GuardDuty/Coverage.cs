using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>Coverage of Runtime Monitoring. It has no agents here, so there is nothing that it covers.</summary>
internal static class Coverage
{
    private static readonly string[] CriterionKeys =
    [
        "ACCOUNT_ID", "RESOURCE_TYPE", "COVERAGE_STATUS", "ADDON_VERSION", "CLUSTER_NAME", "ECS_CLUSTER_NAME", "MANAGEMENT_TYPE", "EKS_CLUSTER_NAME", "AGENT_VERSION",
        "INSTANCE_ID", "CLUSTER_ARN",
    ];

    private static readonly string[] StatisticsTypes = ["COUNT_BY_RESOURCE_TYPE", "COUNT_BY_COVERAGE_STATUS"];

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        Check(call);
        call.Body.ObjectOrNull("sortCriteria")?.ChoiceOrNull("orderBy", ["ASC", "DESC"]);
        call.WritePage<string>(json, "resources", [], id => id, (_, _) => { });
    }

    public static async Task Statistics(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        Check(call);
        var types = call.Body.Texts("statisticsType", 1, 2);
        if (types.Any(type => !StatisticsTypes.Contains(type, StringComparer.Ordinal))) throw call.Body.Invalid("statisticsType", $"it holds some of {string.Join(", ", StatisticsTypes)}");
        json.WriteStartObject("coverageStatistics");
        if (types.Contains(StatisticsTypes[0], StringComparer.Ordinal)) Zeros(json, "countByResourceType", "EKS", "ECS", "EC2");
        if (types.Contains(StatisticsTypes[1], StringComparer.Ordinal)) Zeros(json, "countByCoverageStatus", "HEALTHY", "UNHEALTHY");
        json.WriteEndObject();
    }

    private static void Check(Call call)
    {
        foreach (var criterion in call.Body.ObjectOrNull("filterCriteria")?.Objects("filterCriterion") ?? []) criterion.ChoiceOrNull("criterionKey", CriterionKeys);
    }

    private static void Zeros(Utf8JsonWriter json, string name, params ReadOnlySpan<string> keys)
    {
        json.WriteStartObject(name);
        foreach (var key in keys) json.WriteNumber(key, 0);
        json.WriteEndObject();
    }
}
