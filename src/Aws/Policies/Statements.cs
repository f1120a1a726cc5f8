using System.Text.Json.Nodes;

namespace Yagura.Aws.Policies;

/// <summary>Policies in IAM's language.</summary>
internal static class Statements
{
    /// <summary>What Yagura may do; of a Firehose stream, what Firehose may do.</summary>
    public static JsonObject Policy(PolicyOptions options) => Document(options.Source switch
    {
        PolicySource.S3 => [List(options), Read(options), .. Decrypt(options), .. Keys(options)],
        PolicySource.Sqs => [Receive(options), Read(options), .. Decrypt(options), .. Keys(options)],
        PolicySource.Firehose => [Backup(options), .. Encrypt(options)],
    });

    /// <summary>Who may assume the role.</summary>
    public static JsonObject Trust(PolicyOptions options)
    {
        var statement = new JsonObject
        {
            ["Effect"] = "Allow",
            ["Principal"] = options.Source == PolicySource.Firehose ? new JsonObject { ["Service"] = "firehose.amazonaws.com" } : new JsonObject { ["AWS"] = options.Trusted },
            ["Action"] = "sts:AssumeRole",
        };
        if (options.ExternalId is { } id) statement["Condition"] = new JsonObject { ["StringEquals"] = new JsonObject { ["sts:ExternalId"] = id } };
        return Document([statement]);
    }

    /// <summary>EventBridge may tell the queue of new objects.</summary>
    /// <param name="queue">The queue and the rule, as the template refers to them.</param>
    public static JsonObject QueuePolicy(JsonNode queue, JsonNode rule) => Document(
    [
        new()
        {
            ["Sid"] = "EventBridgeTells", ["Effect"] = "Allow", ["Principal"] = new JsonObject { ["Service"] = "events.amazonaws.com" }, ["Action"] = "sqs:SendMessage",
            ["Resource"] = queue, ["Condition"] = new JsonObject { ["ArnEquals"] = new JsonObject { ["aws:SourceArn"] = rule } },
        },
    ]);

    /// <summary>The events of EventBridge that tell of new objects with the prefix.</summary>
    public static JsonObject Pattern(PolicyOptions options)
    {
        var detail = new JsonObject { ["bucket"] = new JsonObject { ["name"] = SourcePolicy.List(options.Bucket) } };
        if (options.Prefix.Length > 0) detail["object"] = new JsonObject { ["key"] = new JsonArray(new JsonObject { ["prefix"] = options.Prefix }) };
        return new() { ["source"] = SourcePolicy.List("aws.s3"), ["detail-type"] = SourcePolicy.List("Object Created"), ["detail"] = detail };
    }

    private static JsonObject Document(JsonObject[] statements) => new() { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray([.. statements]) };

    private static JsonObject List(PolicyOptions options)
    {
        var statement = Allow("ListLogs", options.BucketArn, "s3:ListBucket");
        if (options.Prefix.Length > 0) statement["Condition"] = new JsonObject { ["StringLike"] = new JsonObject { ["s3:prefix"] = options.KeyPattern } };
        return statement;
    }

    private static JsonObject Read(PolicyOptions options) => Allow("ReadLogs", $"{options.BucketArn}/{options.KeyPattern}", "s3:GetObject");

    private static JsonObject Receive(PolicyOptions options) =>
        Allow("HearOfLogs", options.Queue!, "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage");

    private static JsonObject[] Decrypt(PolicyOptions options) => options.KmsKey is { } key ? [Allow("DecryptLogs", key, "kms:Decrypt")] : [];

    // The action knows no resources.
    private static JsonObject[] Keys(PolicyOptions options) => options.Digests ? [Allow("CheckDigests", "*", "cloudtrail:ListPublicKeys")] : [];

    private static JsonObject Backup(PolicyOptions options)
    {
        var statement = Allow("KeepWhatCannotBeDelivered", options.BucketArn, "s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:PutObject");
        statement["Resource"] = SourcePolicy.List(options.BucketArn, $"{options.BucketArn}/{options.KeyPattern}");
        return statement;
    }

    private static JsonObject[] Encrypt(PolicyOptions options) => options.KmsKey is { } key ? [Allow("EncryptWhatIsKept", key, "kms:Decrypt", "kms:GenerateDataKey")] : [];

    private static JsonObject Allow(string sid, string resource, params ReadOnlySpan<string> actions) =>
        new() { ["Sid"] = sid, ["Effect"] = "Allow", ["Action"] = SourcePolicy.List(actions), ["Resource"] = resource };
}
