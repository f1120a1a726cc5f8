using System.Text.Json;
using Yagura.Core.Findings;

namespace Yagura.Detectors.Families;

/// <summary>The four settings of S3 Block Public Access, as a call sets them.</summary>
public static class PublicAccessBlock
{
    /// <summary>What a deletion leaves.</summary>
    public static BlockPublicAccess Off { get; } = new(IgnorePublicAcls: false, RestrictPublicBuckets: false, BlockPublicAcls: false, BlockPublicPolicy: false);

    /// <summary>The settings after a put; null where the request holds none. A setting that is not mentioned is off.</summary>
    /// <remarks><code>"PublicAccessBlockConfiguration":{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","RestrictPublicBuckets":false,"BlockPublicPolicy":true,…}</code>
    /// Source: Amazon S3 API reference, "PutPublicAccessBlock".</remarks>
    public static BlockPublicAccess? Read(JsonElement request)
    {
        var configuration = request.Child("PublicAccessBlockConfiguration");
        return configuration.ValueKind != JsonValueKind.Object ? null : new BlockPublicAccess(
            configuration.Flag("IgnorePublicAcls") == true, configuration.Flag("RestrictPublicBuckets") == true,
            configuration.Flag("BlockPublicAcls") == true, configuration.Flag("BlockPublicPolicy") == true);
    }

    /// <summary>The names of the settings that are off, for people; empty when all are on.</summary>
    public static string OffSettings(BlockPublicAccess settings) => string.Join(", ", new[]
    {
        settings.BlockPublicAcls ? null : "BlockPublicAcls",
        settings.IgnorePublicAcls ? null : "IgnorePublicAcls",
        settings.BlockPublicPolicy ? null : "BlockPublicPolicy",
        settings.RestrictPublicBuckets ? null : "RestrictPublicBuckets",
    }.Where(name => name is not null));
}
