using System.Text.Json.Serialization;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>The kinds of documents that GuardDuty's state is kept in, each under account, region and an id.</summary>
internal static class Kinds
{
    /// <summary>Id: the detector's.</summary>
    public static readonly DocumentKind<Detector> Detector = new("detector", GuardDutyJson.Default.Detector);

    /// <summary>Id: the filter's name.</summary>
    public static readonly DocumentKind<Filter> Filter = new("filter", GuardDutyJson.Default.Filter);

    public static readonly DocumentKind<ListSet> IpSet = new("ip-set", GuardDutyJson.Default.ListSet);
    public static readonly DocumentKind<ListSet> ThreatIntelSet = new("threat-intel-set", GuardDutyJson.Default.ListSet);
    public static readonly DocumentKind<ListSet> TrustedEntitySet = new("trusted-entity-set", GuardDutyJson.Default.ListSet);
    public static readonly DocumentKind<ListSet> ThreatEntitySet = new("threat-entity-set", GuardDutyJson.Default.ListSet);
    public static readonly DocumentKind<Destination> Destination = new("publishing-destination", GuardDutyJson.Default.Destination);

    /// <summary>Under the administrator's account. Id: the member's account.</summary>
    public static readonly DocumentKind<Member> Member = new("member", GuardDutyJson.Default.Member);

    /// <summary>Under the invited account. Id: the account that invites.</summary>
    public static readonly DocumentKind<Invitation> Invitation = new("invitation", GuardDutyJson.Default.Invitation);

    /// <summary>Under the member's account, one. Id: <see cref="Membership.Link"/>.</summary>
    public static readonly DocumentKind<Administrator> Administrator = new("administrator", GuardDutyJson.Default.Administrator);

    /// <summary>Under no account, one a region.</summary>
    public static readonly DocumentKind<OrganizationAdministrator> Organization = new("organization", GuardDutyJson.Default.OrganizationAdministrator);

    public static readonly DocumentKind<OrganizationSettings> OrganizationSettings = new("organization-settings", GuardDutyJson.Default.OrganizationSettings);
    public static readonly DocumentKind<MalwarePlan> MalwarePlan = new("malware-plan", GuardDutyJson.Default.MalwarePlan);
    public static readonly DocumentKind<MalwareScan> MalwareScan = new("malware-scan", GuardDutyJson.Default.MalwareScan);
    public static readonly DocumentKind<MalwareScanSettings> MalwareScanSettings = new("malware-scan-settings", GuardDutyJson.Default.MalwareScanSettings);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Detector))]
[JsonSerializable(typeof(Filter))]
[JsonSerializable(typeof(ListSet))]
[JsonSerializable(typeof(Destination))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(Administrator))]
[JsonSerializable(typeof(OrganizationAdministrator))]
[JsonSerializable(typeof(OrganizationSettings))]
[JsonSerializable(typeof(MalwarePlan))]
[JsonSerializable(typeof(MalwareScan))]
[JsonSerializable(typeof(MalwareScanSettings))]
internal sealed partial class GuardDutyJson : JsonSerializerContext;
