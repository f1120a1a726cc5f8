namespace Yagura.Api.GuardDuty;

/// <summary>A list of the organization's own: trusted or threatening addresses or names, in a file that is fetched when the list is activated.</summary>
/// <param name="Format">GuardDuty's word, such as <c>TXT</c>.</param>
/// <param name="Location">S3 URL in any of GuardDuty's forms, <c>https://</c> or <c>file://</c>.</param>
/// <param name="Error">Why the list could not be activated; null where nothing went wrong.</param>
internal sealed record ListSet(
    string Name, string Format, string Location, string? ExpectedBucketOwner, ListStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Tags, string? Error = null);

/// <summary>How far a list is; written in capitals on the wire.</summary>
internal enum ListStatus { Inactive, Activating, Active, Deactivating, Error, DeletePending, Deleted }

internal static class ListStatuses
{
    public static string Word(this ListStatus status) => status == ListStatus.DeletePending ? "DELETE_PENDING" : status.ToString().ToUpperInvariant();
}
