using Yagura.Intel;

namespace Yagura.Detectors;

/// <summary>What detectors know beside the record at hand: immutable while a scan runs, so that the same logs and knowledge give the same findings.</summary>
/// <param name="AffiliatedAccounts">The organisation's own accounts; a credential used from one of these is graded lower.</param>
public sealed record Knowledge(IntelSnapshot Intel, Inventory Inventory, IReadOnlySet<string> AffiliatedAccounts)
{
    /// <summary>AWS's own actors; what a service does in somebody's name is not that somebody's doing.</summary>
    public KnownBenign Benign { get; init; } = KnownBenign.Shipped;

    public static Knowledge Nothing { get; } = new(IntelSnapshot.Empty, Inventory.Empty, new HashSet<string>(StringComparer.Ordinal));
}
