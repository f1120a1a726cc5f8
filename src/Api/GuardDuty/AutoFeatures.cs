using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>The features of an organization's members, which older clients know as data sources.</summary>
internal static class AutoFeatures
{
    public const string New = "NEW", All = "ALL", None = "NONE";

    public static readonly string[] Words = [New, All, None];

    public static IReadOnlyList<AutoFeature> Defaults { get; } =
        [.. Features.Names.Select(name => new AutoFeature(name, None) { Additional = [.. Features.AdditionalOf(name).Select(part => new AutoFeature(part, None))] })];

    /// <summary>The settings with what <c>features</c> or <c>dataSources</c> of a request change.</summary>
    public static IReadOnlyList<AutoFeature> Change(IReadOnlyList<AutoFeature> settings, Fields body)
    {
        if (body.Has("features") && body.Has("dataSources"))
            throw Refuse.BadRequest("The request is rejected because dataSources and features cannot both be given.");
        var changed = settings;
        // A flag knows two of the three words: one that is on already stays as it is.
        foreach (var (name, on) in DataSources.Read(body, "autoEnable"))
            changed = Replace(changed, name, feature => on == IsOn(feature) ? feature : feature with { AutoEnable = on ? New : None });
        foreach (var feature in body.Objects("features"))
        {
            var name = feature.Choice("name", Features.Names);
            if (feature.ChoiceOrNull("autoEnable", Words) is { } word) changed = Replace(changed, name, whole => whole with { AutoEnable = word });
            foreach (var additional in feature.Objects("additionalConfiguration"))
            {
                var part = additional.Choice("name", Features.AdditionalOf(name));
                if (additional.ChoiceOrNull("autoEnable", Words) is not { } partWord) continue;
                changed = Replace(changed, name, whole => whole with { Additional = Replace(whole.Additional, part, one => one with { AutoEnable = partWord }) });
            }
        }
        return changed;
    }

    /// <summary>The features of a member's detector once the settings have been applied.</summary>
    /// <param name="isNew">Whether the member has just come.</param>
    public static IReadOnlyList<FeatureSetting> Apply(IReadOnlyList<AutoFeature> settings, IReadOnlyList<FeatureSetting> features, bool isNew, DateTimeOffset now) =>
    [
        .. features.Select(feature =>
        {
            var auto = settings.First(setting => setting.Name == feature.Name);
            return Apply(auto, feature, isNew, now) with
            {
                Additional = [.. feature.Additional.Select(part => Apply(auto.Additional.First(setting => setting.Name == part.Name), part, isNew, now))],
            };
        }),
    ];

    public static bool IsOn(AutoFeature feature) => feature.AutoEnable != None;

    public static void Write(Utf8JsonWriter json, IReadOnlyList<AutoFeature> settings, string name = "features")
    {
        json.WriteStartArray(name);
        foreach (var setting in settings)
        {
            json.WriteStartObject();
            json.WriteString("name", setting.Name);
            json.WriteString("autoEnable", setting.AutoEnable);
            if (setting.Additional.Count > 0) Write(json, setting.Additional, "additionalConfiguration");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void WriteDataSources(Utf8JsonWriter json, IReadOnlyList<AutoFeature> settings)
    {
        void Flag(string name, string feature)
        {
            json.WriteStartObject(name);
            json.WriteBoolean("autoEnable", IsOn(settings.First(setting => setting.Name == feature)));
            json.WriteEndObject();
        }
        json.WriteStartObject("dataSources");
        Flag("s3Logs", DataSources.S3);
        json.WriteStartObject("kubernetes");
        Flag("auditLogs", DataSources.Kubernetes);
        json.WriteEndObject();
        json.WriteStartObject("malwareProtection");
        json.WriteStartObject("scanEc2InstanceWithFindings");
        Flag("ebsVolumes", DataSources.Malware);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static FeatureSetting Apply(AutoFeature auto, FeatureSetting setting, bool isNew, DateTimeOffset now)
    {
        var enabled = auto.AutoEnable == All || (isNew ? auto.AutoEnable == New : setting.Enabled);
        return enabled == setting.Enabled ? setting : setting with { Enabled = enabled, UpdatedAt = now };
    }

    private static IReadOnlyList<AutoFeature> Replace(IReadOnlyList<AutoFeature> settings, string name, Func<AutoFeature, AutoFeature> change) =>
        [.. settings.Select(setting => setting.Name == name ? change(setting) : setting)];
}
