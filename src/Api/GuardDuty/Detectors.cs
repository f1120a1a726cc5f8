using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Engine.Findings;

namespace Yagura.Api.GuardDuty;

/// <summary>Detectors: at most one per account and region, under the id that the findings name.</summary>
internal static class Detectors
{
    private static readonly string[] Frequencies = ["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"];

    /// <summary>The detector that the path names.</summary>
    /// <exception cref="AwsException">It is not the caller's, or is not there.</exception>
    public static async Task<Detector> Of(Call call, CancellationToken cancel) =>
        call.Path("DetectorId") == IdOf(call) && await call.Get(Kinds.Detector, IdOf(call), cancel) is { } detector ? detector : throw Refuse.NotOwned();

    public static string IdOf(Call call) => FindingKey.DetectorIdOf(call.Account, call.Region);

    public static async Task Create(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var enabled = call.Body.Flag("enable");
        var features = Features.Change(Features.Defaults(call.Now), call.Body, call.Now);
        var detector = new Detector(enabled, FrequencyOf(call) ?? "SIX_HOURS", call.Now, call.Now, features, Tags.Read(call.Body));
        if (await call.Get(Kinds.Detector, IdOf(call), cancel) is not null)
            throw Refuse.BadRequest("The request is rejected because a detector already exists for the current account.");
        call.Put(Kinds.Detector, IdOf(call), detector);
        json.WriteString("detectorId", IdOf(call));
    }

    public static async Task Get(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var detector = await Of(call, cancel);
        Times.WriteIso(json, "createdAt", detector.CreatedAt);
        json.WriteString("findingPublishingFrequency", detector.PublishingFrequency);
        json.WriteString("serviceRole", $"arn:aws:iam::{call.Account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty");
        json.WriteString("status", Switch.Word(detector.Enabled));
        Times.WriteIso(json, "updatedAt", detector.UpdatedAt);
        DataSources.Write(json, call.Account, detector.Enabled, detector.Features);
        Tags.Write(json, detector.Tags);
        Features.Write(json, detector.Features, new("", detector.Enabled, detector.CreatedAt));
    }

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var detectors = await call.List(Kinds.Detector, cancel);
        json.WriteStartArray("detectorIds");
        foreach (var (id, _) in call.Page(json, detectors, detector => detector.Id)) json.WriteStringValue(id);
        json.WriteEndArray();
    }

    public static async Task Update(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var detector = await Of(call, cancel);
        call.Put(Kinds.Detector, IdOf(call), detector with
        {
            Enabled = call.Body.FlagOrNull("enable") ?? detector.Enabled,
            PublishingFrequency = FrequencyOf(call) ?? detector.PublishingFrequency,
            Features = Features.Change(detector.Features, call.Body, call.Now),
            UpdatedAt = call.Now,
        });
    }

    private static string? FrequencyOf(Call call) => call.Body.ChoiceOrNull("findingPublishingFrequency", Frequencies);
}
