namespace Yagura.Matching.Criteria.Facets;

/// <summary>Takes the facets of a finding.</summary>
public interface IFacetSink
{
    /// <param name="field">See <see cref="FindingFacets.Fields"/>.</param>
    /// <param name="text">Valid until the call returns. The same facet may come several times.</param>
    void Add(int field, ReadOnlySpan<char> text);
}
