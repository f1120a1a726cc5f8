using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>The delegated administrator of an organization and what it wants for the organization's accounts. An installation knows one organization.</summary>
internal static class Organization
{
    private const string OrganizationWide = "", TheOne = "organization";

    private static readonly OrganizationSettings Defaults = new(AutoFeatures.None, AutoFeatures.Defaults);

    /// <summary>True where the caller administers the organization.</summary>
    public static async Task<bool> IsAdministrator(Call call, CancellationToken cancel) =>
        await Of(call, cancel) is { } organization && organization.AdministratorAccount == call.Account;

    /// <summary>Makes an account of the organization a member at once, with a detector as the settings want it.</summary>
    public static async Task Join(Call call, string account, Member member, CancellationToken cancel)
    {
        var settings = await SettingsOf(call, cancel);
        var known = await MemberDetectors.Of(call, account, cancel);
        var detector = known ?? new(true, "SIX_HOURS", call.Now, call.Now,
            [.. Features.Defaults(call.Now).Select(feature => feature with { Enabled = false })], new Dictionary<string, string>(StringComparer.Ordinal));
        MemberDetectors.Put(call, account, detector with { Features = AutoFeatures.Apply(settings.Features, detector.Features, isNew: true, call.Now), UpdatedAt = call.Now });
        call.Put(Kinds.Administrator, Membership.Link, new Administrator(call.Account, Call.NewId(), call.Now, Relationship.Enabled), account);
        call.Put(Kinds.Member, account, member with { Relationship = Relationship.Enabled, InvitedAt = call.Now });
    }

    public static async Task EnableAdministrator(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var account = call.Body.Account("adminAccountId");
        if (await Of(call, cancel) is { } organization)
        {
            RefuseOthers(call, organization);
            if (organization.AdministratorAccount == account) return;
            throw Refuse.BadRequest("The request is rejected because an account is already enabled as GuardDuty delegated administrator for the organization.");
        }
        call.Put(Kinds.Organization, TheOne, new OrganizationAdministrator(call.Account, account), OrganizationWide);
        if (await MemberDetectors.Of(call, account, cancel) is null)
            MemberDetectors.Put(call, account, new(true, "SIX_HOURS", call.Now, call.Now, Features.Defaults(call.Now), new Dictionary<string, string>(StringComparer.Ordinal)));
    }

    public static async Task DisableAdministrator(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var account = call.Body.Account("adminAccountId");
        if (await Of(call, cancel) is not { } organization || organization.AdministratorAccount != account)
            throw Refuse.BadRequest("The request is rejected because the given account is not enabled as GuardDuty delegated administrator.");
        RefuseOthers(call, organization);
        call.Delete(Kinds.Organization, TheOne, OrganizationWide);
        foreach (var (id, member) in await call.List(Kinds.Member, cancel, account))
        {
            if (!Membership.IsAssociated(member)) continue;
            call.Put(Kinds.Member, id, member with { Relationship = Relationship.Removed, UpdatedAt = call.Now }, account);
            call.Delete(Kinds.Administrator, Membership.Link, id);
        }
    }

    public static async Task ListAdministrators(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        OrganizationAdministrator[] all = await Of(call, cancel) is { } organization ? [organization] : [];
        call.WritePage(json, "adminAccounts", all, one => one.AdministratorAccount, (json, one) =>
        {
            json.WriteStartObject();
            json.WriteString("adminAccountId", one.AdministratorAccount);
            json.WriteString("adminStatus", "ENABLED");
            json.WriteEndObject();
        });
    }

    public static async Task Describe(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Administered(call, cancel);
        var settings = await SettingsOf(call, cancel);
        json.WriteBoolean("autoEnable", settings.Members != AutoFeatures.None);
        json.WriteString("autoEnableOrganizationMembers", settings.Members);
        json.WriteBoolean("memberAccountLimitReached", (await call.List(Kinds.Member, cancel)).Count >= Members.Most);
        AutoFeatures.WriteDataSources(json, settings.Features);
        AutoFeatures.Write(json, settings.Features);
    }

    public static async Task Update(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Administered(call, cancel);
        var settings = await SettingsOf(call, cancel);
        var wanted = call.Body.ChoiceOrNull("autoEnableOrganizationMembers", AutoFeatures.Words)
            ?? (call.Body.FlagOrNull("autoEnable") is { } flag ? flag ? AutoFeatures.New : AutoFeatures.None : settings.Members);
        settings = new(wanted, AutoFeatures.Change(settings.Features, call.Body));
        call.Put(Kinds.OrganizationSettings, TheOne, settings);
        foreach (var (account, member) in await call.List(Kinds.Member, cancel))
        {
            if (!Membership.IsMember(member) || await MemberDetectors.Of(call, account, cancel) is not { } detector) continue;
            MemberDetectors.Put(call, account, detector with { Features = AutoFeatures.Apply(settings.Features, detector.Features, isNew: false, call.Now), UpdatedAt = call.Now });
        }
    }

    public static async Task Statistics(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        if (!await IsAdministrator(call, cancel)) throw NotAdministrator();
        var members = (await call.List(Kinds.Member, cancel)).Where(member => Membership.IsMember(member.Value)).ToList();
        var detectors = new List<Detector>();
        foreach (var account in members.Select(member => member.Id).Append(call.Account))
        {
            if (await MemberDetectors.Of(call, account, cancel) is { Enabled: true } detector) detectors.Add(detector);
        }
        json.WriteStartObject("organizationDetails");
        Times.WriteEpoch(json, "updatedAt", call.Now);
        json.WriteStartObject("organizationStatistics");
        json.WriteNumber("totalAccountsCount", members.Count + 1);
        json.WriteNumber("memberAccountsCount", members.Count);
        json.WriteNumber("activeAccountsCount", members.Count + 1);
        json.WriteNumber("enabledAccountsCount", detectors.Count);
        json.WriteStartArray("countByFeature");
        foreach (var feature in Features.Names)
        {
            json.WriteStartObject();
            json.WriteString("name", feature);
            json.WriteNumber("enabledAccountsCount", detectors.Count(detector => Features.IsOn(detector.Features, feature)));
            json.WriteStartArray("additionalConfiguration");
            foreach (var part in Features.AdditionalOf(feature))
            {
                json.WriteStartObject();
                json.WriteString("name", part);
                json.WriteNumber("enabledAccountsCount", detectors.Count(detector => Features.IsOn(detector.Features.First(one => one.Name == feature).Additional, part)));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static Task<OrganizationAdministrator?> Of(Call call, CancellationToken cancel) => call.Get(Kinds.Organization, TheOne, cancel, OrganizationWide);

    private static async Task<OrganizationSettings> SettingsOf(Call call, CancellationToken cancel) => await call.Get(Kinds.OrganizationSettings, TheOne, cancel) ?? Defaults;

    private static async Task Administered(Call call, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        if (!await IsAdministrator(call, cancel)) throw NotAdministrator();
    }

    private static AwsException NotAdministrator() =>
        Refuse.BadRequest("The request is rejected because the current account is not the GuardDuty delegated administrator of an organization.");

    private static void RefuseOthers(Call call, OrganizationAdministrator organization)
    {
        if (organization.ManagementAccount != call.Account)
            throw Refuse.BadRequest("The request is rejected because the current account is not the management account of the organization.");
    }
}
