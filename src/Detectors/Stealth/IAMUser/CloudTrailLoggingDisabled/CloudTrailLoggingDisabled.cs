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
            "UpdateTrail" when request.Flag("includeGlobalServiceEvents") == false => $"{trail} was told to record no events of global services",
            "PutEventSelectors" => Lost(request) is { } lost ? $"{trail} was told to record no {lost}" : null,
            _ => null,
        };
        return why is null ? null : ApiCallFacts.AboutCaller(call, Type.Type, Severity.Low, knowledge, why);
    }

    // What no selector selects any more. A selector that selects reads only keeps the trail busy and hides every change.
    private static string? Lost(JsonElement request)
    {
        var basic = request.Child("eventSelectors");
        var advanced = request.Child("advancedEventSelectors");
        if (basic.ValueKind != JsonValueKind.Array && advanced.ValueKind != JsonValueKind.Array) return null;
        var onlyReads = basic.Items().Where(selector => selector.Flag("includeManagementEvents") != false).Select(selector => selector.Text("readWriteType") is "ReadOnly")
            .Concat(advanced.Items().Select(selector => selector.Child("fieldSelectors")).Where(fields => Selects(fields, "eventCategory", "Management"))
                .Select(fields => Selects(fields, "readOnly", "true") && !Selects(fields, "readOnly", "false")))
            .ToList();
        return onlyReads.Count == 0 ? "management events" : onlyReads.All(only => only) ? "changes" : null;
    }

    private static bool Selects(JsonElement fields, string name, string wanted) =>
        fields.Items().Any(field => field.Text("field") == name && field.Child("equals").Items().Any(value => value.Text() == wanted));
}
