using CsCheck;

namespace Yagura.Intel.Tests;

public sealed class WhereaboutsTests
{
    private static Whereabouts City(double latitude, double longitude, string name = "a city") => Whereabouts.Of(new(null, null, name, latitude, longitude, null, null))!.Value;

    private static Whereabouts Country(string code) => Whereabouts.Of(new(code, null, null, null, null, null, null))!.Value;

    [Fact]
    public void Cities_lie_apart_as_a_globe_shows_less_what_is_not_known_of_them()
    {
        Assert.InRange(City(52.52, 13.4).LeastDistance(City(35.68, 139.69)), 8918 - 200 - 30, 8918 - 200 + 30); // Berlin, Tokyo
        Assert.InRange(City(-36.85, 174.76).LeastDistance(City(21.31, -157.86)), 7086 - 200 - 30, 7086 - 200 + 30); // Auckland, Honolulu: over the date line
        Assert.Equal(0, City(52.52, 13.4).LeastDistance(City(51.34, 12.37))); // Berlin, Leipzig
    }

    [Fact]
    public void A_country_is_as_wide_as_it_is_and_coordinates_without_a_city_are_not_believed()
    {
        Assert.Equal("Munich, DE", Whereabouts.Of(new("DE", "Germany", "Munich", 48.1, 11.6, null, null))!.Value.Name);
        Assert.Equal(Country("DE"), Whereabouts.Of(new("DE", "Germany", null, 48.1, 11.6, null, null)));
        Assert.Null(Whereabouts.Of(null));
        Assert.Null(Whereabouts.Of(new("EU", null, null, null, null, null, null)));
        Assert.Null(Whereabouts.Of(new(null, null, null, 48.1, 11.6, 64496, "Example")));
    }

    [Theory]
    [InlineData("US", "CA"), InlineData("US", "MX"), InlineData("DE", "FR"), InlineData("DE", "CH"), InlineData("FR", "GB"), InlineData("ES", "PT"), InlineData("ES", "MA"), InlineData("SG", "MY")]
    [InlineData("MY", "ID"), InlineData("CN", "HK"), InlineData("CN", "VN"), InlineData("CN", "RU"), InlineData("IN", "PK"), InlineData("IN", "LK"), InlineData("IN", "BD"), InlineData("AE", "OM")]
    [InlineData("AE", "SA"), InlineData("IL", "EG"), InlineData("GR", "TR"), InlineData("FI", "RU"), InlineData("RU", "KZ"), InlineData("RU", "UA"), InlineData("BR", "AR"), InlineData("BR", "CO")]
    [InlineData("CL", "AR"), InlineData("ZA", "NA"), InlineData("ZA", "MZ"), InlineData("KR", "JP"), InlineData("TH", "MM"), InlineData("AU", "PG"), InlineData("NO", "SE"), InlineData("IE", "GB")]
    [InlineData("US", "BS"), InlineData("US", "CU"), InlineData("IT", "TN"), InlineData("AT", "HU"), InlineData("EG", "SD"), InlineData("DZ", "NE"), InlineData("IR", "PK"), InlineData("IQ", "TR")]
    public void Neighbours_may_be_the_same_place(string one, string other) => Assert.InRange(Country(one).LeastDistance(Country(other)), 0, 300);

    [Theory]
    [InlineData("US", "GB"), InlineData("US", "JP"), InlineData("US", "RU"), InlineData("US", "BR"), InlineData("DE", "JP"), InlineData("DE", "NG"), InlineData("FR", "VN"), InlineData("GB", "IN")]
    [InlineData("AU", "US"), InlineData("AU", "SG"), InlineData("CA", "CN"), InlineData("BR", "ZA"), InlineData("JP", "SG"), InlineData("DE", "CN"), InlineData("NL", "US"), InlineData("DE", "UA", 0)]
    public void Others_are_certainly_far_apart(string one, string other, double atLeast = 500) =>
        Assert.InRange(Country(one).LeastDistance(Country(other)), atLeast, 20_100);

    [Theory]
    [InlineData("US", 47.61, -122.33), InlineData("US", 25.76, -80.19), InlineData("US", 44.8, -68.8), InlineData("CA", 49.28, -123.12), InlineData("CA", 47.56, -52.71), InlineData("RU", 55.76, 37.62), InlineData("RU", 43.12, 131.9)]
    [InlineData("CN", 31.23, 121.47), InlineData("CN", 43.83, 87.62), InlineData("CN", 45.8, 126.5), InlineData("JP", 43.06, 141.35), InlineData("JP", 26.21, 127.68), InlineData("AU", -31.95, 115.86), InlineData("AU", -42.88, 147.33)]
    [InlineData("IN", 8.52, 76.94), InlineData("IN", 26.14, 91.74), InlineData("BR", -30.03, -51.22), InlineData("BR", -8.05, -34.88), InlineData("ID", 5.55, 95.32), InlineData("ID", -2.53, 140.72), InlineData("GB", 57.48, -4.22)]
    [InlineData("NO", 69.65, 18.96), InlineData("NO", 58.15, 8.0), InlineData("SE", 55.6, 13.0), InlineData("IT", 37.08, 15.29), InlineData("NZ", -36.85, 174.76), InlineData("ZA", -33.92, 18.42), InlineData("AR", -54.8, -68.3)]
    [InlineData("CL", -18.48, -70.33), InlineData("CL", -53.16, -70.91), InlineData("MX", 32.51, -117.04), InlineData("MX", 21.16, -86.85), InlineData("MY", 3.14, 101.69), InlineData("VN", 10.82, 106.63), InlineData("PH", 7.07, 125.61)]
    public void A_city_lies_in_its_country(string country, double latitude, double longitude) => Assert.Equal(0, Country(country).LeastDistance(City(latitude, longitude)));

    [Fact]
    public void Every_country_has_two_letters_and_lies_on_the_globe()
    {
        Assert.All(Whereabouts.AllCountries, country =>
        {
            Assert.Matches("^[A-Z]{2}$", country.Name);
            Assert.True(country is { Latitude: >= -90 and <= 90, Longitude: >= -180 and <= 180, Radius: > 0 and < 5000 }, country.Name);
        });
        Assert.Equal(250, Whereabouts.AllCountries.Count());
    }

    [Fact]
    public void Distance_is_the_same_both_ways_and_never_more_than_half_around_the_globe()
    {
        var places = Gen.Select(Gen.Double[-90, 90], Gen.Double[-180, 180], (latitude, longitude) => City(latitude, longitude));
        Gen.Select(places, places).Sample((one, other) =>
        {
            Assert.Equal(one.LeastDistance(other), other.LeastDistance(one), precision: 6);
            Assert.InRange(one.LeastDistance(other), 0, 20_016);
        });
    }
}
