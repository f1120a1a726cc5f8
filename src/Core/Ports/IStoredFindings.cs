using Yagura.Core.Findings;

namespace Yagura.Core.Ports;

/// <summary>Looks through the findings that are stored.</summary>
/// <remarks>Every method may throw <see cref="StorageException"/>.</remarks>
public interface IStoredFindings
{
    /// <summary>The findings that criteria choose, in no order.</summary>
    /// <param name="criteria">GuardDuty's finding criteria, found to be right.</param>
    IAsyncEnumerable<Finding> Matching(FindingScope scope, ReadOnlyMemory<byte> criteria, CancellationToken cancel = default);

    /// <summary>How many findings there are of each type, by its name.</summary>
    Task<IReadOnlyDictionary<string, long>> CountByType(FindingScope scope, CancellationToken cancel = default);
}
