using System.Globalization;
using System.Reflection;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;

namespace Yagura.Engine.Findings;

/// <summary>Turns what is known of a finding into the finding that people and programs see.</summary>
/// <param name="configuration">Hash of the settings that took part.</param>
public sealed class FindingBuilder(InstanceBook instances, string configuration, string intelligence, TimeProvider time)
{
    public static string Version { get; } =
        typeof(FindingBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public Finding Build(FindingKey key, FindingState state)
    {
        var detection = state.Latest ?? throw new ArgumentException("a finding has at least one detection", nameof(state));
        var now = time.GetUtcNow();
        var (title, description) = FindingTypeCatalog.TryGet(key.Type, out var entry) ? FindingTypeCatalog.Describe(entry, Values(key, detection))
            : detection.Rule is { } rule ? (rule.Title, rule.Description)
            : throw new InvalidOperationException($"{key.Type} is not in the catalogue");
        return new Finding(
            key.AccountId, key.Region, key.Id, detection.Type, state.Gravest.ToValue(), title, description,
            detection.Resource with { InstanceDetails = instances.Complete(detection.Resource.InstanceDetails) },
            new Service(
                key.DetectorId, detection.Action, detection.Role, detection.ThreatIntelligence,
                detection.Anomaly?.Profile is { } profile ? [.. detection.AdditionalInfo, .. BehaviourLayout.AdditionalInfo(profile)] : detection.AdditionalInfo,
                state.FirstSeen, state.LastSeen, state.Occurrences.Count),
            now, now,
            new Explanation(
                detection.Why, [.. state.Evidence.Select(e => e.ToRecord())], state.Occurrences.IsEstimate, Version, configuration,
                intelligence.Length > 0 ? intelligence : null)
            {
                Anomaly = detection.Anomaly,
            });
    }

    private static Dictionary<string, string> Values(FindingKey key, Detection detection)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["account"] = key.AccountId,
            ["region"] = key.Region,
            ["principal"] = detection.Principal ?? "",
            ["instance"] = detection.Resource.InstanceDetails?.InstanceId ?? key.Subject,
            ["resource"] = key.Subject,
            ["list"] = string.Join(", ", detection.ThreatIntelligence.Select(t => t.ThreatListName)),
        };
        if (detection.Resource.S3BucketDetails is [var bucket, ..]) values["bucket"] = bucket.Name;
        switch (detection.Action)
        {
            case AwsApiCallAction call:
                values["api"] = call.Api;
                values["service"] = call.ServiceName;
                values["remoteIp"] = call.RemoteIp?.Address.ToString() ?? call.Domain ?? "";
                break;
            case NetworkConnectionAction connection:
                values["remoteIp"] = connection.RemoteIp.Address.ToString();
                values["port"] = connection.RemotePort?.ToString(CultureInfo.InvariantCulture) ?? "";
                break;
            case PortProbeAction { Probes: [var probe, ..] }:
                values["remoteIp"] = probe.RemoteIp.Address.ToString();
                values["port"] = probe.LocalPort.ToString(CultureInfo.InvariantCulture);
                break;
            case DnsRequestAction dns:
                values["domain"] = dns.Domain;
                break;
            default:
                break;
        }
        return values;
    }
}
