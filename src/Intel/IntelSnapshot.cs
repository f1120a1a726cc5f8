using Yagura.Core;

namespace Yagura.Intel;

/// <summary>All that is known of addresses and names at one moment; immutable, shared by all readers, replaced whole.</summary>
public sealed class IntelSnapshot
{
    /// <summary>Knows nothing. Everything works with it; detectors that need a list are off.</summary>
    public static IntelSnapshot Empty { get; } = new();

    /// <summary>Every loaded list, trusted ones included, by name.</summary>
    public IReadOnlyList<ThreatList> Lists { get; } = [];

    /// <summary>SHA-256 over the lists, the same for the same knowledge; empty when there is none.</summary>
    public string Hash { get; } = "";

    /// <summary>Categories for which at least one entry of that kind (address, name, key) is loaded.</summary>
    public ThreatCategory AddressCategories { get; }
    /// <inheritdoc cref="AddressCategories"/>
    public ThreatCategory DomainCategories { get; }
    /// <inheritdoc cref="AddressCategories"/>
    public ThreatCategory KeyCategories { get; }

    /// <summary>Every list with a prefix that holds the address. Allocates nothing; private addresses never match.</summary>
    public ThreatMatch Find(IpAddress address) => default;

    /// <summary>Every list that holds the name or a parent of it (labels compared without case). Allocates nothing.</summary>
    public ThreatMatch FindDomain(ReadOnlySpan<byte> name) => default;

    /// <summary>Lists of leaked access keys that hold the identifier.</summary>
    public ThreatMatch FindKey(ReadOnlySpan<byte> accessKeyId) => default;

    public bool IsTrusted(IpAddress address) => false;

    /// <summary>Country and network of an address, as far as loaded databases know.</summary>
    public AddressOrigin? Locate(IpAddress address) => null;

    /// <summary>True, false, or null where AWS's published ranges are not loaded.</summary>
    public bool? IsAws(IpAddress address) => null;

    /// <summary>The registrable domain (<c>example.co.jp</c> of <c>a.b.example.co.jp</c>); the name itself if it has none above it.</summary>
    public string RegistrableDomain(string name) => name;
}

/// <summary>Where an address is and whose it is.</summary>
public sealed record AddressOrigin(string? CountryCode, string? CountryName, string? City, double? Latitude, double? Longitude, long? Asn, string? Organization);
