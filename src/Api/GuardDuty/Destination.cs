namespace Yagura.Api.GuardDuty;

/// <summary>A bucket that findings are exported to.</summary>
/// <param name="Arn"><c>arn:aws:s3:::bucket[/prefix]</c></param>
/// <param name="FailingSince">Null where nothing fails.</param>
internal sealed record Destination(
    string Arn, string? KmsKeyArn, DestinationStatus Status, DateTimeOffset? FailingSince, IReadOnlyDictionary<string, string> Tags);

internal enum DestinationStatus { PendingVerification, Publishing, UnableToPublish, Stopped }
