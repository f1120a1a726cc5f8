using System.Text.Json;
using Yagura.Api.Wire;
using Yagura.Engine.Findings;

namespace Yagura.Api.GuardDuty;

/// <summary>The detectors of members, as their administrator sees and sets them.</summary>
internal static class MemberDetectors
{
    public static string IdOf(Call call, string account) => FindingKey.DetectorIdOf(account, call.Region);

    public static Task<Detector?> Of(Call call, string account, CancellationToken cancel) => call.Get(Kinds.Detector, IdOf(call, account), cancel, account);

    public static void Put(Call call, string account, Detector detector) => call.Put(Kinds.Detector, IdOf(call, account), detector, account);

    public static async Task Get(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var (found, unprocessed) = await Find(call, cancel);
        json.WriteStartArray("members");
        foreach (var (account, detector) in found)
        {
            json.WriteStartObject();
            json.WriteString("accountId", account);
            DataSources.Write(json, account, detector.Enabled, detector.Features);
            Features.Write(json, detector.Features);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Members.WriteUnprocessed(json, unprocessed);
    }

    public static async Task Update(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        await Membership.RefuseMember(call, cancel);
        var (found, unprocessed) = await Find(call, cancel);
        foreach (var (account, detector) in found)
            Put(call, account, detector with { Features = Features.Change(detector.Features, call.Body, call.Now), UpdatedAt = call.Now });
        Members.WriteUnprocessed(json, unprocessed);
    }

    private static async Task<(List<(string Account, Detector Detector)> Found, List<(string, string)> Unprocessed)> Find(Call call, CancellationToken cancel)
    {
        const string NoDetector = "The request is rejected because the given account ID has no detector that the current account administers.";
        var (members, unprocessed) = await Members.Find(call, Membership.IsMember, NoDetector, cancel);
        var found = new List<(string, Detector)>();
        foreach (var (account, _) in members)
        {
            if (await Of(call, account, cancel) is { } detector) found.Add((account, detector));
            else unprocessed.Add((account, NoDetector));
        }
        return (found, unprocessed);
    }
}
