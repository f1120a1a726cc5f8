using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Engine.Reading;

namespace Yagura.Engine;

public enum TypeState { On, Off, Planned }

/// <summary>Whether a finding type of the catalogue can be found.</summary>
/// <param name="Why">Why it is off; null otherwise.</param>
public sealed record TypeStatus(CatalogEntry Entry, TypeState State, string? Why)
{
    /// <summary>Every type of the catalogue, in its order. A type that several detectors report is on if one of them is.</summary>
    public static IReadOnlyList<TypeStatus> All(DetectorSet detectors, Knowledge knowledge)
    {
        var bindings = detectors.Types.Concat(Catalog.Health).ToLookup(binding => binding.Type);
        return [.. FindingTypeCatalog.All.Select(entry => Of(entry, bindings[entry.Type], knowledge))];
    }

    private static TypeStatus Of(CatalogEntry entry, IEnumerable<TypeBinding> bindings, Knowledge knowledge)
    {
        var off = bindings.Select(binding => binding.Off(knowledge)).ToList();
        return off.Count == 0 ? new(entry, TypeState.Planned, null)
            : off.Contains(null) ? new(entry, TypeState.On, null)
            : new(entry, TypeState.Off, off[0]);
    }
}
