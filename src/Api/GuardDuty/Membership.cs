using Yagura.Api.Wire;
using Yagura.Core.Ports;

namespace Yagura.Api.GuardDuty;

/// <summary>Who may see and do what because of whom.</summary>
internal static class Membership
{
    /// <summary>The id under which a member keeps its one administrator.</summary>
    public const string Link = "administrator";

    public static bool IsAssociated(Member member) => member.Relationship is Relationship.Invited or Relationship.Enabled or Relationship.Disabled;

    public static bool IsMember(Member member) => member.Relationship is Relationship.Enabled or Relationship.Disabled;

    /// <summary>The accounts whose findings the caller sees: its own and those of its members.</summary>
    public static Task<IReadOnlyList<string>> AccountsOf(Call call, CancellationToken cancel) => AccountsOf(call.Backend.Documents, call.Account, call.Region, cancel);

    /// <summary>An account and its members in a region.</summary>
    public static async Task<IReadOnlyList<string>> AccountsOf(IDocumentStore documents, string account, string region, CancellationToken cancel) =>
        [account, .. (await documents.List(new(Kinds.Member.Name, account, region), cancel)).Where(member => IsMember(Kinds.Member.Read(member))).Select(member => member.Key.Id)];

    /// <exception cref="AwsException">The caller has an administrator, who alone may do this.</exception>
    public static async Task RefuseMember(Call call, CancellationToken cancel)
    {
        if (await call.Get(Kinds.Administrator, Link, cancel) is not null)
            throw Refuse.BadRequest("The request is rejected because the current account is a member account, whose administrator alone may do this.");
    }
}
