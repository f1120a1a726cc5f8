using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Policy.S3;

/// <summary>At least one setting of S3 Block Public Access was switched off for a bucket.</summary>
public sealed class BucketBlockPublicAccessDisabled() : ApiCallRule("s3.amazonaws.com", new TypeBinding("Policy:S3/BucketBlockPublicAccessDisabled"))
{
    public override IReadOnlyList<string> EventNames { get; } = ["PutBucketPublicAccessBlock", "DeleteBucketPublicAccessBlock"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge)
    {
        var settings = call.Name.StartsWith("Delete"u8) ? PublicAccessBlock.Off : PublicAccessBlock.Read(request);
        if (settings is null || PublicAccessBlock.OffSettings(settings) is not { Length: > 0 } off) return null;
        return ApiCallFacts.AboutBucket(call, Types[0].Type, Severity.Low, ResourceType.AccessKey, knowledge, $"Block Public Access of the bucket is off for {off}")
            ?.WithPublicAccess(new S3PublicAccess(PublicBucket.Unknown) { BucketBlockPublicAccess = settings });
    }
}
