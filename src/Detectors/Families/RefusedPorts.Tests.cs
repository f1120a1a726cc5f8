using CsCheck;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Tests;

public sealed class RefusedPortsTests
{
    private static RefusedPorts Set(params IEnumerable<ulong> numbers)
    {
        var set = new RefusedPorts();
        foreach (var number in numbers) set.Add(number);
        return set;
    }

    // A few clients whose places are close, each with many ports.
    private static readonly Gen<ulong[]> Numbers = Gen.Select(Gen.ULong[0, 5], Gen.ULong[1, 60]).Select((client, port) => (ulong.MaxValue - (client << RefusedPorts.PortBits + 30) & ~0xFF_FFFFUL) | port).Array[0, 300];

    [Fact]
    public void Of_each_client_the_smallest_are_kept_whatever_the_order()
    {
        Gen.Select(Numbers, Gen.Int[0, 300]).Sample((numbers, cut) =>
        {
            var expected = numbers.Distinct().GroupBy(number => number >> RefusedPorts.PortBits).SelectMany(client => client.Order().Take(RefusedPorts.MostOfOne)).Order();
            Assert.Equal(expected, Set(numbers).All.Order());
            Assert.Equal(expected, Set(numbers.Reverse()).All.Order());
            Assert.Equal(expected, Set([.. Set(numbers.Skip(cut)).All, .. Set(numbers.Take(cut)).All, .. Set(numbers).All]).All.Order());
            Assert.Equal(expected.Count(), Set(numbers).Count);
        });
    }

    [Fact]
    public void A_client_has_its_own_ports()
    {
        var set = Set(1UL << 24 | 7, 1UL << 24 | 9, 2UL << 24 | 7);
        Assert.Equal([7u, 9u], set.Of(1).Order());
        Assert.Equal([7u], set.Of(2));
        Assert.Empty(set.Of(3));
        set.ForgetSingles();
        Assert.Equal((2, 0), (set.Of(1).Count, set.Of(2).Count));
        Assert.Equal(2, set.Count);
    }

    [Fact]
    public void A_million_clients_take_sixteen_bytes_each()
    {
        var set = new RefusedPorts();
        for (var client = 1UL; client <= 1_000_000; client++) set.Add(client * 0x9E3779B97F4A7C15);
        Assert.Equal(1_000_000, set.Count);
        var merged = new RefusedPorts();
        merged.Reserve(set.Count);
        foreach (var number in set.All) merged.Add(number);
        Assert.Equal(set.All.Order(), merged.All.Order());
    }
}
