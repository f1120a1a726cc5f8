namespace Yagura.Api.GuardDuty;

/// <summary>A bucket that findings are exported to.</summary>
/// <param name="Arn"><c>arn:aws:s3:::bucket[/prefix]</c></param>
/// <param name="FailingSince">Null where nothing fails.</param>
internal sealed record Destination(
    string Arn, string? KmsKeyArn, DestinationStatus Status, DateTimeOffset? FailingSince, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>The bucket, and what the keys of an account's findings start with: <c>[prefix/]AWSLogs/111122223333/GuardDuty/eu-west-1/</c>.</summary>
    /// <remarks>Source: user guide, "Exporting findings".</remarks>
    public (string Bucket, string Prefix) Place(string account, string region)
    {
        var name = Arn[(Arn.LastIndexOf(':') + 1)..].Split('/', 2);
        var prefix = name is [_, { Length: > 0 } given] ? given.TrimEnd('/') + "/" : "";
        return (name[0], $"{prefix}AWSLogs/{account}/GuardDuty/{region}/");
    }
}

internal enum DestinationStatus { PendingVerification, Publishing, UnableToPublish, Stopped }
