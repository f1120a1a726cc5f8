using System.Collections.Frozen;
using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Yagura.IAMUser;

/// <summary>Somebody made the watch see or tell less: GuardDuty or a part of it was switched off, members were let go, a list was trusted, findings are hidden.</summary>
/// <remarks>
/// The same is asked of the calls that the real GuardDuty gets, as CloudTrail records them, and of those that Yagura gets itself, as its audit log does: both name
/// the operation and hold what it was asked for. Source: GuardDuty API model 2017-11-28.
/// Blind spots: whoever may change the lists' files in their bucket needs no call; of an update that does not name the action of a filter it is unknown whether it hides.
/// </remarks>
public sealed class WatchWeakened() : ApiCallRule("guardduty.amazonaws.com", Type)
{
    private static readonly FrozenDictionary<string, Func<JsonElement, Weakening?>> Judges = new Dictionary<string, Func<JsonElement, Weakening?>>(StringComparer.Ordinal)
    {
        ["DeleteDetector"] = _ => new(Severity.High, "the detector was deleted, and nothing is watched any more"),
        ["UpdateDetector"] = Detector,

        ["DisassociateMembers"] = Members("were let go"),
        ["DeleteMembers"] = Members("were removed"),
        ["StopMonitoringMembers"] = Members("are not watched any more"),
        ["DisassociateFromAdministratorAccount"] = Left,
        ["DisassociateFromMasterAccount"] = Left,
        ["DisableOrganizationAdminAccount"] = _ => new(Severity.High, "the account that watches the organization may not watch it any more"),
        ["UpdateMemberDetectors"] = request => Off(request, "of members "),
        ["UpdateOrganizationConfiguration"] = request => request.Flag("autoEnable") == false || request.Text("autoEnableOrganizationMembers") == "NONE"
            ? new(Severity.Medium, "accounts that join the organization are not watched by themselves any more") : null,

        ["CreateIPSet"] = Trusted("addresses"),
        ["UpdateIPSet"] = TrustChanged("addresses"),
        ["CreateTrustedEntitySet"] = Trusted("addresses and domains"),
        ["UpdateTrustedEntitySet"] = TrustChanged("addresses and domains"),
        ["DeleteThreatIntelSet"] = Distrust,
        ["DeleteThreatEntitySet"] = Distrust,
        ["UpdateThreatIntelSet"] = request => request.Flag("activate") == false ? Distrust(request) : null,
        ["UpdateThreatEntitySet"] = request => request.Flag("activate") == false ? Distrust(request) : null,

        ["DeletePublishingDestination"] = _ => new(Severity.Medium, "findings are not exported any more"),
        ["UpdatePublishingDestination"] = _ => new(Severity.Low, "findings are exported to another place, or with another key"),

        ["CreateFilter"] = request => request.Text("action") == "ARCHIVE" ? Hides(request, "was made") : null,
        // Without an action it keeps the one it has, which may be to hide.
        ["UpdateFilter"] = request => request.Text("action") is var action && (action == "ARCHIVE" || (action is null && request.Child("findingCriteria").ValueKind == JsonValueKind.Object))
            ? Hides(request, "was changed") : null,
        ["AddSuppression"] = request => request.Text("mode") != "shadow" ? Hides(request, "was made") : null,
        ["ActivateSuppression"] = request => Hides(request, "was activated"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static TypeBinding Type { get; } = new("Yagura:IAMUser/WatchWeakened");

    public override IReadOnlyList<string> EventNames { get; } = [.. Judges.Keys.Where(name => !name.EndsWith("Suppression", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>What a successful call of GuardDuty's API, or of Yagura's own, took from the watch.</summary>
    /// <param name="operation">Such as <c>CreateFilter</c>.</param>
    /// <param name="request">What it was asked for.</param>
    /// <returns>Null for calls that took nothing.</returns>
    public static Weakening? Judge(string operation, JsonElement request) => Judges.TryGetValue(operation, out var judge) ? judge(request) : null;

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge) =>
        Judge(Utf8.Text(call.Name), request) is { } weakening ? ApiCallFacts.AboutCaller(call, Type.Type, weakening.Severity, knowledge, "in GuardDuty " + weakening.Why) : null;

    private static Weakening? Detector(JsonElement request) =>
        request.Flag("enable") == false ? new(Severity.High, "the detector was switched off, and nothing is watched any more") : Off(request, "");

    private static Weakening? Off(JsonElement request, string whose)
    {
        var off = request.Child("features").Items().Where(feature => feature.Text("status") == "DISABLED").Select(feature => feature.Text("name") ?? "a feature")
            .Concat(SourcesOff(request.Child("dataSources"))).Distinct(StringComparer.Ordinal).ToList();
        return off.Count == 0 ? null : new(Severity.Medium, $"the watch over sources {whose}was switched off: {string.Join(", ", off)}");
    }

    // {"s3Logs":{"enable":false},"kubernetes":{"auditLogs":{"enable":false}}}
    private static IEnumerable<string> SourcesOff(JsonElement sources) =>
        from source in sources.Members()
        from name in source.Value.Flag("enable") == false ? [source.Name] : source.Value.Members().Where(part => part.Value.Flag("enable") == false).Select(part => $"{source.Name}.{part.Name}")
        select name;

    private static Func<JsonElement, Weakening?> Members(string what) => request =>
        new(Severity.High, request.Child("accountIds").Items().Select(account => account.Text()).OfType<string>().ToList() is { Count: > 0 } accounts
            ? $"{(accounts.Count == 1 ? $"member {accounts[0]}" : $"{accounts.Count} members")} {(accounts.Count == 1 ? what.Replace("were", "was", StringComparison.Ordinal).Replace("are", "is", StringComparison.Ordinal) : what)}"
            : $"members {what}");

    private static Weakening Left(JsonElement request) => new(Severity.High, "the account left the administrator that watches it");

    private static Func<JsonElement, Weakening?> Trusted(string what) => request =>
        request.Flag("activate") == false ? null : new(Severity.Medium, $"{what} of the new list {NameOf(request)} are trusted: nothing is found about them any more");

    private static Func<JsonElement, Weakening?> TrustChanged(string what) => request =>
        request.Flag("activate") == true || (request.Flag("activate") is null && request.Text("location") is not null) ? new(Severity.Medium, $"other {what} are trusted: nothing is found about them any more") : null;

    private static Weakening Distrust(JsonElement request) => new(Severity.Low, "a threat list is not used any more");

    private static Weakening Hides(JsonElement request, string what) => new(Severity.Low, $"the filter {NameOf(request)} {what}, which hides findings");

    private static string NameOf(JsonElement request) => request.Text("name") ?? request.Text("filterName") ?? "(unknown)";
}

/// <summary>What was taken from the watch.</summary>
/// <param name="Why">One line for people, to stand behind who did it.</param>
public sealed record Weakening(Severity Severity, string Why);
