using System.Collections.Frozen;
using System.Globalization;

namespace Yagura.Intel;

/// <summary>Where an address is, and how far that may be from the truth.</summary>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Radius">Kilometres around it within which the address is.</param>
/// <param name="Name">For people: <c>Munich, DE</c>, or <c>DE</c> where no more than the country is known.</param>
public readonly record struct Whereabouts(double Latitude, double Longitude, double Radius, string Name)
{
    /// <summary>Kilometres by which databases are wrong about cities: providers hand out addresses in the cities around.</summary>
    private const double RadiusOfCity = 100;

    private const double RadiusOfEarth = 6371;

    private static readonly FrozenDictionary<string, Whereabouts> Countries = ReadCountries().ToFrozenDictionary(country => country.Name, StringComparer.Ordinal);

    /// <summary>Null where not even the country is known. Coordinates without a city are the middle of something unknown, so the country counts.</summary>
    public static Whereabouts? Of(AddressOrigin? origin) => origin switch
    {
        { City.Length: > 0, Latitude: { } latitude, Longitude: { } longitude } => new(latitude, longitude, RadiusOfCity, origin.CountryCode is { } code ? $"{origin.City}, {code}" : origin.City),
        { CountryCode: { } country } when Countries.TryGetValue(country, out var known) => known,
        _ => null,
    };

    /// <summary>Kilometres that lie between two places at least, over ground; 0 where they may be the same.</summary>
    public double LeastDistance(Whereabouts other)
    {
        var (one, two) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var (north, east) = (Math.Sin((two - one) / 2), Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2));
        var half = Math.Clamp(north * north + Math.Cos(one) * Math.Cos(two) * east * east, 0, 1);
        return Math.Max(0, 2 * RadiusOfEarth * Math.Asin(Math.Sqrt(half)) - Radius - other.Radius);
    }

    /// <summary>Every country that is known, by its two letters.</summary>
    internal static IEnumerable<Whereabouts> AllCountries => Countries.Values;

    private static IEnumerable<Whereabouts> ReadCountries()
    {
        using var reader = new StreamReader(typeof(Whereabouts).Assembly.GetManifestResourceStream("Yagura.Intel.countries.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var words = line.Split(' ');
            double Number(int at) => double.Parse(words[at], CultureInfo.InvariantCulture);
            yield return new(Number(1), Number(2), Number(3), words[0]);
        }
    }
}
