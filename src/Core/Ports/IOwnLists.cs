namespace Yagura.Core.Ports;

/// <summary>Brings the organization's own lists to detection. A list is used until it is dropped, also after a restart when its file cannot be had.</summary>
public interface IOwnLists
{
    /// <summary>Fetches a list and uses it from now on, in place of what was known of it before.</summary>
    /// <exception cref="IOException">The list cannot be had or used; the message is for people.</exception>
    Task Use(OwnList list, CancellationToken cancel = default);

    /// <summary>Uses a list no longer; one that was not used is no error.</summary>
    Task Drop(string account, string region, string id, CancellationToken cancel = default);
}

/// <summary>A list and where its file is.</summary>
/// <param name="Account">Whose list it is; it holds for its members too.</param>
/// <param name="Format">GuardDuty's word, such as <c>TXT</c>.</param>
/// <param name="Location">URL with <c>s3</c>, <c>https</c>, <c>http</c> (S3's own hosts only) or <c>file</c>.</param>
/// <param name="BucketOwner">The account that a bucket must belong to; null for any.</param>
public sealed record OwnList(string Account, string Region, string Id, ListUse Use, string Name, string Format, string Location, string? BucketOwner);

/// <summary>What a list is for. Trusted wins over threat.</summary>
public enum ListUse
{
    /// <summary>IP sets: at most 2,000 addresses.</summary>
    TrustedAddresses,
    /// <summary>Threat intel sets: at most 250,000 addresses.</summary>
    ThreatAddresses,
    /// <summary>Addresses and domains, at most 1,000.</summary>
    TrustedEntities,
    /// <summary>Addresses, domains and hashes of files, at most 1,000.</summary>
    ThreatEntities,
}
