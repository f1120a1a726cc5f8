namespace Yagura.Api.GuardDuty;

/// <summary>An account as its administrator sees it.</summary>
/// <param name="InvitedAt">Null where it was not invited, as for those of an organization.</param>
internal sealed record Member(string Email, Relationship Relationship, DateTimeOffset? InvitedAt, DateTimeOffset UpdatedAt);

/// <summary>What a member's account keeps of its administrator.</summary>
internal sealed record Administrator(string AccountId, string InvitationId, DateTimeOffset InvitedAt, Relationship Relationship);

/// <summary>What an account that was invited sees.</summary>
internal sealed record Invitation(string InvitationId, DateTimeOffset InvitedAt);

/// <summary>How administrator and member stand to each other; the names are those of the wire.</summary>
internal enum Relationship
{
    /// <summary>Added, but not invited.</summary>
    Created,
    Invited,
    /// <summary>Its findings are seen by the administrator.</summary>
    Enabled,
    /// <summary>A member whose detector the administrator switched off.</summary>
    Disabled,
    /// <summary>Disassociated by the administrator.</summary>
    Removed,
    /// <summary>Disassociated by the member, or the invitation was declined.</summary>
    Resigned,
}
