using Yagura.Core.Collection;

namespace Yagura.Aws.Policies;

/// <summary>What a source reads, as far as permissions depend on it. Null and empty stand for what is not used.</summary>
/// <param name="Source">Which kind of source.</param>
public sealed record PolicyOptions(PolicySource Source)
{
    public string Bucket { get; init; } = "";

    /// <summary>What the keys start with; of a <see cref="PolicySource.Firehose"/> stream, where records go that could not be delivered.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>ARN of the key that encrypts the bucket.</summary>
    public string? KmsKey { get; init; }

    /// <summary>ARN of the queue; where templates make one, only its name counts.</summary>
    public string? Queue { get; init; }

    /// <summary>ARN of the principal that runs Yagura: the templates make a role that it may assume. Without it they make a policy.</summary>
    public string? Trusted { get; init; }

    /// <summary>What <see cref="Trusted"/> has to say when it assumes the role.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Where Firehose sends to: <c>https://…</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Whether digests are checked, which needs CloudTrail's public keys.</summary>
    public bool Digests { get; init; } = true;

    /// <summary><c>aws</c>, <c>aws-cn</c> or <c>aws-us-gov</c>.</summary>
    public string Partition { get; init; } = "aws";

    /// <returns>Every mistake, in a sentence; empty where there is none.</returns>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (!S3Location.IsBucketName(Bucket)) mistakes.Add("--bucket names a bucket, without s3://");
        if (Prefix.Any(char.IsControl) || Prefix.Length > 1024) mistakes.Add("--prefix is no prefix of keys");
        if (Source == PolicySource.Sqs && !IsArn(Queue, "sqs")) mistakes.Add("--queue is the ARN of a queue: arn:aws:sqs:eu-west-1:111122223333:trail-logs");
        if (KmsKey is not null && !IsArn(KmsKey, "kms")) mistakes.Add("--kms-key is the ARN of a key: arn:aws:kms:eu-west-1:111122223333:key/…");
        if (Trusted is not null && !IsArn(Trusted, "iam")) mistakes.Add("--trusted is the ARN of the role or user that runs Yagura: arn:aws:iam::111122223333:role/yagura");
        if (ExternalId is { } id && (id.Length is < 2 or > 1224 || id.Any(character => !char.IsAsciiLetterOrDigit(character) && !"+=,.@:/-".Contains(character, StringComparison.Ordinal))))
            mistakes.Add("--external-id has 2 to 1224 letters, digits and +=,.@:/-");
        if (ExternalId is not null && Trusted is null) mistakes.Add("--external-id needs --trusted");
        if (Source == PolicySource.Firehose && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort))
            mistakes.Add("--endpoint is where Firehose sends to: https://… on port 443");
        if (Partition is not ("aws" or "aws-cn" or "aws-us-gov")) mistakes.Add("--partition is aws, aws-cn or aws-us-gov");
        return mistakes;
    }

    internal string BucketArn => $"arn:{Partition}:s3:::{Bucket}";

    /// <summary>The keys, as IAM names them: its own wildcards inside the prefix are taken literally.</summary>
    internal string KeyPattern => $"{string.Concat(Prefix.Select(character => character is '*' or '?' or '$' ? $"${{{character}}}" : $"{character}"))}*";

    internal string QueueName => Queue!.Split(':')[5];

    private static bool IsArn(string? text, string service) => text?.Split(':') is ["arn", "aws" or "aws-cn" or "aws-us-gov", var named, _, var account, { Length: > 0 } name, ..]
        && named == service && DeliveredName.IsAccount(account) && name.All(character => char.IsAsciiLetterOrDigit(character) || "+=,.@-_/".Contains(character, StringComparison.Ordinal));
}

public enum PolicySource { S3, Sqs, Firehose }

public enum PolicyFormat { Iam, Cloudformation, Terraform }
