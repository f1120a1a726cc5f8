using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>Publishing destinations of a detector.</summary>
internal static class Destinations
{
    public static async Task Create(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        call.Body.Choice("destinationType", ["S3"]);
        if ((await call.List(Kinds.Destination, cancel)).Count > 0) throw Refuse.BadRequest("The request is rejected because a destination of the type S3 already exists.");
        var destination = Read(call.Body.Object("destinationProperties"), new("", null, DestinationStatus.PendingVerification, null, Tags.Read(call.Body)));
        if (destination.Arn.Length == 0) throw Refuse.Missing("destinationProperties.destinationArn");
        var id = Call.NewId();
        Put(call, id, destination);
        json.WriteString("destinationId", id);
    }

    public static async Task Describe(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var destination = await Of(call, cancel);
        WriteSummary(json, call.Path("DestinationId"), destination);
        json.WriteNumber("publishingFailureStartTimestamp", destination.FailingSince?.ToUnixTimeMilliseconds() ?? 0);
        json.WriteStartObject("destinationProperties");
        json.WriteString("destinationArn", destination.Arn);
        if (destination.KmsKeyArn is not null) json.WriteString("kmsKeyArn", destination.KmsKeyArn);
        json.WriteEndObject();
        Tags.Write(json, destination.Tags);
    }

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        call.WritePage(json, "destinations", await call.List(Kinds.Destination, cancel), destination => destination.Id, (json, destination) =>
        {
            json.WriteStartObject();
            WriteSummary(json, destination.Id, destination.Value);
            json.WriteEndObject();
        });
    }

    public static async Task Update(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var destination = await Of(call, cancel);
        if (call.Body.ObjectOrNull("destinationProperties") is { } properties)
            Put(call, call.Path("DestinationId"), Read(properties, destination) with { Status = DestinationStatus.PendingVerification, FailingSince = null });
    }

    public static async Task Delete(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Of(call, cancel);
        call.Delete(Kinds.Destination, call.Path("DestinationId"));
    }

    private static async Task<Destination> Of(Call call, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        return await call.Get(Kinds.Destination, call.Path("DestinationId"), cancel)
            ?? throw Refuse.BadRequest("The request is rejected because the one or more input parameters have invalid values.");
    }

    private static void Put(Call call, string id, Destination destination)
    {
        call.Put(Kinds.Destination, id, destination);
        call.AfterCommit(call.Backend.DestinationsChanged);
    }

    private static Destination Read(Fields properties, Destination known)
    {
        var (arn, key) = (properties.TextOrNull("destinationArn", 0, 1200), properties.TextOrNull("kmsKeyArn", 0, 2048));
        if (arn is not null && !IsArn(arn, "s3")) throw properties.Invalid("destinationArn", "the ARN of a bucket is expected, with a prefix or without");
        if (key is { Length: > 0 } && !IsArn(key, "kms")) throw properties.Invalid("kmsKeyArn", "the ARN of a key is expected");
        return known with { Arn = arn ?? known.Arn, KmsKeyArn = key is { Length: > 0 } ? key : known.KmsKeyArn };
    }

    private static bool IsArn(string text, string service) =>
        text.Split(':', 6) is ["arn", ['a', 'w', 's', ..], var named, _, _, { Length: > 0 }] && named == service;

    private static void WriteSummary(Utf8JsonWriter json, string id, Destination destination)
    {
        json.WriteString("destinationId", id);
        json.WriteString("destinationType", "S3");
        json.WriteString("status", destination.Status switch
        {
            DestinationStatus.PendingVerification => "PENDING_VERIFICATION",
            DestinationStatus.Publishing => "PUBLISHING",
            DestinationStatus.UnableToPublish => "UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY",
            DestinationStatus.Stopped => "STOPPED",
        });
    }
}
