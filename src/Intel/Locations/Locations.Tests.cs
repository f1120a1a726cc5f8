using System.Text;
using CsCheck;
using static Yagura.Intel.Tests.AddressTests;

namespace Yagura.Intel.Tests;

public sealed class LocationTests
{
    [Fact]
    public void Aws_ranges_hold_what_is_published_and_nothing_else()
    {
        var aws = AwsRanges.TryParse(Encoding.UTF8.GetBytes(
            """{"syncToken":"1","prefixes":[{"ip_prefix":"192.0.2.0/25","region":"us-east-1","service":"EC2"},{"ip_prefix":"192.0.2.0/24","service":"AMAZON"}],"ipv6_prefixes":[{"ipv6_prefix":"2001:db8::/32"}]}"""), out _);
        var snapshot = IntelSnapshot.Create([], aws);
        Assert.True(snapshot.IsAws(Ip("192.0.2.200")));
        Assert.True(snapshot.IsAws(Ip("2001:db8::1")));
        Assert.False(snapshot.IsAws(Ip("198.51.100.1")));
        Assert.NotEqual("", snapshot.Hash);
    }

    [Theory]
    [InlineData("", "not JSON at line 1")]
    [InlineData("[]", "no prefixes; expected AWS's ip-ranges.json")]
    [InlineData("{\"prefixes\":[1,{\"ip_prefix\":2},{}]}", "no prefixes; expected AWS's ip-ranges.json")]
    public void What_is_no_file_of_aws_ranges_says_why(string content, string reason)
    {
        Assert.Null(AwsRanges.TryParse(Encoding.UTF8.GetBytes(content), out var why));
        Assert.Equal(reason, why);
    }

    [Fact]
    public void A_table_may_give_country_network_or_both()
    {
        var table = OriginCsv.Parse(Encoding.UTF8.GetBytes(
            "start,end,country\n192.0.2.0,192.0.2.127,jp\n198.51.100.0/24,AS64496,\"Example, Inc\"\n" +
            "203.0.113.0\t203.0.113.255\t64497\tUS\tEXAMPLE-AS\n2001:db8::,2001:db8::ff,DE\n3221226240,3221226495,64498\n192.0.2.200\t192.0.2.255\t0\tNone\tNot routed\nbroken\n"));
        Assert.Equal((5, 1), (table.Count, table.Rejected));
        Assert.Equal("JP", table.Find(Ip("192.0.2.127"))!.CountryCode);
        Assert.Null(table.Find(Ip("192.0.2.128")));
        Assert.Equal((64496L, "Example, Inc"), (table.Find(Ip("198.51.100.1"))!.Asn!.Value, table.Find(Ip("198.51.100.1"))!.Organization));
        Assert.Equal(("US", 64497L, "EXAMPLE-AS"), (table.Find(Ip("203.0.113.9"))!.CountryCode, table.Find(Ip("203.0.113.9"))!.Asn!.Value, table.Find(Ip("203.0.113.9"))!.Organization));
        Assert.Equal("DE", table.Find(Ip("2001:db8::1"))!.CountryCode);
        Assert.Equal(64498L, table.Find(Ip("192.0.3.1"))!.Asn);
    }

    [Fact]
    public void Any_table_is_read_without_an_exception() =>
        Gen.Select(Gen.Byte.Array[0, 200], Pick("", "192.0.2.0/24,", "192.0.2.0,192.0.2.1,", "1,2,")).Sample(
            (bytes, start) => OriginCsv.Parse([.. Encoding.UTF8.GetBytes(start), .. bytes]).Find(Ip("192.0.2.1")), iter: 3_000);

    [Fact]
    public void What_several_sources_know_is_put_together()
    {
        var country = OriginCsv.Parse("192.0.2.0/24,JP"u8);
        var network = OriginCsv.Parse("192.0.2.0/24,64496,Example"u8);
        Assert.Equal(new AddressOrigin("JP", null, null, null, null, 64496, "Example"), IntelSnapshot.Create([], origins: [network, country]).Locate(Ip("192.0.2.1")));
        Assert.Null(IntelSnapshot.Create([], origins: [country]).Locate(Ip("198.51.100.1")));
        Assert.Equal((false, false, true), (IntelSnapshot.Empty.TellsPlaces, IntelSnapshot.Create([], origins: [network]).TellsPlaces, IntelSnapshot.Create([], origins: [network, country]).TellsPlaces));
    }

    [Fact]
    public void A_database_in_the_layout_of_GeoLite_is_read()
    {
        var database = OriginMmdb.TryParse(new MmdbWriter("GeoLite2-City").Write("192.0.2.0/24", new()
        {
            ["country"] = new Dictionary<string, object> { ["iso_code"] = "JP", ["names"] = new Dictionary<string, object> { ["en"] = "Japan", ["de"] = "Japan" } },
            ["city"] = new Dictionary<string, object> { ["names"] = new Dictionary<string, object> { ["en"] = "Kyoto" } },
            ["location"] = new Dictionary<string, object> { ["latitude"] = 35.0, ["longitude"] = 135.75 },
        }), out _);
        Assert.Equal("GeoLite2-City", database!.DatabaseType);
        Assert.Equal(new("JP", "Japan", "Kyoto", 35.0, 135.75, null, null), database.Find(Ip("192.0.2.77")));
        Assert.Null(database.Find(Ip("198.51.100.1")));
        Assert.Null(database.Find(Ip("2001:db8::1")));
    }

    [Fact]
    public void Databases_in_the_layout_of_ip_location_db_are_read()
    {
        var country = OriginMmdb.TryParse(new MmdbWriter("country").Write("192.0.2.0/24", new() { ["country_code"] = "JP" }), out _);
        var network = OriginMmdb.TryParse(new MmdbWriter("asn").Write("192.0.2.0/24", new()
        {
            ["autonomous_system_number"] = 64496u,
            ["autonomous_system_organization"] = "Example",
        }), out _);
        Assert.Equal(new AddressOrigin("JP", null, null, null, null, 64496, "Example"), IntelSnapshot.Create([], origins: [country!, network!]).Locate(Ip("192.0.2.1")));
        Assert.Equal((true, false), (country!.TellsPlaces, network!.TellsPlaces));
    }

    [Fact]
    public void A_damaged_database_is_refused_or_knows_nothing_but_never_throws()
    {
        var good = new MmdbWriter("asn").Write("192.0.2.0/24", new() { ["autonomous_system_number"] = 64496u });
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var damaged = good[..length];
            if (at < length) damaged[at] = value;
            OriginMmdb.TryParse(damaged, out _)?.Find(Ip("192.0.2.1"));
        }, iter: 5_000);
        Assert.Null(OriginMmdb.TryParse([1, 2, 3], out var reason));
        Assert.Equal("not a MaxMind database, or a damaged one", reason);
    }
}
