namespace Yagura.Detectors.Policy.S3;

/// <summary>A bucket was opened to everyone who has any AWS account.</summary>
public static class BucketPublicAccessGranted
{
    public static TypeBinding Type { get; } = new("Policy:S3/BucketPublicAccessGranted");
}
