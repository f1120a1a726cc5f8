using Yagura.Core.Findings;

namespace Yagura.Core.Ports;

/// <summary>Hides findings that somebody judged harmless beforehand.</summary>
public interface ISuppression
{
    /// <summary>Asks the rules that hold now about findings that are about to be stored.</summary>
    /// <returns>What <see cref="IFindingStore.Put"/> takes.</returns>
    /// <exception cref="StorageException">The rules cannot be read now.</exception>
    Task<SuppressedFindings> Apply(IReadOnlyList<Finding> findings, CancellationToken cancel = default);
}

/// <param name="Findings">All of them in their order, those that a rule hides archived.</param>
/// <param name="Hits">Which rule hides which of them, and which rules in shadow mode would.</param>
public sealed record SuppressedFindings(IReadOnlyList<Finding> Findings, IReadOnlyList<SuppressionHit> Hits);

/// <summary>A rule that a finding fits. It counts where the finding is new or has occurred again, else nothing is hidden by it.</summary>
/// <param name="IsShadow">The rule only counts.</param>
/// <param name="At">When it was asked.</param>
public sealed record SuppressionHit(SuppressionKey Rule, string FindingId, bool IsShadow, DateTimeOffset At);

/// <summary>A suppression rule: a filter with the action <c>ARCHIVE</c> of an account in a region.</summary>
/// <param name="Made">When it was made; one that is made anew under the same name is another rule.</param>
public sealed record SuppressionKey(string Account, string Region, string Name, DateTimeOffset Made);
