using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

/// <summary>Member accounts, as their administrator works with them.</summary>
internal static class Members
{
    /// <summary>By invitation. Source: user guide, "Quotas for GuardDuty".</summary>
    public const int Most = 5000;

    private const string NotAMember = "The request is rejected because the given account ID is not an associated member of account the current account.";

    public static async Task Create(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        await Membership.RefuseMember(call, cancel);
        var members = (await call.List(Kinds.Member, cancel)).ToDictionary(member => member.Id, member => member.Value, StringComparer.Ordinal);
        var organization = await Organization.IsAdministrator(call, cancel);
        var unprocessed = new List<(string, string)>();
        foreach (var details in call.Body.Objects("accountDetails", 1))
        {
            var (account, email) = (details.Account("accountId"), details.Text("email", 1, 64));
            if (account == call.Account) unprocessed.Add((account, "The request is rejected because the current account cannot be its own member."));
            else if (members.TryGetValue(account, out var known) && Membership.IsAssociated(known))
                unprocessed.Add((account, "The request is rejected because the given account ID is already a member of the current account."));
            else if (members.Count >= Most) unprocessed.Add((account, $"The request is rejected because the current account has {Most} members already."));
            else
            {
                members[account] = new(email, Relationship.Created, null, call.Now);
                if (organization) await Organization.Join(call, account, members[account], cancel);
                else call.Put(Kinds.Member, account, members[account]);
            }
        }
        WriteUnprocessed(json, unprocessed);
    }

    public static async Task Get(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var (found, unprocessed) = await Find(call, _ => true, NotAMember, cancel);
        json.WriteStartArray("members");
        foreach (var (account, member) in found) Write(json, call, account, member);
        json.WriteEndArray();
        WriteUnprocessed(json, unprocessed);
    }

    public static async Task List(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        var onlyAssociated = !"false".Equals(call.Query("onlyAssociated"), StringComparison.OrdinalIgnoreCase);
        var members = (await call.List(Kinds.Member, cancel)).Where(member => !onlyAssociated || Membership.IsAssociated(member.Value));
        call.WritePage(json, "members", members, member => member.Id, (json, member) => Write(json, call, member.Id, member.Value));
    }

    public static async Task Invite(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        call.Body.FlagOrNull("disableEmailNotification");
        call.Body.TextOrNull("message", 0, 1024);
        await Change(call, json, member => !Membership.IsAssociated(member),
            "The request is rejected because the current account has already invited or is already the GuardDuty master of the given member account ID.",
            (account, member) =>
            {
                call.Put(Kinds.Invitation, call.Account, new Invitation(Call.NewId(), call.Now), account);
                return member with { Relationship = Relationship.Invited, InvitedAt = call.Now };
            }, cancel);
    }

    public static async Task Disassociate(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        await Change(call, json, Membership.IsAssociated, NotAMember, (account, member) =>
        {
            call.Delete(Kinds.Invitation, call.Account, account);
            if (Membership.IsMember(member)) call.Delete(Kinds.Administrator, Membership.Link, account);
            return member with { Relationship = Relationship.Removed };
        }, cancel);
    }

    public static async Task Delete(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        const string StillAssociated = "The request is rejected because the given account ID is still associated with the current account: disassociate it first.";
        var (found, unprocessed) = await Find(call, member => !Membership.IsMember(member), StillAssociated, cancel);
        foreach (var (account, _) in found)
        {
            call.Delete(Kinds.Member, account);
            call.Delete(Kinds.Invitation, call.Account, account);
        }
        WriteUnprocessed(json, unprocessed);
    }

    public static Task Start(Call call, Utf8JsonWriter json, CancellationToken cancel) => Monitor(call, json, Relationship.Enabled, cancel);

    public static Task Stop(Call call, Utf8JsonWriter json, CancellationToken cancel) => Monitor(call, json, Relationship.Disabled, cancel);

    private static async Task Monitor(Call call, Utf8JsonWriter json, Relationship relationship, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
        await Change(call, json, Membership.IsMember, NotAMember, (_, member) => member with { Relationship = relationship }, cancel);
        foreach (var account in call.Changes.Where(change => change.Key.Kind == Kinds.Member.Name).Select(change => change.Key.Id).ToList())
        {
            if (await MemberDetectors.Of(call, account, cancel) is { } detector)
                MemberDetectors.Put(call, account, detector with { Enabled = relationship == Relationship.Enabled, UpdatedAt = call.Now });
        }
    }

    /// <summary>Changes the members that a call names and that are fit, and says of the others why they are not.</summary>
    private static async Task Change(
        Call call, Utf8JsonWriter json, Func<Member, bool> isFit, string otherwise, Func<string, Member, Member> change, CancellationToken cancel)
    {
        await Membership.RefuseMember(call, cancel);
        var (found, unprocessed) = await Find(call, isFit, otherwise, cancel);
        foreach (var (account, member) in found) call.Put(Kinds.Member, account, change(account, member) with { UpdatedAt = call.Now });
        WriteUnprocessed(json, unprocessed);
    }

    /// <summary>The members that a call names in <c>accountIds</c>.</summary>
    public static async Task<(List<(string Account, Member Member)> Found, List<(string, string)> Unprocessed)> Find(
        Call call, Func<Member, bool> isFit, string otherwise, CancellationToken cancel)
    {
        var (found, unprocessed) = (new List<(string, Member)>(), new List<(string, string)>());
        foreach (var account in call.Body.Accounts())
        {
            var member = await call.Get(Kinds.Member, account, cancel);
            if (member is null) unprocessed.Add((account, NotAMember));
            else if (isFit(member)) found.Add((account, member));
            else unprocessed.Add((account, otherwise));
        }
        return (found, unprocessed);
    }

    public static void WriteUnprocessed(Utf8JsonWriter json, IEnumerable<(string Account, string Result)> unprocessed)
    {
        json.WriteStartArray("unprocessedAccounts");
        foreach (var (account, result) in unprocessed)
        {
            json.WriteStartObject();
            json.WriteString("accountId", account);
            json.WriteString("result", result);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Call call, string account, Member member)
    {
        json.WriteStartObject();
        json.WriteString("accountId", account);
        if (Membership.IsMember(member)) json.WriteString("detectorId", MemberDetectors.IdOf(call, account));
        json.WriteString("masterId", call.Account);
        json.WriteString("administratorId", call.Account);
        json.WriteString("email", member.Email);
        json.WriteString("relationshipStatus", member.Relationship.ToString());
        if (member.InvitedAt is { } invited) Times.WriteIso(json, "invitedAt", invited);
        Times.WriteIso(json, "updatedAt", member.UpdatedAt);
        json.WriteEndObject();
    }
}
