using System.Globalization;
using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>What was read in the last 30 days, in the money that the real service would have taken for it.</summary>
internal static class Usage
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private static readonly string[] Types = ["SUM_BY_ACCOUNT", "SUM_BY_DATA_SOURCE", "SUM_BY_RESOURCE", "TOP_RESOURCES", "SUM_BY_FEATURES", "TOP_ACCOUNTS_BY_FEATURE"];

    /// <summary>Most resources among <c>TOP_RESOURCES</c>, and accounts of a feature. Source: GuardDuty API reference, "GetUsageStatistics".</summary>
    private const int Top = 50;

    private static readonly string[] FeatureNames =
    [
        "FLOW_LOGS", "CLOUD_TRAIL", "DNS_LOGS", "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS",
        "EKS_RUNTIME_MONITORING", "EC2_RUNTIME_MONITORING", "FARGATE_RUNTIME_MONITORING", "RDS_DBI_PROTECTION_PROVISIONED", "RDS_DBI_PROTECTION_SERVERLESS",
    ];

    /// <summary>The older names of features.</summary>
    private static readonly Dictionary<string, string> SourceOf = new(StringComparer.Ordinal)
    {
        ["FLOW_LOGS"] = "FLOW_LOGS", ["CLOUD_TRAIL"] = "CLOUD_TRAIL", ["DNS_LOGS"] = "DNS_LOGS", ["S3_DATA_EVENTS"] = "S3_LOGS",
        ["EKS_AUDIT_LOGS"] = "KUBERNETES_AUDIT_LOGS", ["EBS_MALWARE_PROTECTION"] = "EC2_MALWARE_SCAN",
    };

    public static async Task Statistics(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var type = call.Body.Choice("usageStatisticsType", Types);
        if (call.Body.TextOrNull("unit", 0) is { Length: > 0 } unit && unit != "USD") throw call.Body.Invalid("unit", "USD is expected");
        var entries = await Entries(call, cancel);
        json.WriteStartObject("usageStatistics");
        switch (type)
        {
            case "SUM_BY_ACCOUNT": Sum(json, "sumByAccount", "accountId", entries, entry => entry.Account); break;
            case "SUM_BY_DATA_SOURCE": Sum(json, "sumByDataSource", "dataSource", entries, entry => SourceOf.GetValueOrDefault(entry.Feature)); break;
            case "SUM_BY_FEATURES": Sum(json, "sumByFeature", "feature", entries, entry => entry.Feature); break;
            case "SUM_BY_RESOURCE": Sum(json, "sumByResource", "resource", entries, entry => entry.Resource); break;
            case "TOP_RESOURCES": Sum(json, "topResources", "resource", entries, entry => entry.Resource); break;
            default: TopAccounts(json, entries); break;
        }
        json.WriteEndObject();
    }

    private static async Task<IReadOnlyList<UsageEntry>> Entries(Call call, CancellationToken cancel)
    {
        var criteria = call.Body.Object("usageCriteria");
        var accounts = criteria.Has("accountIds") ? criteria.Accounts() : null;
        var (sources, features, resources) = (criteria.Texts("dataSources"), criteria.Texts("features"), criteria.Texts("resources"));
        if (sources.Any(source => !SourceOf.ContainsValue(source))) throw criteria.Invalid("dataSources", $"it holds some of {string.Join(", ", SourceOf.Values)}");
        if (features.Any(feature => !FeatureNames.Contains(feature, StringComparer.Ordinal))) throw criteria.Invalid("features", $"it holds some of {string.Join(", ", FeatureNames)}");
        Paging.MaxResults(call);
        if (call.Backend.Usage is not { } usage) return [];
        var seen = await Membership.AccountsOf(call, cancel);
        var entries = await usage.Read([.. seen.Where(account => accounts?.Contains(account, StringComparer.Ordinal) != false)], call.Region, call.Now - Period, cancel);
        return
        [
            .. entries.Where(entry =>
                (features.Count == 0 || features.Contains(entry.Feature, StringComparer.Ordinal))
                && (sources.Count == 0 || sources.Contains(SourceOf.GetValueOrDefault(entry.Feature), StringComparer.Ordinal))
                && (resources.Count == 0 || resources.Contains(entry.Resource, StringComparer.Ordinal))),
        ];
    }

    private static void Sum(Utf8JsonWriter json, string list, string name, IEnumerable<UsageEntry> entries, Func<UsageEntry, string?> key)
    {
        json.WriteStartArray(list);
        foreach (var group in entries.GroupBy(key, StringComparer.Ordinal).Where(group => group.Key is not null).OrderByDescending(Cost).Take(Top))
        {
            json.WriteStartObject();
            json.WriteString(name, group.Key);
            Total(json, group);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void TopAccounts(Utf8JsonWriter json, IReadOnlyList<UsageEntry> entries)
    {
        json.WriteStartArray("topAccountsByFeature");
        foreach (var feature in entries.GroupBy(entry => entry.Feature, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("feature", feature.Key);
            Sum(json, "accounts", "accountId", feature, entry => entry.Account);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Total(Utf8JsonWriter json, IEnumerable<UsageEntry> entries)
    {
        json.WriteStartObject("total");
        json.WriteString("amount", Cost(entries).ToString("0.00", CultureInfo.InvariantCulture));
        json.WriteString("unit", "USD");
        json.WriteEndObject();
    }

    private static decimal Cost(IEnumerable<UsageEntry> entries) => entries.Sum(UsagePrices.Of);
}
