using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>The features of a detector, which older clients know as data sources.</summary>
/// <remarks>Source: GuardDuty API model 2017-11-28; defaults from the user guide, "Understanding GuardDuty protection plans".</remarks>
internal static class Features
{
    public static readonly IReadOnlyList<string> Foundations = ["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"];

    private const string EksRuntime = "EKS_RUNTIME_MONITORING", Runtime = "RUNTIME_MONITORING";

    /// <summary>Each feature that can be switched, in the order in which it is shown: whether it is on by itself, and its additional configurations.</summary>
    private static readonly (string Name, bool Default, string[] Additional)[] Table =
    [
        ("S3_DATA_EVENTS", true, []),
        ("EKS_AUDIT_LOGS", true, []),
        ("EBS_MALWARE_PROTECTION", true, []),
        ("RDS_LOGIN_EVENTS", true, []),
        (EksRuntime, false, ["EKS_ADDON_MANAGEMENT"]),
        ("LAMBDA_NETWORK_LOGS", true, []),
        (Runtime, false, ["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    public static IReadOnlyList<string> AdditionalOf(string feature) => Table.First(row => row.Name == feature).Additional;

    public static IReadOnlyList<FeatureSetting> Defaults(DateTimeOffset now) =>
        [.. Table.Select(row => new FeatureSetting(row.Name, row.Default, now) { Additional = [.. row.Additional.Select(name => new FeatureSetting(name, false, now))] })];

    /// <summary>The settings with what <c>features</c> or <c>dataSources</c> of a request change.</summary>
    public static IReadOnlyList<FeatureSetting> Change(IReadOnlyList<FeatureSetting> settings, Fields body, DateTimeOffset now)
    {
        if (body.Has("features") && body.Has("dataSources"))
            throw Refuse.BadRequest("The request is rejected because dataSources and features cannot both be given.");
        var changed = settings;
        foreach (var (name, enabled) in DataSources.Read(body)) changed = Set(changed, name, enabled, now);
        foreach (var feature in body.Objects("features"))
        {
            var name = feature.Choice("name", Names);
            if (Switch.Read(feature) is { } enabled) changed = Set(changed, name, enabled, now);
            foreach (var additional in feature.Objects("additionalConfiguration"))
            {
                var part = additional.Choice("name", AdditionalOf(name));
                if (Switch.Read(additional) is { } on) changed = Replace(changed, name, whole => whole with { Additional = Set(whole.Additional, part, on, now) });
            }
        }
        if (IsOn(changed, EksRuntime) && IsOn(changed, Runtime))
            throw Refuse.BadRequest($"The request is rejected because {EksRuntime} and {Runtime} cannot both be enabled.");
        return changed;
    }

    public static bool IsOn(IReadOnlyList<FeatureSetting> settings, string name) => settings.Any(setting => setting.Name == name && setting.Enabled);

    /// <summary>Writes the list <c>features</c>.</summary>
    /// <param name="foundations">With the sources that are on as long as the detector is; null leaves them out, as for members.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<FeatureSetting> settings, FeatureSetting? foundations = null)
    {
        json.WriteStartArray("features");
        if (foundations is not null)
        {
            foreach (var name in Foundations) Write(json, foundations with { Name = name });
        }
        foreach (var setting in settings) Write(json, setting);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, FeatureSetting setting)
    {
        json.WriteStartObject();
        json.WriteString("name", setting.Name);
        json.WriteString("status", Switch.Word(setting.Enabled));
        Times.WriteEpoch(json, "updatedAt", setting.UpdatedAt);
        if (setting.Additional.Count > 0)
        {
            json.WriteStartArray("additionalConfiguration");
            foreach (var part in setting.Additional) Write(json, part);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    // The time of update tells when a feature was switched, so it stays where nothing changed.
    private static IReadOnlyList<FeatureSetting> Set(IReadOnlyList<FeatureSetting> settings, string name, bool enabled, DateTimeOffset now) =>
        Replace(settings, name, setting => setting.Enabled == enabled ? setting : setting with { Enabled = enabled, UpdatedAt = now });

    private static IReadOnlyList<FeatureSetting> Replace(IReadOnlyList<FeatureSetting> settings, string name, Func<FeatureSetting, FeatureSetting> change) =>
        [.. settings.Select(setting => setting.Name == name ? change(setting) : setting)];
}

/// <summary><c>ENABLED</c> and <c>DISABLED</c>.</summary>
internal static class Switch
{
    private static readonly string[] Words = ["ENABLED", "DISABLED"];

    public static string Word(bool on) => on ? Words[0] : Words[1];

    /// <summary>The member <c>status</c>; null where it is absent.</summary>
    public static bool? Read(Fields fields) => fields.ChoiceOrNull("status", Words) is { } word ? word == Words[0] : null;
}
