using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;
using Yagura.Matching.Sigma;

namespace Yagura.Detectors.Rules;

/// <summary>The rule that a detection comes from, as a finding shows it.</summary>
/// <param name="Name">The rule's id, else its title.</param>
/// <param name="Staged">The rule was on trial when the record was read.</param>
/// <param name="Version">The rule's as it was when the record was read (<see cref="RuleHeader.Version"/>).</param>
public sealed record RuleReference(string Name, string Title, string Description, bool Staged, string Version);

/// <summary>What a rule's findings are made of.</summary>
public static class RuleFacts
{
    private const int LongestValue = 200, MostFields = 5;

    public static string NameOf(RuleHeader header) => header.Id ?? header.Title;

    /// <summary>What a record that a rule matched shows.</summary>
    /// <param name="json">The record as its log's own fields; undefined where it is no JSON.</param>
    public static Detection Detection(FindingType type, RuleHeader header, ResourceMapping resource, LogEvent record, JsonElement json, Knowledge knowledge)
    {
        var why = Why(header, json);
        var detection = record switch
        {
            ApiCall call => ApiCallFacts.AboutCaller(call, type, header.Severity, knowledge, why),
            FlowRecord flow => OfFlow(flow, type, header.Severity, knowledge, why),
            DnsQuery query => DnsFacts.Detection(query, type, header.Severity, knowledge, why),
            _ => throw new ArgumentException($"no rules are asked about {record.LogType}", nameof(record)),
        };
        List<KeyValuePair<string, string>> info = [new("ruleName", NameOf(header)), new("ruleTitle", header.Title)];
        if (header.Techniques.Count > 0) info.Add(new("techniques", string.Join(", ", header.Techniques)));
        return About(detection, header, resource, record, json) with { AdditionalInfo = [.. detection.AdditionalInfo, .. info] };
    }

    /// <summary>The detection as one of this rule alone: it shares no finding with a shipped detector or another rule of the same type, so that a trial hides
    /// nothing but what its own rule found.</summary>
    /// <param name="parts">What else tells the rule's findings apart.</param>
    public static Detection OfRule(this Detection detection, RuleHeader header, IEnumerable<string> parts) => detection with
    {
        Rule = new(NameOf(header), header.Title, header.Description.Length > 0 ? header.Description : header.Title, RuleStages.IsStaged(header), header.Version),
        Distinct = TextKey.Of([NameOf(header), .. parts]),
    };

    /// <summary>The values of a rule's <c>dedup</c> fields.</summary>
    public static IEnumerable<string> DedupParts(RuleHeader header, JsonElement json) =>
        header.Yagura.Dedup.Select(field => TextKey.Of(EventValues.At(json, field).Select(EventValues.TextOf).Order(StringComparer.Ordinal)));

    private static Detection About(Detection detection, RuleHeader header, ResourceMapping resource, LogEvent record, JsonElement json)
    {
        // Whose a flow or a query is, is known better than by any one field, unless the rule's author says otherwise.
        if (record is not ApiCall && header.Yagura.Resource is null) return detection;
        var id = Value(json, resource.Id) ?? (record is ApiCall call && resource.Type == ResourceType.S3Bucket ? ApiCallFacts.Bucket(call) : null);
        return id is null ? detection : Named(detection, resource.Type, id);
    }

    private static Detection Named(Detection detection, ResourceType type, string id) => detection with
    {
        Subject = id,
        Resource = type switch
        {
            ResourceType.S3Bucket => detection.Resource with { ResourceType = type, S3BucketDetails = [new S3BucketDetails(id)] },
            ResourceType.Instance when detection.Resource.InstanceDetails is null => detection.Resource with { ResourceType = type, InstanceDetails = new InstanceDetails { InstanceId = id } },
            _ => detection.Resource,
        },
    };

    private static Detection OfFlow(FlowRecord flow, FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        // Which end is the remote one: the one that the interface is not.
        var side = flow.Direction == FlowDirection.Ingress || (flow.Direction == FlowDirection.Unknown && !FlowFacts.DestinationOf(flow).IsPublic) ? FlowSide.Source : FlowSide.Destination;
        return FlowFacts.Detection(flow, side, FlowFacts.InitiatorOf(flow, side), type, severity, knowledge, why);
    }

    // The title says what was found; the fields that the rule's author wants people to see say where.
    private static string Why(RuleHeader header, JsonElement json)
    {
        var shown = header.Fields.Take(MostFields).Select(field => (Name: field[(field.LastIndexOf('.') + 1)..], Value: Value(json, field)))
            .Where(field => field.Value is not null).Select(field => $"{field.Name} {TextLimit.Cut(field.Value!, LongestValue)}").ToList();
        return shown.Count == 0 ? header.Title : $"{header.Title}: {string.Join(", ", shown)}";
    }

    private static string? Value(JsonElement json, string? path) =>
        path is not null && EventValues.At(json, path) is [{ ValueKind: not JsonValueKind.Null } first, ..] ? EventValues.TextOf(first) : null;
}
