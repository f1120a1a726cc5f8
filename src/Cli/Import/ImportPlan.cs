using System.Text;
using System.Text.Json.Nodes;
using Yagura.Api;
using Yagura.Aws.GuardDuty;
using Yagura.Matching.Criteria;

namespace Yagura.Cli.Import;

/// <summary>Holds the settings of a GuardDuty against those of Yagura, and says what has to be done so that Yagura has them too. Nothing is taken away.</summary>
internal static class ImportPlan
{
    private const string Detector = "detector";

    /// <summary>Stands in paths for the id of a detector that is not there yet.</summary>
    public const string NewDetector = "<new detector>";

    /// <param name="target">What Yagura has in the region.</param>
    public static IReadOnlyList<ImportStep> Of(GuardDutySettings source, GuardDutySettings target)
    {
        if (source.Detector is null) return [];
        var steps = new List<ImportStep>();
        steps.AddRange(DetectorSteps(source, target));
        steps.AddRange(source.Problems.Concat(target.Problems).Select(problem => new ImportStep(source.Region, problem.Kind.Word, problem.Name ?? "(all)", ImportState.Refused, problem.Reason)));
        var unreadable = target.Problems.Select(problem => problem.Kind).ToHashSet();
        // In the order of their ranks, in which suppression rules are numbered.
        var ordered = source.Settings.OrderBy(setting => SettingKind.All.ToList().IndexOf(setting.Kind)).ThenBy(setting => setting.Kind == SettingKind.Filter ? Number(setting.Value["rank"]) : 0)
            .ThenBy(setting => setting.Name, StringComparer.Ordinal);
        var detector = target.DetectorId ?? NewDetector;
        foreach (var setting in ordered.Where(setting => !unreadable.Contains(setting.Kind)))
        {
            var known = target.Settings.FirstOrDefault(other => other.Kind == setting.Kind && other.Name == setting.Name);
            steps.Add(setting.Kind == SettingKind.Filter ? FilterStep(source.Region, detector, setting, known) : ListStep(source.Region, detector, setting, known));
        }
        steps.AddRange(target.Settings.Where(own => !source.Settings.Any(other => other.Kind == own.Kind && other.Name == own.Name))
            .Select(own => new ImportStep(source.Region, own.Kind.Word, own.Name, ImportState.Own, "stays as it is")));
        return steps;
    }

    private static IEnumerable<ImportStep> DetectorSteps(GuardDutySettings source, GuardDutySettings target)
    {
        var (wanted, has) = (SwitchesOf(source.Detector!), target.Detector is { } own ? SwitchesOf(own) : []);
        foreach (var unknown in wanted.Keys.Where(name => !ApiReference.Features.Contains(name, StringComparer.Ordinal)).ToList())
        {
            if (wanted.Remove(unknown, out var on) && on) yield return new(source.Region, "feature", unknown, ImportState.Refused, "Yagura does not know this feature");
        }
        var (frequency, enabled) = (Text(source.Detector!["findingPublishingFrequency"]), IsOn(source.Detector));
        var body = new JsonObject { ["enable"] = enabled, ["findingPublishingFrequency"] = frequency, ["features"] = Features(wanted) };
        if (target.Detector is null)
        {
            if (Tags(source.Detector) is { Count: > 0 } tags) body["tags"] = tags;
            yield return new(source.Region, Detector, source.Region, ImportState.New, $"{frequency}, {string.Join(", ", wanted.Where(one => one.Value).Select(one => one.Key))}", new("CreateDetector", [Detector], body));
            yield break;
        }
        var differences = wanted.Where(one => has.GetValueOrDefault(one.Key) != one.Value).Select(one => $"{one.Key}: {Word(!one.Value)} → {Word(one.Value)}").ToList();
        if (Text(target.Detector["findingPublishingFrequency"]) is var now && now != frequency) differences.Insert(0, $"findingPublishingFrequency: {now} → {frequency}");
        if (IsOn(target.Detector) != enabled) differences.Insert(0, $"status: {Word(!enabled)} → {Word(enabled)}");
        yield return differences.Count == 0 ? new(source.Region, Detector, source.Region, ImportState.Same, "")
            : new(source.Region, Detector, source.Region, ImportState.Changed, string.Join("; ", differences), new("UpdateDetector", [Detector, target.DetectorId!], body));
    }

    private static ImportStep FilterStep(string region, string detector, GuardDutySetting setting, GuardDutySetting? known)
    {
        ImportStep Step(ImportState state, string detail, SettingChange? change = null) =>
            new(region, Text(setting.Value["action"]) == "ARCHIVE" ? "suppression rule" : setting.Kind.Word, setting.Name, state, detail, change);

        if (setting.Value["findingCriteria"] is not JsonObject given) return Step(ImportState.Refused, "it has no criteria");
        var criteria = CriteriaJson.Normal(given);
        if (!FindingCriteria.TryParse(Encoding.UTF8.GetBytes(criteria.ToJsonString()), out _, out var errors)) return Step(ImportState.Refused, $"its criteria are not understood: {string.Join("; ", errors)}");
        var body = new JsonObject
        {
            ["description"] = Text(setting.Value["description"]), ["action"] = Text(setting.Value["action"]) is { Length: > 0 } action ? action : "NOOP", ["findingCriteria"] = criteria,
        };
        if (Number(setting.Value["rank"]) is >= 1 and <= 100 and var rank) body["rank"] = rank;
        if (known is null)
        {
            body["name"] = setting.Name;
            if (Tags(setting.Value) is { Count: > 0 } tags) body["tags"] = tags;
            return Step(ImportState.New, criteria["criterion"]!.ToJsonString(), new("CreateFilter", [Detector, detector, setting.Kind.Path], body));
        }
        var differences = new List<string>();
        foreach (var field in (string[])["description", "action"])
            if (Text(known.Value[field]) is var now && now != Text(body[field])) differences.Add($"{field}: {now} → {Text(body[field])}");
        if (body["rank"] is not null && Number(known.Value["rank"]) is var place && place != Number(body["rank"])) differences.Add($"rank: {place} → {Number(body["rank"])}");
        var before = known.Value["findingCriteria"] is JsonObject own ? CriteriaJson.Normal(own) : [];
        if (!JsonNode.DeepEquals(before, criteria)) differences.Add($"criteria: {before["criterion"]?.ToJsonString()} → {criteria["criterion"]!.ToJsonString()}");
        return differences.Count == 0 ? Step(ImportState.Same, "")
            : Step(ImportState.Changed, string.Join("; ", differences), new("UpdateFilter", [Detector, detector, setting.Kind.Path, setting.Name], body));
    }

    private static ImportStep ListStep(string region, string detector, GuardDutySetting setting, GuardDutySetting? known)
    {
        var (format, location, isActive) = (Text(setting.Value["format"]), Text(setting.Value["location"]), IsActive(setting.Value));
        ImportStep Step(ImportState state, string detail, SettingChange? change = null) => new(region, setting.Kind.Word, setting.Name, state, detail, change);
        var body = new JsonObject { ["location"] = location, ["activate"] = isActive };
        if (Text(setting.Value["expectedBucketOwner"]) is { Length: > 0 } owner) body["expectedBucketOwner"] = owner;
        if (known is null)
        {
            (body["name"], body["format"]) = (setting.Name, format);
            if (Tags(setting.Value) is { Count: > 0 } tags) body["tags"] = tags;
            return Step(ImportState.New, $"{format} {location}{(isActive ? "" : ", not active")}", new($"Create{setting.Kind.Operation}", [Detector, detector, setting.Kind.Path], body));
        }
        if (Text(known.Value["format"]) is var form && form != format) return Step(ImportState.Refused, $"Yagura has it as {form}, and a list's format cannot be changed: delete it there first");
        var differences = new List<string>();
        if (Text(known.Value["location"]) is var place && place != location) differences.Add($"location: {place} → {location}");
        if (IsActive(known.Value) != isActive) differences.Add(isActive ? "is activated" : "is deactivated");
        return differences.Count == 0 ? Step(ImportState.Same, "")
            : Step(ImportState.Changed, string.Join("; ", differences), new($"Update{setting.Kind.Operation}", [Detector, detector, setting.Kind.Path, known.Id], body));
    }

    /// <summary>Features with their additional configurations, without those that no detector is without.</summary>
    private static SortedDictionary<string, bool> SwitchesOf(JsonObject detector)
    {
        var switches = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var feature in Objects(detector["features"]).Where(feature => !ApiReference.Foundations.Contains(Text(feature["name"]), StringComparer.Ordinal)))
        {
            switches[Text(feature["name"])] = IsOn(feature);
            foreach (var part in Objects(feature["additionalConfiguration"])) switches[$"{Text(feature["name"])}/{Text(part["name"])}"] = IsOn(part);
        }
        return switches;
    }

    private static JsonArray Features(SortedDictionary<string, bool> switches)
    {
        var features = new JsonArray();
        foreach (var (name, on) in switches.Where(one => !one.Key.Contains('/', StringComparison.Ordinal)))
        {
            var parts = switches.Where(part => part.Key.StartsWith($"{name}/", StringComparison.Ordinal))
                .Select(part => (JsonNode)new JsonObject { ["name"] = part.Key[(name.Length + 1)..], ["status"] = Word(part.Value) }).ToArray();
            var feature = new JsonObject { ["name"] = name, ["status"] = Word(on) };
            if (parts.Length > 0) feature["additionalConfiguration"] = new JsonArray(parts);
            features.Add((JsonNode)feature);
        }
        return features;
    }

    /// <summary>Those that somebody gave; the ones of AWS itself cannot be given.</summary>
    private static JsonObject? Tags(JsonObject value) => value["tags"] is not JsonObject tags ? null
        : new(tags.Where(tag => !tag.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)).Select(tag => KeyValuePair.Create(tag.Key, tag.Value?.DeepClone())));

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => list is JsonArray array ? array.OfType<JsonObject>() : [];

    private static bool IsOn(JsonObject value) => Text(value["status"]) == "ENABLED";

    private static bool IsActive(JsonObject list) => Text(list["status"]) is "ACTIVE" or "ACTIVATING";

    private static string Word(bool on) => on ? "ENABLED" : "DISABLED";

    private static string Text(JsonNode? node) => node is JsonValue value ? value.ToString() : "";

    private static int Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
}
