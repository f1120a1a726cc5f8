namespace Yagura.Detectors.Policy.IAMUser;

/// <summary>A member account's root was used in a short session that the management account or a delegated administrator opened.</summary>
public static class ShortTermRootCredentialUsage
{
    public static TypeBinding Type { get; } = new("Policy:IAMUser/ShortTermRootCredentialUsage");
}
