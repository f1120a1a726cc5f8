using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Stealth.S3;

/// <summary>Server access logging of a bucket was switched off: its logging status was set to an empty one.</summary>
public sealed class ServerAccessLoggingDisabled() : ApiCallRule("s3.amazonaws.com", new TypeBinding("Stealth:S3/ServerAccessLoggingDisabled"))
{
    public override IReadOnlyList<string> EventNames { get; } = ["PutBucketLogging"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge)
    {
        // An element without content is an object with its namespace only, or an empty text.
        var status = request.Child("BucketLoggingStatus");
        var empty = status.ValueKind == JsonValueKind.Object ? status.Child("LoggingEnabled").ValueKind == JsonValueKind.Undefined
            : request.Text("BucketLoggingStatus") is "";
        return empty
            ? ApiCallFacts.AboutBucket(call, Types[0].Type, Severity.Low, ResourceType.AccessKey, knowledge, "server access logging of the bucket was switched off")
            : null;
    }
}
