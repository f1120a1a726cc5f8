using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Yagura.EC2;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class BeaconingTests
{
    private const string Me = "10.0.0.5", Server = "203.0.113.9", Client = "198.51.100.7";

    private static readonly Beaconing Detector = new();

    private static FlowLine Ask(int second, int port = 443, long bytes = 700) =>
        new(Me, Server) { SourcePort = 40_000 + second / 60 % 20_000, DestinationPort = port, Packets = 6, Bytes = bytes, Second = second };

    private static IEnumerable<FlowLine> Every(int period, int jitter = 0, int hours = 12, ulong seed = 1)
    {
        var random = new Numbers(seed);
        for (var at = 10.0; at < hours * 3_600; at += period + (2 * random.Next() - 1) * jitter) yield return Ask((int)at);
    }

    private static IReadOnlyList<Decision> Decide(params IEnumerable<FlowLine> lines) => FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide();

    [Theory]
    [InlineData(60, 0)]
    [InlineData(300, 100)]
    [InlineData(1_200, 300)]
    [InlineData(2_400, 200)]
    public void Connections_by_the_clock_are_a_beacon(int period, int jitter)
    {
        var found = Assert.Single(Decide(Every(period, jitter)));
        Assert.Equal(("Yagura:EC2/Beaconing", Severity.Medium, ResourceRole.Actor), (found.Detection.Type.Name, found.Detection.Severity, found.Detection.Role));
        Assert.Contains($"port 443 of {Server}", found.Detection.Why, StringComparison.Ordinal);
        Assert.InRange(found.Occurrences.Occurrences.Count, 0.88 * 12 * 3_600 / period, 1.12 * 12 * 3_600 / period);
    }

    [Fact]
    public void An_instance_that_is_asked_by_the_clock_is_the_target()
    {
        var found = Assert.Single(Decide(Every(300, 60).Select(line => line with { Source = Client, Destination = Me })));
        Assert.Equal((Severity.Low, ResourceRole.Target), (found.Detection.Severity, found.Detection.Role));
    }

    [Fact]
    public void Every_part_of_the_score_is_told()
    {
        var anomaly = Assert.Single(Decide(Every(300, 60))).Detection.Anomaly!;
        Assert.Equal(anomaly.Score, anomaly.Parts.Sum(part => part.Score), 9);
        Assert.Equal("share", anomaly.Unit);
        Assert.All(anomaly.Parts.Take(4), part => Assert.True(part.Compared[0].Usual!.Count >= 10));
        Assert.Equal(4, anomaly.Quiet.Count);
    }

    [Fact]
    public void Few_hours_or_few_connections_are_none()
    {
        Assert.Empty(Decide(Every(60, hours: 5)));
        Assert.Empty(Decide(Every(3_600, hours: 15)));
        Assert.NotEmpty(Decide(Every(3_600, hours: 17)));
    }

    [Fact]
    public void Connections_at_random_are_none()
    {
        var random = new Numbers(7);
        var found = 0;
        for (var day = 0; day < 200; day++)
        {
            var lines = new List<FlowLine>();
            for (var at = 0.0; at < 86_300; at -= 300 * Math.Log(1 - random.Next())) lines.Add(Ask((int)at));
            found += Decide(lines).Count;
        }
        Assert.InRange(found, 0, 4); // of 200 days, with the same size each time and in every hour
    }

    [Fact]
    public void One_long_connection_is_one_however_often_it_is_recorded() =>
        Assert.Empty(Decide(Enumerable.Range(0, 700).Select(minute => Ask(60 * minute) with { SourcePort = 41_000 })));

    [Fact]
    public void With_flags_only_records_with_a_SYN_open_a_connection()
    {
        Assert.Empty(Decide(Every(300).Select(line => line with { Flags = "0" })));
        Assert.Empty(Decide(Every(300).Select(line => line with { Flags = "18" })));
        Assert.NotEmpty(Decide(Every(300).Select(line => line with { Flags = "3" })));
    }

    [Fact]
    public void What_is_answered_and_what_is_turned_away_or_without_content_is_no_request()
    {
        Assert.Empty(Decide(Every(300).Select(line => line with { Source = Server, Destination = Me, SourcePort = 443, DestinationPort = line.SourcePort })));
        Assert.Empty(Decide(Every(300).Select(line => line with { Action = "REJECT" })));
        Assert.Empty(Decide(Every(300).Select(line => line with { Packets = 3, Bytes = 164 })));
    }

    [Theory]
    [InlineData(123, 17)]
    [InlineData(53, 17)]
    [InlineData(53, 6)]
    [InlineData(0, 1)]
    public void Time_names_and_echoes_are_none(int port, int protocol) =>
        Assert.Empty(Decide(Every(300).Select(line => line with { DestinationPort = port, Protocol = protocol })));

    [Fact]
    public void Neighbours_and_trusted_addresses_are_none()
    {
        Assert.Empty(Decide(Every(300).Select(line => line with { Destination = "10.0.0.9", Direction = "egress" })));
        var trusting = NetworkLogs.Knowing(("trusted", ThreatCategory.Trusted, Server));
        Assert.Empty(FlowStates.Of(Detector, Every(300), trusting).Decide());
    }

    [Fact]
    public void A_listed_server_is_reported_as_what_it_is()
    {
        var knowing = NetworkLogs.Knowing(("c2", ThreatCategory.CommandAndControl, Server));
        Assert.Empty(FlowStates.Of(Detector, Every(300), knowing).Decide());
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(6, 0)]
    public void A_peer_of_many_interfaces_is_a_service(int interfaces, int beacons) =>
        Assert.Equal(beacons, Decide(Enumerable.Range(0, interfaces).SelectMany(i => Every(300).Select(line => line with { Interface = $"eni-{i}", Source = $"10.0.1.{i}" }))).Count);

    [Fact]
    public void Guessing_logins_has_types_of_its_own()
    {
        Assert.Empty(Decide(Every(300).Select(line => line with { Source = Client, Destination = Me, DestinationPort = 22 })));
        Assert.Empty(Decide(Every(300).Select(line => line with { DestinationPort = 3389 })));
    }

    [Fact]
    public void A_day_stands_for_itself() =>
        Assert.Empty(Decide(Every(600, hours: 5).Select(line => line with { Second = line.Second + 84_000 - 6_000 })));

    [Fact]
    public void The_own_address_may_be_told_by_the_other_records()
    {
        var lines = Every(300, 60).Select(line => line with { Source = "198.51.100.50" }).ToList();
        var others = Enumerable.Range(0, 60).Select(i => new FlowLine("198.51.100.50", $"192.0.2.{i}") { SourcePort = 50_000, DestinationPort = 443, Second = i });
        Assert.Equal(ResourceRole.Actor, Assert.Single(Decide(lines.Concat(others))).Detection.Role);
    }

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_decisions()
    {
        FlowLine[] lines = [.. Every(300, 60).Concat(Every(900, 30).Select(line => line with { Source = Client, Destination = Me })).Concat(Every(61, 60, hours: 5).Select(line => line with { Destination = "192.0.2.77" }))];
        var expected = FlowStates.Of(Detector, lines, Knowledge.Nothing).Print();
        Assert.Equal(2, expected.Split('\n').Length);
        Gen.Select(Gen.Shuffle(lines), Gen.Int[1, 20], Gen.Int[0, 5]).Sample((shuffled, pieces, repeats) =>
        {
            var cut = shuffled.Chunk(lines.Length / pieces + 1).ToList();
            Assert.Equal(Sorted(expected), Sorted(FlowStates.InPieces(Detector, [.. cut, .. cut.Take(repeats), shuffled.Skip(30).Take(200)], Knowledge.Nothing).Print()));
        }, iter: 50);
    }

    private static string Sorted(string lines) => string.Join('\n', lines.Split('\n').Order(StringComparer.Ordinal));

    [Fact]
    public void A_quiet_flow_allocates_nothing()
    {
        var steps = new Steps();
        NetworkLogs.Read(FlowLine.Header + "\n" + Ask(60), flow: flow =>
        {
            Detector.Observe(flow, Knowledge.Nothing, steps);
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) Detector.Observe(flow, Knowledge.Nothing, steps);
            }));
        });
    }

    private sealed class Steps : ISteps<BeaconPairs>
    {
        private readonly BeaconPairs _pairs = new();
        public string ObjectName => "lines";
        public BeaconPairs Of(EntityKey key) => _pairs;
    }
}

/// <summary>Numbers by chance, the same ones each time.</summary>
internal sealed class Numbers(ulong state)
{
    /// <summary>0 to 1.</summary>
    public double Next()
    {
        var z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return ((z ^ (z >> 31)) >> 11) / (double)(1UL << 53);
    }
}
