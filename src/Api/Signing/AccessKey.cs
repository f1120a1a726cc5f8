namespace Yagura.Api.Signing;

/// <summary>A key that signs requests. The account is the one it speaks for; the name tells people and the audit log whose it is.</summary>
/// <param name="Id"><c>AKIA</c> and 16 capital letters or digits, as in AWS.</param>
/// <param name="SealedSecret">The secret as <see cref="SecretBox"/> keeps it.</param>
/// <param name="ExpiresAt">Null for never.</param>
public sealed record AccessKey(string Id, string Account, string Name, Role Role, string SealedSecret, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>How AWS would name the holder, for messages and the audit log.</summary>
    public string Arn => $"arn:aws:iam::{Account}:user/{Name}";
}

/// <summary>A key that was just made: the only time that its secret is shown.</summary>
public sealed record NewAccessKey(AccessKey Key, string Secret);
