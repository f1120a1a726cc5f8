namespace Yagura.Aws.Connections;

/// <summary>With whose rights, and in which region, AWS is asked.</summary>
/// <param name="RoleArn">A role to assume, as a rule in another account; null for the process's own credentials, from the standard AWS chain.</param>
/// <param name="ExternalId">What the role's trust policy asks for; null where it asks for none.</param>
/// <param name="Region">Such as <c>eu-west-1</c>; null for the one of the environment or profile.</param>
public sealed record AwsAccess(string? RoleArn = null, string? ExternalId = null, string? Region = null)
{
    public static readonly AwsAccess Own = new();
}
