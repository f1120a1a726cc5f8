using System.Text.Json.Serialization;
using Yagura.Matching.Sigma.Correlations;

namespace Yagura.Detectors.Rules;

/// <summary>What was seen of one group of a correlation in one window, with the records that show it.</summary>
/// <remarks>State: 24 bytes for each thing that the correlation can tell apart, twice, and a finding's own.</remarks>
public sealed class CorrelatedUse : IMergeable<CorrelatedUse>
{
    /// <summary>Occurrences counted exactly; a correlation says what it counted by itself.</summary>
    private const int ExactOccurrences = 1_024;

    public CorrelatedUse() => (Correlated, Seen) = (new(), new(ExactOccurrences));

    [JsonConstructor]
    public CorrelatedUse(CorrelationState correlated, FindingState seen) => (Correlated, Seen) = (correlated, seen);

    public CorrelationState Correlated { get; }
    public FindingState Seen { get; }

    public void Merge(CorrelatedUse other)
    {
        Correlated.Merge(other.Correlated);
        Seen.Merge(other.Seen);
    }
}
