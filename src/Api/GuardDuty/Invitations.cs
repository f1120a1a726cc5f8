using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>Invitations and the administrator, as the invited account sees them. Old clients call the administrator master.</summary>
internal static class Invitations
{
    public static Task AcceptAdministrator(Call call, Utf8JsonWriter json, CancellationToken cancel) => Accept(call, "administratorId", cancel);

    public static Task AcceptMaster(Call call, Utf8JsonWriter json, CancellationToken cancel) => Accept(call, "masterId", cancel);

    public static Task GetAdministrator(Call call, Utf8JsonWriter json, CancellationToken cancel) => Get(call, json, "administrator", cancel);

    public static Task GetMaster(Call call, Utf8JsonWriter json, CancellationToken cancel) => Get(call, json, "master", cancel);

    public static async Task Disassociate(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        if (await call.Get(Kinds.Administrator, Membership.Link, cancel) is not { } administrator)
            throw Refuse.BadRequest("The request is rejected because the current account has no administrator account.");
        call.Delete(Kinds.Administrator, Membership.Link);
        await Resign(call, administrator.AccountId, cancel);
    }

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel) =>
        call.WritePage(json, "invitations", await call.List(Kinds.Invitation, cancel), invitation => invitation.Id, (json, invitation) =>
        {
            json.WriteStartObject();
            Write(json, new(invitation.Id, invitation.Value.InvitationId, invitation.Value.InvitedAt, Relationship.Invited));
            json.WriteEndObject();
        });

    public static async Task Count(Call call, Utf8JsonWriter json, CancellationToken cancel) =>
        json.WriteNumber("invitationsCount", (await call.List(Kinds.Invitation, cancel)).Count);

    public static Task Decline(Call call, Utf8JsonWriter json, CancellationToken cancel) => Remove(call, json, cancel);

    public static Task Delete(Call call, Utf8JsonWriter json, CancellationToken cancel) => Remove(call, json, cancel);

    private static async Task Accept(Call call, string name, CancellationToken cancel)
    {
        var detector = await Detectors.Of(call, cancel);
        var (administrator, id) = (call.Body.Account(name), call.Body.Text("invitationId"));
        if (await call.Get(Kinds.Administrator, Membership.Link, cancel) is not null)
            throw Refuse.BadRequest("The request is rejected because the current account has an administrator account already.");
        if (await call.Get(Kinds.Invitation, administrator, cancel) is not { } invitation || invitation.InvitationId != id
            || await call.Get(Kinds.Member, call.Account, cancel, administrator) is not { } member)
            throw call.Body.Invalid("invitationId", "there is no such invitation");
        call.Delete(Kinds.Invitation, administrator);
        call.Put(Kinds.Administrator, Membership.Link, new Administrator(administrator, id, invitation.InvitedAt, Relationship.Enabled));
        call.Put(Kinds.Member, call.Account, member with { Relationship = detector.Enabled ? Relationship.Enabled : Relationship.Disabled, UpdatedAt = call.Now }, administrator);
    }

    private static async Task Get(Call call, Utf8JsonWriter json, string name, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        // The real service answers an account without an administrator with nothing, though its model asks for the object.
        json.WriteStartObject(name);
        if (await call.Get(Kinds.Administrator, Membership.Link, cancel) is { } administrator) Write(json, administrator);
        json.WriteEndObject();
    }

    private static async Task Remove(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        var unprocessed = new List<(string, string)>();
        foreach (var account in call.Body.Accounts())
        {
            if (await call.Get(Kinds.Invitation, account, cancel) is null)
            {
                unprocessed.Add((account, "The request is rejected because the given account ID did not invite the current account."));
                continue;
            }
            call.Delete(Kinds.Invitation, account);
            await Resign(call, account, cancel);
        }
        Members.WriteUnprocessed(json, unprocessed);
    }

    private static async Task Resign(Call call, string administrator, CancellationToken cancel)
    {
        if (await call.Get(Kinds.Member, call.Account, cancel, administrator) is { } member)
            call.Put(Kinds.Member, call.Account, member with { Relationship = Relationship.Resigned, UpdatedAt = call.Now }, administrator);
    }

    private static void Write(Utf8JsonWriter json, Administrator administrator)
    {
        json.WriteString("accountId", administrator.AccountId);
        json.WriteString("invitationId", administrator.InvitationId);
        json.WriteString("relationshipStatus", administrator.Relationship.ToString());
        Times.WriteIso(json, "invitedAt", administrator.InvitedAt);
    }
}
