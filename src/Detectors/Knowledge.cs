using Yagura.Intel;

namespace Yagura.Detectors;

/// <summary>What detectors know beside the record at hand: immutable while a scan runs, so that the same logs and knowledge give the same findings.</summary>
/// <param name="AffiliatedAccounts">The organisation's own accounts; a credential used from one of these is graded lower.</param>
public sealed record Knowledge(IntelSnapshot Intel, Inventory Inventory, IReadOnlySet<string> AffiliatedAccounts)
{
    public static Knowledge Nothing { get; } = new(IntelSnapshot.Empty, Inventory.Empty, new HashSet<string>(StringComparer.Ordinal));
}
