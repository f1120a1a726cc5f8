using System.Runtime.CompilerServices;
using CsCheck;
using Yagura.Detectors.Yagura.EC2;

namespace Yagura.Detectors.Tests;

public sealed class BeaconPairsTests
{
    [Fact]
    public void A_pair_takes_what_it_says()
    {
        Assert.Equal(BeaconPair.Size, Unsafe.SizeOf<BeaconPair>());
        Assert.Equal(116, BeaconPair.Size);
    }

    [Fact]
    public void A_start_keeps_time_and_size()
    {
        Gen.Select(Gen.Int[0, 86_399], Gen.UShort, Gen.UInt[40, 1 << 20]).Sample((second, port, bytes) =>
        {
            var start = BeaconStart.Of(second, port, bytes);
            Assert.Equal((second / 3_600, second - second % 2), (start.Hour, start.Second));
            Assert.InRange(start.Bytes, bytes / 1.0323, bytes * 1.0323);
        });
    }

    private static BeaconPair PairOf(IEnumerable<uint> starts)
    {
        var pair = new BeaconPair();
        foreach (var start in starts) pair.Add(new(start));
        return pair;
    }

    private static readonly Gen<uint[]> Starts = Gen.Select(Gen.Int[0, 86_399], Gen.UShort[0, 3]).Select((second, port) => BeaconStart.Of(second, port, 100).Value).Array[0, 60];

    [Fact]
    public void Merging_pairs_is_commutative_associative_and_idempotent()
    {
        Gen.Select(Starts, Starts, Starts).Sample((a, b, c) =>
        {
            static BeaconPair Merged(BeaconPair one, BeaconPair other)
            {
                one.Merge(other);
                return one;
            }
            void Same(BeaconPair one, BeaconPair other)
            {
                Assert.Equal(one.Connections.ToArray(), other.Connections.ToArray());
                Assert.Equal((one.Hours, one.IsThinned, one.First), (other.Hours, other.IsThinned, other.First));
            }
            var (x, y, z) = (PairOf(a), PairOf(b), PairOf(c));
            Same(Merged(x, y), Merged(y, x));
            Same(Merged(Merged(x, y), z), Merged(x, Merged(y, z)));
            Same(Merged(x, x), x);
            // And equal to having seen everything at once.
            Same(Merged(x, y), PairOf(a.Concat(b)));
            Assert.Equal(a.Concat(b).Distinct().Order().Take(BeaconPair.MostStarts), Merged(x, y).Connections.ToArray());
        });
    }

    [Fact]
    public void The_rarest_and_oldest_leave_first_and_are_counted()
    {
        var pairs = new BeaconPairs();
        var steps = new Steps(pairs);
        var busy = Enumerable.Range(0, 10).SelectMany(client => Enumerable.Range(0, 17).Select(i => Line($"198.51.100.{client}", 1_300 * i)));
        var rare = Enumerable.Range(0, 200).Select(client => Line($"192.0.2.{client}", 30_000 + client));
        NetworkLogs.Read(FlowLine.Header + "\n" + string.Concat(busy) + string.Concat(rare), flow: flow => pairs.Add(flow, flow.Destination, flow.Source, isTarget: true, isTold: true, steps));
        var few = new BeaconPairs(mostPairs: 64);
        few.Merge(pairs);
        Assert.InRange(few.Count, 50, 63);
        Assert.Equal(210 - few.Count, few.Evicted);
        var left = Enumerable.Range(0, few.Count).Select(row => Yagura.Core.IpAddress.FromV4(few[row].Remote).ToString()).ToList();
        Assert.Equal(10, left.Count(address => address.StartsWith("198.51", StringComparison.Ordinal)));
        Assert.Contains("192.0.2.199", left);
        Assert.DoesNotContain("192.0.2.0", left);
    }

    private static FlowLine Line(string client, int second) => new(client, "10.0.0.5") { SourcePort = 40_000 + second % 20_000, DestinationPort = 443, Second = second };

    private sealed class Steps(BeaconPairs pairs) : ISteps<BeaconPairs>
    {
        public string ObjectName => "lines";
        public BeaconPairs Of(EntityKey key) => pairs;
    }
}
