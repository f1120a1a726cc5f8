using Yagura.Core.Findings;

namespace Yagura.Detectors.Families;

/// <summary>What somebody may do with a bucket.</summary>
[Flags]
public enum BucketAccess
{
    None = 0,
    Read = 1,
    Write = 2,
}

/// <summary>Everyone that a grant reaches; a wider audience holds the narrower ones.</summary>
public enum Audience
{
    /// <summary>A fixed set: named principals, accounts, organisations, networks.</summary>
    Fixed,
    /// <summary>Everyone with an account, at AWS or at a public identity provider.</summary>
    Authenticated,
    /// <summary>Everyone.</summary>
    Anyone,
}

/// <summary>What an ACL or a policy lets people do who belong to no fixed set.</summary>
public readonly record struct PublicReach(BucketAccess Anyone, BucketAccess Authenticated)
{
    public static PublicReach Of(Audience audience, BucketAccess access) => audience switch
    {
        Audience.Anyone => new(access, access),
        Audience.Authenticated => new(BucketAccess.None, access),
        _ => default,
    };

    public PublicReach With(PublicReach other) => new(Anyone | other.Anyone, Authenticated | other.Authenticated);

    /// <summary>The widest audience that gets anything.</summary>
    public Audience Audience => Anyone != BucketAccess.None ? Audience.Anyone : Authenticated != BucketAccess.None ? Audience.Authenticated : Audience.Fixed;

    public PublicGrants Grants => new((Authenticated & BucketAccess.Read) != BucketAccess.None, (Authenticated & BucketAccess.Write) != BucketAccess.None);
}
