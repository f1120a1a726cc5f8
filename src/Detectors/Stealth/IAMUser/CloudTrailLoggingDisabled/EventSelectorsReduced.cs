using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Stealth.IAMUser;

/// <summary>A trail was told to record no management events any more, or only reads of them.</summary>
/// <remarks>A trail that is stopped, deleted or cut down is one condition each (<c>rule.yml</c> beside this); the loss of the bucket that a trail delivers to
/// is a detector of its own, since it needs to know which bucket that is.</remarks>
public sealed class EventSelectorsReduced() : ApiCallRule("cloudtrail.amazonaws.com", Type)
{
    public static TypeBinding Type { get; } = new("Stealth:IAMUser/CloudTrailLoggingDisabled");

    public override IReadOnlyList<string> EventNames { get; } = ["PutEventSelectors"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge) =>
        Lost(request) is { } lost ? ApiCallFacts.AboutCaller(call, Type.Type, Severity.Low, knowledge, $"{request.Text("trailName") ?? "a trail"} was told to record no {lost}") : null;

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
