using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>What is left of GuardDuty's free trial: nothing ever ends here, and the answer is that of an account whose trial is over.</summary>
internal static class FreeTrial
{
    private static readonly string[] TrialFeatures =
    [
        "FLOW_LOGS", "CLOUD_TRAIL", "DNS_LOGS", "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS",
        "EKS_RUNTIME_MONITORING", "EC2_RUNTIME_MONITORING", "FARGATE_RUNTIME_MONITORING",
    ];

    public static async Task DaysRemaining(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var seen = await Membership.AccountsOf(call, cancel);
        var asked = call.Body.Accounts();
        json.WriteStartArray("accounts");
        foreach (var account in asked.Where(account => seen.Contains(account, StringComparer.Ordinal))) Write(json, account);
        json.WriteEndArray();
        Members.WriteUnprocessed(json, asked.Where(account => !seen.Contains(account, StringComparer.Ordinal))
            .Select(account => (account, "The request is rejected because the given account ID is not an associated member of account the current account.")));
    }

    private static void Write(Utf8JsonWriter json, string account)
    {
        json.WriteStartObject();
        json.WriteString("accountId", account);
        json.WriteStartObject("dataSources");
        foreach (var source in (string[])["cloudTrail", "dnsLogs", "flowLogs", "s3Logs"]) Over(json, source);
        json.WriteStartObject("kubernetes");
        Over(json, "auditLogs");
        json.WriteEndObject();
        json.WriteStartObject("malwareProtection");
        Over(json, "scanEc2InstanceWithFindings");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("features");
        foreach (var feature in TrialFeatures)
        {
            json.WriteStartObject();
            json.WriteString("name", feature);
            json.WriteNumber("freeTrialDaysRemaining", 0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Over(Utf8JsonWriter json, string source)
    {
        json.WriteStartObject(source);
        json.WriteNumber("freeTrialDaysRemaining", 0);
        json.WriteEndObject();
    }
}
