using System.Text;
using CsCheck;
using Yagura.Core;
using Yagura.Tests;

namespace Yagura.Intel.Tests;

public sealed class AddressTests
{
    private static readonly ThreatCategory[] Categories =
        [ThreatCategory.Malicious, ThreatCategory.Custom, ThreatCategory.TorExit, ThreatCategory.Scanner, ThreatCategory.Trusted];

    /// <summary>Few leading bits, so that prefixes nest, touch and repeat.</summary>
    private static readonly Gen<AddressRange> V4Ranges =
        Gen.Select(Gen.UInt[0xC000_0000, 0xC000_FFFF], Gen.Int[8, 32], Gen.Int[0, 3]).Select((bits, length, kind) =>
        {
            var hosts = kind == 0 ? bits & 0xFF : (uint)((1UL << (32 - length)) - 1); // some are plain ranges and no prefixes
            return kind == 0
                ? new AddressRange(IpAddress.FromV4(bits), IpAddress.FromV4(Math.Max(bits, bits + hosts)))
                : new AddressRange(IpAddress.FromV4(bits & ~hosts), IpAddress.FromV4(bits | hosts));
        });

    private static readonly Gen<AddressRange> V6Ranges =
        Gen.Select(Gen.ULong[0, 0xFF], Gen.ULong, Gen.Int[16, 128]).Select((middle, low, length) =>
        {
            var bits = new UInt128(0x2001_0DB8_0000_0000 | middle, low);
            var hosts = length == 128 ? 0 : (UInt128.One << (128 - length)) - 1;
            return new AddressRange(AddressRange.Narrow(bits & ~hosts), AddressRange.Narrow(bits | hosts));
        });

    [Fact]
    public void A_snapshot_finds_what_a_walk_over_every_range_finds_in_IPv4() => Agrees(V4Ranges, Gen.UInt[0xBFFF_FF00, 0xC001_00FF].Select(IpAddress.FromV4));

    [Fact]
    public void A_snapshot_finds_what_a_walk_over_every_range_finds_in_IPv6() =>
        Agrees(V6Ranges, Gen.Select(Gen.ULong[0, 0xFF], Gen.ULong).Select((middle, low) => new IpAddress(0x2001_0DB8_0000_0000 | middle, low)));

    private static void Agrees(Gen<AddressRange> ranges, Gen<IpAddress> addresses) =>
        Gen.Select(ranges.Array[0, 12].Array[1, Categories.Length], addresses.Array[20]).Sample((lists, asked) =>
        {
            var parsed = lists.Select((r, i) => ListOf($"list-{i}", Categories[i], r)).ToArray();
            var snapshot = IntelSnapshot.Create(parsed);
            // The edges of every range are asked too: that is where a trie goes wrong.
            foreach (var address in asked.Concat(lists.SelectMany(l => l).SelectMany(r => new[] { r.First, r.Last })))
            {
                var holding = parsed.Where(p => p.Addresses.Any(r => r.Holds(address))).Select(p => p.List).ToArray();
                var trusted = holding.Any(l => l.Category == ThreatCategory.Trusted);
                var found = snapshot.Find(address);
                Assert.Equal(trusted, snapshot.IsTrusted(address));
                Assert.Equal(!found.IsNothing, snapshot.IsListed(address));
                Assert.Equal(trusted ? [] : holding, found.Lists);
                Assert.Equal(trusted ? 0 : holding.Aggregate(ThreatCategory.None, (c, l) => c | l.Category), found.Categories);
            }
        }, iter: 2_000);

    [Fact]
    public void The_order_of_the_lists_makes_no_difference()
    {
        ParsedList[] lists = [Text("b", ThreatCategory.Scanner, "192.0.2.1"), Text("a", ThreatCategory.Malicious, "192.0.2.0/24")];
        var snapshot = IntelSnapshot.Create(lists);
        var other = IntelSnapshot.Create(lists.Reverse().ToArray());
        Assert.Equal(snapshot.Hash, other.Hash);
        Assert.Equal(["a", "b"], snapshot.Find(Ip("192.0.2.1")).Lists.Select(l => l.Name));
        Assert.Equal(["a", "b"], other.Find(Ip("192.0.2.1")).Lists.Select(l => l.Name));
        Assert.NotEqual(snapshot.Hash, IntelSnapshot.Create(lists[..1]).Hash);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.20.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    public void A_private_address_never_matches_even_inside_a_listed_range(string address)
    {
        var everything = new AddressRange(IpAddress.FromV4(0), IpAddress.FromV4(uint.MaxValue));
        var v6 = new AddressRange(new(0xFC00_0000_0000_0000, 0), new(0xFDFF_FFFF_FFFF_FFFF, ulong.MaxValue));
        var snapshot = IntelSnapshot.Create([ListOf("all", ThreatCategory.Malicious, [everything, v6])]);
        Assert.True(snapshot.Find(Ip(address)).IsNothing);
        Assert.False(snapshot.IsListed(Ip(address)));
    }

    [Fact]
    public void Nothing_is_known_to_the_empty_snapshot()
    {
        Assert.True(IntelSnapshot.Empty.Find(Ip("192.0.2.1")).IsNothing);
        Assert.Empty(IntelSnapshot.Empty.Find(Ip("192.0.2.1")).Lists);
        Assert.True(IntelSnapshot.Empty.FindDomain("c2.example"u8).IsNothing);
        Assert.True(IntelSnapshot.Empty.FindKey("AKIAIOSFODNN7EXAMPLE"u8).IsNothing);
        Assert.Null(IntelSnapshot.Empty.IsAws(Ip("192.0.2.1")));
        Assert.Null(IntelSnapshot.Empty.Locate(Ip("192.0.2.1")));
        Assert.Equal("", IntelSnapshot.Empty.Hash);
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        var snapshot = IntelSnapshot.Create(
            [Text("a", ThreatCategory.Malicious, "192.0.2.0/24\n2001:db8::/32\nc2.example\nAKIAIOSFODNN7EXAMPLE")]);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                if (snapshot.Find(new(0, 0xFFFF_C000_0201)).IsNothing || snapshot.Find(new(0x2001_0DB8_0000_0000, 1)).IsNothing) Assert.Fail();
                if (snapshot.FindDomain("www.C2.example"u8).IsNothing || snapshot.FindKey("AKIAIOSFODNN7EXAMPLE"u8).IsNothing) Assert.Fail();
            }
        }));
    }

    [Theory]
    [InlineData("192.0.2.77/24", "192.0.2.0", "192.0.2.255")]
    [InlineData("192.0.2.1-192.0.2.9", "192.0.2.1", "192.0.2.9")]
    [InlineData("192.0.2.1 - 192.0.2.9", "192.0.2.1", "192.0.2.9")]
    [InlineData("2001:db8::/126", "2001:db8::", "2001:db8::3")]
    [InlineData("192.0.2.1", "192.0.2.1", "192.0.2.1")]
    public void A_range_is_read_as_written(string text, string first, string last)
    {
        Assert.True(AddressRange.TryParse(Encoding.UTF8.GetBytes(text), out var range));
        Assert.Equal(new(Ip(first), Ip(last)), range);
    }

    [Theory]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.9-192.0.2.1")]
    [InlineData("192.0.2.1-2001:db8::1")]
    [InlineData("2001:db8::/129")]
    [InlineData("")]
    [InlineData("/")]
    public void What_is_no_range_is_refused(string text) => Assert.False(AddressRange.TryParse(Encoding.UTF8.GetBytes(text), out _));

    internal static Gen<string> Pick(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    internal static IpAddress Ip(string text) => IpAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    internal static ParsedList Text(string name, ThreatCategory category, string content) =>
        ThreatListReader.Read(name, category, Encoding.UTF8.GetBytes(content));

    private static ParsedList ListOf(string name, ThreatCategory category, AddressRange[] ranges) =>
        new(new(name, category, null, ranges.Length, 0, 0, name), ListFormat.Txt, ranges, [], [], 0, []);
}
