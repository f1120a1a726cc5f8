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

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel) =>
        call.WritePage(json, "detectorIds", await call.List(Kinds.Detector, cancel), detector => detector.Id, (json, detector) => json.WriteStringValue(detector.Id));

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

    /// <summary>Switches GuardDuty off and forgets its settings; the findings stay where they are, and come back with the detector.</summary>
    public static async Task Delete(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Of(call, cancel);
        if ((await call.List(Kinds.Member, cancel)).Any(member => Membership.IsAssociated(member.Value)))
            throw Refuse.BadRequest("The request is rejected because the current account cannot delete detector while it has invited or associated members.");
        if (await call.Get(Kinds.Administrator, Membership.Link, cancel) is not null)
            throw Refuse.BadRequest("The request is rejected because the current account cannot delete its detector while it is a member of an administrator account.");
        call.Delete(Kinds.Detector, IdOf(call));
        foreach (var (id, _) in await call.List(Kinds.Filter, cancel)) call.Delete(Kinds.Filter, id);
        foreach (var (id, _) in await call.List(Kinds.Destination, cancel)) call.Delete(Kinds.Destination, id);
        foreach (var (id, _) in await call.List(Kinds.Member, cancel)) call.Delete(Kinds.Member, id);
        await ListSets.DeleteAll(call, cancel);
    }

    public static readonly TimeSpan DefaultPeriod = TimeSpan.FromHours(6);

    /// <summary>How often later occurrences are published.</summary>
    public static TimeSpan PeriodOf(Detector detector) => detector.PublishingFrequency switch
    {
        "FIFTEEN_MINUTES" => TimeSpan.FromMinutes(15),
        "ONE_HOUR" => TimeSpan.FromHours(1),
        _ => DefaultPeriod,
    };

    private static string? FrequencyOf(Call call) => call.Body.ChoiceOrNull("findingPublishingFrequency", Frequencies);
}
