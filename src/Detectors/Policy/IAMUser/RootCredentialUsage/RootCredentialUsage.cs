namespace Yagura.Detectors.Policy.IAMUser;

/// <summary>The root user's own credentials, password or access key, were used.</summary>
public static class RootCredentialUsage
{
    public static TypeBinding Type { get; } = new("Policy:IAMUser/RootCredentialUsage");
}
