using System.Text;
using CsCheck;
using static Yagura.Intel.Tests.AddressTests;

namespace Yagura.Intel.Tests;

public sealed class NameTests
{
    private static readonly ThreatCategory[] Categories = [ThreatCategory.CommandAndControl, ThreatCategory.Mining, ThreatCategory.Trusted];

    private static readonly Gen<string> NamesGen = Pick("a", "b", "bb", "example", "A", "x-y").Array[1, 5].Select(labels => string.Join('.', labels));

    [Fact]
    public void A_snapshot_finds_what_a_walk_over_every_name_finds() =>
        Gen.Select(Gen.Select(NamesGen, Gen.Bool).Array[0, 10].Array[1, Categories.Length], NamesGen.Array[20]).Sample((lists, asked) =>
        {
            var parsed = lists.Select((names, i) => ThreatListReader.Read(
                $"list-{i}", Categories[i], Encoding.UTF8.GetBytes(string.Join('\n', names.Select(n => (n.Item2 ? "*." : "") + n.Item1))))).ToArray();
            var snapshot = IntelSnapshot.Create(parsed);
            foreach (var name in asked)
            {
                var holding = parsed.Where(p => p.Names.Any(n => Holds(n, name.ToLowerInvariant()))).Select(p => p.List).ToArray();
                var trusted = holding.Any(l => l.Category == ThreatCategory.Trusted);
                Assert.Equal(trusted ? [] : holding, snapshot.FindDomain(Encoding.UTF8.GetBytes(name)).Lists);
            }
        }, iter: 3_000);

    private static bool Holds(ListedName listed, string name) =>
        name.EndsWith("." + listed.Name, StringComparison.Ordinal) || (!listed.BelowOnly && string.Equals(name, listed.Name, StringComparison.Ordinal));

    [Theory]
    [InlineData("c2.example", true)]
    [InlineData("C2.EXAMPLE.", true)]
    [InlineData("a.b.c2.example", true)]
    [InlineData("notc2.example", false)]
    [InlineData("c2.example.org", false)]
    [InlineData("example", false)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a..c2.example", true)]
    [InlineData(".c2.example", true)]
    public void A_name_matches_when_it_or_a_parent_is_listed(string name, bool found) =>
        Assert.Equal(found, !IntelSnapshot.Create([Text("c2", ThreatCategory.CommandAndControl, "c2.example")]).FindDomain(Encoding.UTF8.GetBytes(name)).IsNothing);

    [Fact]
    public void A_name_longer_than_names_can_be_still_matches_by_its_end()
    {
        var snapshot = IntelSnapshot.Create([Text("c2", ThreatCategory.CommandAndControl, "c2.example")]);
        Assert.False(snapshot.FindDomain(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a.", 5_000)) + "c2.example")).IsNothing);
        Assert.True(snapshot.FindDomain(new byte[100_000]).IsNothing);
    }

    [Fact]
    public void Any_bytes_are_a_safe_question() =>
        Gen.Byte.Array[0, 600].Sample(name => IntelSnapshot.Create([Text("c2", ThreatCategory.CommandAndControl, "c2.example")]).FindDomain(name).IsNothing, iter: 500);

    [Fact]
    public void A_wildcard_holds_the_names_below_and_not_the_name()
    {
        var snapshot = IntelSnapshot.Create([Text("c2", ThreatCategory.CommandAndControl, "*.c2.example")]);
        Assert.True(snapshot.FindDomain("c2.example"u8).IsNothing);
        Assert.False(snapshot.FindDomain("a.c2.example"u8).IsNothing);
    }

    [Fact]
    public void A_trusted_parent_wins_over_a_listed_child()
    {
        var snapshot = IntelSnapshot.Create([Text("c2", ThreatCategory.CommandAndControl, "bad.cdn.example"), Text("ours", ThreatCategory.Trusted, "cdn.example")]);
        Assert.True(snapshot.FindDomain("bad.cdn.example"u8).IsNothing);
    }

    [Fact]
    public void A_key_is_found_whole_and_only_whole()
    {
        var snapshot = IntelSnapshot.Create([Text("leaked-keys", ThreatCategory.LeakedKey, "AKIAIOSFODNN7EXAMPLE\r\nASIAIOSFODNN7EXAMPLE")]);
        Assert.True(snapshot.FindKey("AKIAIOSFODNN7EXAMPLE"u8).Has(ThreatCategory.LeakedKey));
        Assert.True(snapshot.FindKey("ASIAIOSFODNN7EXAMPLE"u8).Has(ThreatCategory.LeakedKey));
        Assert.True(snapshot.FindKey("AKIAIOSFODNN7EXAMPL"u8).IsNothing);
        Assert.True(snapshot.FindKey(new byte[4_000]).IsNothing);
        Assert.Equal(ThreatCategory.LeakedKey, snapshot.KeyCategories);
        Assert.Equal(ThreatCategory.None, snapshot.AddressCategories);
    }

    private const string Rules = """
        // a comment
        com
        jp
        co.jp
        *.kawasaki.jp
        !city.kawasaki.jp
        hosting.example
        公司.cn
        """;

    [Theory]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("EXAMPLE.com.", "example.com")]
    [InlineData("a.example.co.jp", "example.co.jp")]
    [InlineData("co.jp", "co.jp")]
    [InlineData("a.b.c.kawasaki.jp", "b.c.kawasaki.jp")]
    [InlineData("c.kawasaki.jp", "c.kawasaki.jp")]
    [InlineData("a.city.kawasaki.jp", "city.kawasaki.jp")]
    [InlineData("a.me.hosting.example", "me.hosting.example")]
    [InlineData("a.unknown.zz", "unknown.zz")]
    [InlineData("a.b.xn--55qx5d.cn", "b.xn--55qx5d.cn")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("com", "com")]
    [InlineData("", "")]
    public void The_registrable_domain_follows_the_rules(string name, string expected) =>
        Assert.Equal(expected, PublicSuffixList.Parse(Encoding.UTF8.GetBytes(Rules)).RegistrableDomain(name));

    [Theory]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("a.example.co.uk", "example.co.uk")]
    [InlineData("a.example.or.jp", "example.or.jp")]
    [InlineData("a.example.de", "example.de")]
    public void Without_a_list_the_usual_second_levels_of_countries_are_known(string name, string expected) =>
        Assert.Equal(expected, IntelSnapshot.Empty.RegistrableDomain(name));

    [Theory]
    [InlineData("a.b.example.co.jp.", "example.co.jp")]
    [InlineData("WWW.Example.COM", "Example.COM")]
    [InlineData("example.com", "example.com")]
    [InlineData("a.example.dynhost.example", "example.dynhost.example")]
    [InlineData("dynhost.example", "dynhost.example")]
    [InlineData("a.b.deep.zone.example", "b.deep.zone.example")]
    [InlineData("localhost", "")]
    [InlineData("192.0.2.1", "")]
    [InlineData("", "")]
    [InlineData(".", "")]
    public void The_registered_domain_is_the_end_of_the_name(string name, string expected)
    {
        var snapshot = IntelSnapshot.Create([ThreatListReader.Read("dynamic-dns", ThreatCategory.DynamicDns, "dynhost.example\ndeep.zone.example"u8)]);
        Assert.Equal(expected, Encoding.UTF8.GetString(snapshot.RegisteredDomain(Encoding.UTF8.GetBytes(name))));
    }

    [Fact]
    public void The_registered_domain_of_bytes_is_that_of_text() => Pick("a", "b", "com", "co", "uk", "jp", "example", "ck", "www").Array[2, 6].Sample(labels =>
    {
        var name = string.Join('.', labels);
        foreach (var list in new[] { PublicSuffixList.BuiltIn, PublicSuffixList.Parse("com\nuk\nco.uk\njp\n*.ck\n!www.ck\nexample.com\n"u8) })
            Assert.Equal(list.RegistrableDomain(name), Encoding.UTF8.GetString(IntelSnapshot.Create([], suffixes: list).RegisteredDomain(Encoding.UTF8.GetBytes(name))));
    });

    [Fact]
    public void Asking_for_the_registered_domain_allocates_nothing()
    {
        foreach (var list in new[] { PublicSuffixList.BuiltIn, PublicSuffixList.Parse("com\nuk\nco.uk\n*.ck\n"u8) })
        {
            var snapshot = IntelSnapshot.Create([ThreatListReader.Read("dynamic-dns", ThreatCategory.DynamicDns, "dynhost.example"u8)], suffixes: list);
            Assert.Equal(0, Yagura.Tests.Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) _ = snapshot.RegisteredDomain("assets.static.example.co.uk"u8);
            }));
        }
    }

    [Fact]
    public void Of_a_name_that_escapes_made_too_long_the_end_tells_the_domain() =>
        Assert.Equal("tunnel.example", Encoding.UTF8.GetString(IntelSnapshot.Empty.RegisteredDomain(Encoding.UTF8.GetBytes(new string('x', 900) + ".tunnel.example"))));

    [Fact]
    public void Known_zones_hold_what_lies_below_them()
    {
        Assert.True(KnownZones.Holds("D111111abcdef8.CloudFront.net."u8));
        Assert.True(KnownZones.Holds("7.100.51.198.in-addr.arpa"u8));
        Assert.True(KnownZones.Holds("printer.local"u8));
        Assert.False(KnownZones.Holds("notcloudfront.net"u8));
        Assert.False(KnownZones.Holds("local.example"u8));
    }
}
