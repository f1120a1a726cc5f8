namespace Yagura.Detectors.Policy.S3;

/// <summary>A bucket was opened to anyone, with or without an AWS account.</summary>
public static class BucketAnonymousAccessGranted
{
    public static TypeBinding Type { get; } = new("Policy:S3/BucketAnonymousAccessGranted");
}
