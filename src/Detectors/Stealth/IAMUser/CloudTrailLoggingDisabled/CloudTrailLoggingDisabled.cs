using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Stealth.IAMUser;

/// <summary>A trail was stopped, deleted or told to record less than before.</summary>
/// <remarks>The loss of the bucket that a trail delivers to is a detector of its own: it needs to know which bucket that is.</remarks>
public sealed class CloudTrailLoggingDisabled() : ApiCallRule("cloudtrail.amazonaws.com", Type)
{
    public static TypeBinding Type { get; } = new("Stealth:IAMUser/CloudTrailLoggingDisabled");

    public override IReadOnlyList<string> EventNames { get; } = ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge)
    {
        var trail = request.Text("name") ?? request.Text("trailName") ?? "a trail";
        var why = Utf8.Text(call.Name) switch
        {
            "StopLogging" => $"logging of {trail} was stopped",
            "DeleteTrail" => $"{trail} was deleted",
            "UpdateTrail" when request.Flag("isMultiRegionTrail") == false => $"{trail} was told to record one region only",
            "PutEventSelectors" when RecordsNoManagementEvents(request) => $"{trail} was told to record no management events",
            _ => null,
        };
        return why is null ? null : ApiCallFacts.AboutCaller(call, Type.Type, Severity.Low, knowledge, why);
    }

    private static bool RecordsNoManagementEvents(JsonElement request)
    {
        var basic = request.Child("eventSelectors");
        var advanced = request.Child("advancedEventSelectors");
        if (basic.ValueKind != JsonValueKind.Array && advanced.ValueKind != JsonValueKind.Array) return false;
        return basic.Items().All(selector => selector.Flag("includeManagementEvents") == false)
            && !advanced.Items().SelectMany(selector => selector.Child("fieldSelectors").Items()).Any(SelectsManagement);
    }

    private static bool SelectsManagement(JsonElement field) =>
        field.Text("field") is "eventCategory" && field.Child("equals").Items().Any(value => value.Text() is "Management");
}
