using System.Text.Json.Nodes;

namespace Yagura.Aws.GuardDuty;

/// <summary>What somebody set up in a GuardDuty of one region.</summary>
/// <param name="DetectorId">Null where GuardDuty is not switched on; there is nothing else then.</param>
/// <param name="Detector">The answer of <c>GetDetector</c>.</param>
/// <param name="Problems">What could not be read, and why.</param>
public sealed record GuardDutySettings(string Region, string? DetectorId, JsonObject? Detector, IReadOnlyList<GuardDutySetting> Settings, IReadOnlyList<GuardDutyProblem> Problems);

/// <param name="Value">The answer of the operation that gets it.</param>
public sealed record GuardDutySetting(SettingKind Kind, string Id, string Name, JsonObject Value);

/// <param name="Name">Id or name; null for all of the kind.</param>
public sealed record GuardDutyProblem(SettingKind Kind, string? Name, string Reason);

/// <summary>A kind of settings below a detector, and how it is asked for.</summary>
/// <param name="Word">For people.</param>
/// <param name="Path">In the URL.</param>
/// <param name="Operation">As in the names of operations: <c>Get…</c>.</param>
/// <param name="Plural">As in <c>List…</c>.</param>
/// <param name="Ids">The list in the answer.</param>
public sealed record SettingKind(string Word, string Path, string Operation, string Plural, string Ids)
{
    public static readonly SettingKind Filter = new("filter", "filter", "Filter", "Filters", "filterNames");

    public static readonly SettingKind IpSet = new("IP set", "ipset", "IPSet", "IPSets", "ipSetIds");

    /// <summary>Filters, then lists.</summary>
    public static IReadOnlyList<SettingKind> All { get; } =
    [
        Filter, IpSet,
        new("threat intel set", "threatintelset", "ThreatIntelSet", "ThreatIntelSets", "threatIntelSetIds"),
        new("trusted entity set", "trustedentityset", "TrustedEntitySet", "TrustedEntitySets", "trustedEntitySetIds"),
        new("threat entity set", "threatentityset", "ThreatEntitySet", "ThreatEntitySets", "threatEntitySetIds"),
    ];

    /// <summary>The permissions that reading takes.</summary>
    public static IReadOnlyList<string> Permissions { get; } =
        ["guardduty:GetDetector", .. All.SelectMany(kind => (string[])[$"guardduty:Get{kind.Operation}", $"guardduty:List{kind.Plural}"])];
}
