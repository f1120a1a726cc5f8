using System.Globalization;
using System.Text.Json;

namespace Yagura.Core.Findings;

/// <summary>Where a <see cref="BehaviourProfile"/> stands in GuardDuty's layout of a finding.</summary>
/// <remarks>The keys of <c>additionalInfo</c> are those of the service. The API model leaves the keys of the two maps in <c>detection.anomaly</c> open; here they are the
/// endings of the same names, such as <c>AccountProfiling</c> and <c>ASNs</c>.</remarks>
public static class BehaviourLayout
{
    /// <summary>The members of <c>additionalInfo</c>, in order; a dot in a name opens an object.</summary>
    public static IEnumerable<KeyValuePair<string, string>> AdditionalInfo(BehaviourProfile profile)
    {
        yield return new("anomalies.anomalousAPIs", Apis(profile.AnomalousApis));
        var usual = Known(profile);
        foreach (var values in usual)
        {
            var name = $"{NameOf(values.Kind)}{NameOf(values.Scope)}";
            yield return new($"profiledBehavior.rareProfiled{name}", Joined(values.Kind, values.Rare));
            yield return new($"profiledBehavior.infrequentProfiled{name}", Joined(values.Kind, values.Infrequent));
            yield return new($"profiledBehavior.frequentProfiled{name}", Joined(values.Kind, values.Frequent));
        }
        foreach (var volume in profile.Volumes)
        {
            yield return new($"profiledBehavior.numberOfHistoricalDailyAvgAPIs{volume.Scope}Profiling", Text(Math.Round(volume.DailyAverage)));
            yield return new($"profiledBehavior.numberOfHistoricalDailyMaxAPIs{volume.Scope}Profiling", Text(volume.DailyMost));
        }
        foreach (var values in usual) yield return new($"unusualBehavior.unusual{NameOf(values.Kind)}{NameOf(values.Scope)}", Joined(values.Kind, values.Unusual));
        foreach (var volume in profile.Volumes) yield return new($"unusualBehavior.numberOfPast24HoursAPIs{volume.Scope}Profiling", Text(volume.Past24Hours));
        yield return new("unusualBehavior.isUnusualUserIdentity", profile.IsUnusualUserIdentity ? "true" : "false");
    }

    /// <summary>The object <c>detection</c>.</summary>
    internal static void WriteDetection(Utf8JsonWriter json, BehaviourProfile profile)
    {
        var scopes = Known(profile).GroupBy(values => NameOf(values.Scope), StringComparer.Ordinal).ToList();
        json.WriteStartObject("detection");
        json.WriteStartObject("anomaly");
        json.WriteStartObject("profiles");
        foreach (var scope in scopes)
        {
            json.WriteStartObject(scope.Key);
            foreach (var values in scope)
            {
                json.WriteStartArray(NameOf(values.Kind));
                WriteObject(json, "RARE", values.Rare);
                WriteObject(json, "INFREQUENT", values.Infrequent);
                WriteObject(json, "FREQUENT", values.Frequent);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("unusual");
        json.WriteStartObject("behavior");
        foreach (var scope in scopes.Where(scope => scope.Any(values => values.Unusual.Count > 0)))
        {
            json.WriteStartObject(scope.Key);
            foreach (var values in scope.Where(values => values.Unusual.Count > 0))
            {
                json.WritePropertyName(NameOf(values.Kind));
                WriteObject(json, values.Unusual.All(values.Rare.Contains) ? "RARE" : "UNSEEN", values.Unusual);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, string subtype, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        json.WriteStartObject();
        json.WriteString("profileType", "FREQUENCY");
        json.WriteString("profileSubtype", subtype);
        json.WriteStartObject("observations");
        FindingJson.Array(json, "text", texts, static (json, text) => json.WriteStringValue(text));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static List<UsualValues> Known(BehaviourProfile profile) =>
        [.. profile.Usual.Where(values => values.IsKnown).DistinctBy(values => (values.Kind, values.Scope)).OrderBy(values => values.Kind).ThenBy(values => values.Scope)];

    /// <summary><c>s3.amazonaws.com:[GetObject:success , GetObject:AccessDenied] , kms.amazonaws.com:[Decrypt:success]</c>.</summary>
    private static string Apis(IReadOnlyList<AnomalousApi> apis) => string.Join(" , ",
        apis.GroupBy(api => api.Service, StringComparer.Ordinal).Select(service => $"{service.Key}:[{string.Join(" , ", service.Select(api => $"{api.Api}:{api.Outcome}"))}]"));

    // As the service writes them: types of callers in capitals, networks one after the other without a comma.
    private static string Joined(BehaviourKind kind, IReadOnlyList<string> values) => kind switch
    {
        BehaviourKind.Asns => string.Join(' ', values),
        BehaviourKind.UserTypes => string.Join(" , ", values).ToUpperInvariant(),
        _ => string.Join(" , ", values),
    };

    private static string NameOf(BehaviourKind kind) => kind switch { BehaviourKind.Apis => "APIs", BehaviourKind.Asns => "ASNs", _ => kind.ToString() };

    private static string NameOf(BehaviourScope scope) => $"{scope}Profiling";

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
