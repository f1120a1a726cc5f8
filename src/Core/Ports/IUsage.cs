namespace Yagura.Core.Ports;

/// <summary>Tells how much was really read.</summary>
public interface IUsage
{
    /// <summary>What was read of the accounts in a region on the days, in UTC, that began at a time or later: an entry for each account, feature and resource.</summary>
    /// <exception cref="StorageException">It cannot be told now.</exception>
    Task<IReadOnlyList<UsageEntry>> Read(IReadOnlyList<string> accounts, string region, DateTimeOffset since, CancellationToken cancel = default);
}

/// <summary>Records that were shown to the detectors.</summary>
/// <param name="Account">That the records belong to by their own word, 12 digits; empty where unknown, as the region.</param>
/// <param name="Feature">The detector feature, such as <c>CLOUD_TRAIL</c> or <c>FLOW_LOGS</c>, that the logs belong to.</param>
/// <param name="Resource">ARN or name of what was logged, such as a bucket; null where the log is of the whole account.</param>
/// <param name="Bytes">Of the records themselves, decompressed, without what stands between them.</param>
public sealed record UsageEntry(string Account, string Region, string Feature, string? Resource, long Records, long Bytes);
