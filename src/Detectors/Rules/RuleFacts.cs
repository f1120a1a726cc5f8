using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Logs;
using Yagura.Matching.Sigma;

namespace Yagura.Detectors.Rules;

/// <summary>The rule that a detection comes from, as a finding shows it.</summary>
/// <param name="Name">The rule's id, else its title.</param>
/// <param name="Staged">The rule is on trial: what it finds is counted and not reported.</param>
public sealed record RuleReference(string Name, string Title, string Description, bool Staged);

/// <summary>What a rule's findings are made of.</summary>
public static class RuleFacts
{
    private const int LongestValue = 200, MostFields = 5;

    public static RuleReference Reference(RuleHeader header, bool staged) => new(NameOf(header), header.Title, header.Description.Length > 0 ? header.Description : header.Title, staged);

    public static string NameOf(RuleHeader header) => header.Id ?? header.Title;

    /// <summary>What a record that a rule matched shows.</summary>
    /// <param name="json">The record as its log's own fields.</param>
    public static Detection Detection(LoadedRule loaded, LogEvent record, JsonElement json, Knowledge knowledge)
    {
        var rule = loaded.Rule;
        return Detection(rule.FindingType, rule.Header, rule.Resource, record, json, knowledge) with
        {
            Rule = Reference(rule.Header, RuleStages.IsStaged(rule.Header)),
            Distinct = rule.Header.Yagura.Dedup.Count == 0 ? null : Distinct(rule.Header.Yagura.Dedup, json),
        };
    }

    /// <summary>The detection without the rule's reference.</summary>
    public static Detection Detection(Core.FindingTypes.FindingType type, RuleHeader header, ResourceMapping resource, LogEvent record, JsonElement json, Knowledge knowledge)
    {
        var why = Why(header, json);
        var id = resource.Id is null ? null : First(json, resource.Id);
        Detection detection = record switch
        {
            ApiCall call => OfCall(call, type, header.Severity, resource.Type, id, knowledge, why),
            FlowRecord flow => OfFlow(flow, type, header.Severity, knowledge, why),
            DnsQuery query => DnsFacts.Detection(query, type, header.Severity, knowledge, why),
            _ => throw new ArgumentException($"no rules are asked about {record.LogType}", nameof(record)),
        };
        List<KeyValuePair<string, string>> info = [new("ruleName", NameOf(header)), new("ruleTitle", header.Title)];
        if (header.Techniques.Count > 0) info.Add(new("techniques", string.Join(", ", header.Techniques)));
        return detection with { AdditionalInfo = [.. detection.AdditionalInfo, .. info] };
    }

    private static Detection OfCall(ApiCall call, Core.FindingTypes.FindingType type, Severity severity, ResourceType resource, string? id, Knowledge knowledge, string why)
    {
        if (resource == ResourceType.S3Bucket && ApiCallFacts.AboutBucket(call, type, severity, ResourceType.S3Bucket, knowledge, why) is { } bucket) return bucket;
        var caller = ApiCallFacts.AboutCaller(call, type, severity, knowledge, why);
        if (id is null) return caller;
        return resource == ResourceType.Instance
            ? caller with { Subject = id, Resource = new Resource(ResourceType.Instance) { InstanceDetails = new InstanceDetails { InstanceId = id }, AccessKeyDetails = caller.Resource.AccessKeyDetails } }
            : caller with { Subject = id };
    }

    private static Detection OfFlow(FlowRecord flow, Core.FindingTypes.FindingType type, Severity severity, Knowledge knowledge, string why)
    {
        // Which end is the remote one: the one that the interface is not.
        var side = flow.Direction == FlowDirection.Ingress || (flow.Direction == FlowDirection.Unknown && !FlowFacts.DestinationOf(flow).IsPublic) ? FlowSide.Source : FlowSide.Destination;
        return FlowFacts.Detection(flow, side, FlowFacts.InitiatorOf(flow, side), type, severity, knowledge, why);
    }

    // The title says what was found; the fields that the rule's author wants people to see say where.
    private static string Why(RuleHeader header, JsonElement json)
    {
        var shown = header.Fields.Take(MostFields).Select(field => (field, value: First(json, field))).Where(pair => pair.value is not null).Select(pair => $"{pair.field[(pair.field.LastIndexOf('.') + 1)..]} {pair.value}").ToList();
        return shown.Count == 0 ? header.Title : $"{header.Title}: {string.Join(", ", shown)}";
    }

    private static string? First(JsonElement json, string path)
    {
        var values = EventValues.At(json, path);
        return values.Count == 0 || values[0].ValueKind == JsonValueKind.Null ? null : Cut(EventValues.TextOf(values[0]));
    }

    // Values may be long or end anywhere, and must not tell two findings apart only behind the cut.
    private static string Distinct(IReadOnlyList<string> fields, JsonElement json) =>
        string.Join('\n', fields.Select(field => string.Join('\t', EventValues.At(json, field).Select(EventValues.TextOf).Order(StringComparer.Ordinal))));

    private static string Cut(string text) => text.Length <= LongestValue ? text : text[..(char.IsHighSurrogate(text[LongestValue - 2]) ? LongestValue - 2 : LongestValue - 1)] + "…";
}
