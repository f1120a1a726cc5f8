using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>Three of the features in their older shape.</summary>
internal static class DataSources
{
    public const string S3 = "S3_DATA_EVENTS", Kubernetes = "EKS_AUDIT_LOGS", Malware = "EBS_MALWARE_PROTECTION";

    /// <summary>The features that <c>dataSources</c> of a request switches.</summary>
    /// <param name="key">What the switch is called: <c>enable</c>, for organizations <c>autoEnable</c>.</param>
    public static IEnumerable<(string Feature, bool On)> Read(Fields body, string key = "enable")
    {
        if (body.ObjectOrNull("dataSources") is not { } sources) yield break;
        if (sources.ObjectOrNull("s3Logs") is { } s3) yield return (S3, s3.Flag(key));
        if (sources.ObjectOrNull("kubernetes") is { } kubernetes) yield return (Kubernetes, kubernetes.Object("auditLogs").Flag(key));
        if (sources.ObjectOrNull("malwareProtection")?.ObjectOrNull("scanEc2InstanceWithFindings") is not { } scan) yield break;
        // A flag for detectors, an object with a flag for organizations.
        var on = key == "enable" ? scan.FlagOrNull("ebsVolumes") : scan.ObjectOrNull("ebsVolumes")?.FlagOrNull(key);
        if (on is { } value) yield return (Malware, value);
    }

    /// <summary>Writes the object <c>dataSources</c> of a detector.</summary>
    /// <param name="enabled">Whether the detector itself is on.</param>
    public static void Write(Utf8JsonWriter json, string account, bool enabled, IReadOnlyList<FeatureSetting> features)
    {
        json.WriteStartObject("dataSources");
        foreach (var foundation in (string[])["cloudTrail", "dnsLogs", "flowLogs"]) Status(json, foundation, enabled);
        Status(json, "s3Logs", Features.IsOn(features, S3));
        json.WriteStartObject("kubernetes");
        Status(json, "auditLogs", Features.IsOn(features, Kubernetes));
        json.WriteEndObject();
        json.WriteStartObject("malwareProtection");
        json.WriteStartObject("scanEc2InstanceWithFindings");
        Status(json, "ebsVolumes", Features.IsOn(features, Malware));
        json.WriteEndObject();
        json.WriteString("serviceRole", $"arn:aws:iam::{account}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Status(Utf8JsonWriter json, string name, bool on)
    {
        json.WriteStartObject(name);
        json.WriteString("status", Switch.Word(on));
        json.WriteEndObject();
    }
}
