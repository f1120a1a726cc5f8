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
        Assert.Equal(BeaconNote.Size, Unsafe.SizeOf<BeaconNote>());
        Assert.Equal(28, BeaconNote.Size);
    }

    [Fact]
    public void A_start_keeps_time_and_size()
    {
        Gen.Select(Gen.Int[0, 86_399], Gen.UShort, Gen.UInt[40, 1 << 20]).Sample((second, port, bytes) =>
        {
            var start = BeaconStart.Of(second, port, BeaconStart.WeightOf(bytes));
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

    private static readonly Gen<uint[]> Starts = Gen.Select(Gen.Int[0, 86_399], Gen.UShort[0, 3]).Select((second, port) => BeaconStart.Of(second, port, BeaconStart.WeightOf(100)).Value).Array[0, 60];

    [Fact]
    public void Merging_pairs_is_commutative_associative_and_idempotent()
    {
        Gen.Select(Starts, Starts, Starts).Sample((a, b, c) =>
        {
            static BeaconPair Merged(BeaconPair one, BeaconPair other)
            {
                one.Merge(other, new BeaconNames());
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
        NetworkLogs.Read(FlowLine.Header + "\n" + string.Concat(busy) + string.Concat(rare), flow: flow => pairs.Add(flow, flow.Destination, flow.Source, BeaconEnds.Target, isTold: true, steps));
        const int MostBytes = 5_500;
        var few = new BeaconPairs(MostBytes);
        few.Merge(pairs);
        Assert.InRange(few.Bytes, MostBytes / 2, MostBytes);
        Assert.Equal(210 - few.Count, few.Evicted);
        Assert.InRange(few.Evicted, 1, 150);
        Assert.Equal(10, few.Repeated);
        var singles = Enumerable.Range(0, few.Table.Singles.Count).Select(row => Core.IpAddress.FromV4(few.Table.Singles[row].Remote).ToString()).ToList();
        Assert.Contains("192.0.2.199", singles);
        Assert.DoesNotContain("192.0.2.0", singles);
    }

    [Fact]
    public void Order_pieces_repetition_and_storing_do_not_change_a_table()
    {
        var line = Gen.Select(Gen.Int[1, 12], Gen.Int[0, 20], Gen.Int[0, 2], Gen.Int[0, 1]).Select((client, at, port, longer) =>
            Line($"198.51.100.{client}", 3_000 * at + at % 3) with { SourcePort = 40_000 + port, Packets = 10 + longer, Direction = client % 4 == 0 ? "egress" : "-" });
        Gen.Select(line.Array[1, 120], Gen.Int[0, 120]).Sample((lines, cut) =>
        {
            var expected = Told(Merged([lines]));
            Assert.Equal(expected, Told(Merged([lines.Skip(cut).Reverse(), lines, lines.Take(cut)])));
            Assert.Equal(expected, Told(Merged([lines.Take(cut).Reverse(), lines.Skip(cut)])));
            var (first, rest) = (Merged([lines.Take(cut)]), NotedIn(lines.Skip(cut)));
            first.Merge(Stored(rest));
            Assert.Equal(expected, Told(Stored(first)));
        }, iter: 300);
    }

    private static BeaconPairs Merged(IEnumerable<IEnumerable<FlowLine>> pieces)
    {
        var all = new BeaconPairs();
        foreach (var piece in pieces) all.Merge(NotedIn(piece));
        return all;
    }

    private static BeaconPairs NotedIn(IEnumerable<FlowLine> lines)
    {
        var pairs = new BeaconPairs();
        var steps = new Steps(pairs);
        if (lines.Any()) NetworkLogs.Read(FlowLine.Header + "\n" + string.Concat(lines), flow: flow => pairs.Add(flow, flow.Destination, flow.Source, BeaconEnds.Target, isTold: true, steps));
        return pairs;
    }

    private static BeaconPairs Stored(BeaconPairs pairs) => new([.. pairs.Owners], [.. pairs.Objects], pairs.Singles, pairs.Rows);

    private static IEnumerable<string> Told(BeaconPairs pairs) => Enumerable.Range(0, pairs.Table.Singles.Count).Select(row => new BeaconPair(pairs.Table.Singles[row]))
        .Concat(Enumerable.Range(0, pairs.Repeated).Select(row => pairs[row]))
        .Select(pair => $"{pair.Key with { Owner = 0 }} {pair.First} {pair.Newest with { Object = 0, Line = 0 }} {pair.Hours} {pair.IsThinned} {string.Join(' ', pair.Connections.ToArray())}").Order(StringComparer.Ordinal);

    private static FlowLine Line(string client, int second) => new(client, "10.0.0.5") { SourcePort = 40_000 + second % 20_000, DestinationPort = 443, Second = second };

    private sealed class Steps(BeaconPairs pairs) : ISteps<BeaconPairs>
    {
        public string ObjectName => "lines";
        public BeaconPairs Of(EntityKey key) => pairs;
    }
}
