namespace Yagura.Core.Ports;

/// <summary>Tells how much was really read.</summary>
public interface IUsage
{
    /// <summary>What was read of the accounts in a region since a time, an entry for each account, source and resource.</summary>
    Task<IReadOnlyList<UsageEntry>> Read(IReadOnlyList<string> accounts, string region, DateTimeOffset since, CancellationToken cancel = default);
}

/// <param name="Feature">The detector feature, such as <c>CLOUD_TRAIL</c> or <c>FLOW_LOGS</c>, that the logs belong to.</param>
/// <param name="Resource">ARN or name of what was logged, such as a bucket; null where the log is of the whole account.</param>
/// <param name="Bytes">Decompressed.</param>
public sealed record UsageEntry(string Account, string Feature, string? Resource, long Records, long Bytes);
