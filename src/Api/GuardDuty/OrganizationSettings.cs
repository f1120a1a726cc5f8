namespace Yagura.Api.GuardDuty;

/// <summary>The organization of an installation and who administers its detectors in one region.</summary>
/// <param name="ManagementAccount">Which named the administrator, and alone may name another.</param>
internal sealed record OrganizationAdministrator(string ManagementAccount, string AdministratorAccount);

/// <summary>What the administrator wants for the accounts of the organization in a region.</summary>
/// <param name="Members">Which accounts become members by themselves: <c>NEW</c>, <c>ALL</c> or <c>NONE</c>.</param>
internal sealed record OrganizationSettings(string Members, IReadOnlyList<AutoFeature> Features);

/// <summary>For which members a feature is switched on by itself: <c>NEW</c>, <c>ALL</c> or <c>NONE</c>.</summary>
internal sealed record AutoFeature(string Name, string AutoEnable)
{
    public IReadOnlyList<AutoFeature> Additional { get; init; } = [];
}
