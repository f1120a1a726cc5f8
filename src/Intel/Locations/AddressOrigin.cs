using Yagura.Core;

namespace Yagura.Intel;

/// <summary>Where an address is and whose it is.</summary>
public sealed record AddressOrigin(string? CountryCode, string? CountryName, string? City, double? Latitude, double? Longitude, long? Asn, string? Organization)
{
    /// <summary>This, with what it lacks taken from another source. A place is taken whole: no city of one in the country of the other.</summary>
    internal AddressOrigin CompletedBy(AddressOrigin other)
    {
        var place = CountryCode is null || (City is null && other.City is not null && string.Equals(other.CountryCode, CountryCode, StringComparison.Ordinal)) ? other : this;
        var network = Asn is null ? other : this;
        return new(
            place.CountryCode ?? CountryCode, place.CountryName ?? CountryName, place.City, place.Latitude, place.Longitude, network.Asn,
            network.Organization);
    }
}

/// <summary>A loaded database of addresses.</summary>
public interface IOriginSource
{
    /// <summary>Of the database's bytes, lower-case hex.</summary>
    string Sha256 { get; }

    /// <summary>Whether it knows countries or cities, not networks alone.</summary>
    bool TellsPlaces { get; }

    /// <summary>Null where the database knows nothing of the address.</summary>
    AddressOrigin? Find(IpAddress address);
}
