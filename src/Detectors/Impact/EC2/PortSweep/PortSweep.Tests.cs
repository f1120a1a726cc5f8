using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Impact.EC2;

namespace Yagura.Detectors.Tests;

public sealed class PortSweepTests
{
    private static readonly PortSweep Detector = new();

    private const string Me = "10.0.0.5";

    private static FlowLine Try(int host, int port = 2_375) =>
        new(Me, $"198.51.{100 + host / 256}.{host % 256}") { SourcePort = 40_000 + host % 20_000, DestinationPort = port, Packets = 1, Bytes = 60, Second = host };

    private static FlowLine Talk(int host, int port = 2_375) => Try(host, port) with { Packets = 12, Bytes = 1_900 };

    private static IEnumerable<FlowLine> Tries(int count, int first = 0) => Enumerable.Range(first, count).Select(host => Try(host));

    private static IReadOnlyList<Decision> Decide(IEnumerable<FlowLine> lines) => FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide();

    [Fact]
    public void A_hundred_hosts_in_vain_are_a_sweep()
    {
        var decision = Assert.Single(Decide(Tries(100)));
        Assert.Equal(("Impact:EC2/PortSweep", ResourceRole.Actor, Severity.High), (decision.Detection.Type.Name, decision.Detection.Role, decision.Detection.Severity));
        Assert.Equal((ConnectionDirection.Outbound, 2_375), (((NetworkConnectionAction)decision.Detection.Action).Direction, ((NetworkConnectionAction)decision.Detection.Action).RemotePort));
        Assert.Equal("the instance tried port 2375 of 100 public addresses in vain within a day", decision.Detection.Why);
        Assert.Empty(Decide(Tries(99)));
    }

    [Fact]
    public void A_sweep_that_finds_some_hosts_and_talks_with_them_is_one() => Assert.Single(Decide([.. Tries(200), .. Enumerable.Range(0, 30).Select(host => Talk(host))]));

    [Fact]
    public void A_crawler_talks_with_more_than_are_gone() => Assert.Empty(Decide([.. Tries(300), .. Enumerable.Range(1_000, 2_000).Select(host => Talk(host))]));

    [Fact]
    public void The_ends_of_connections_that_outlast_the_minute_are_no_tries() =>
        Assert.Empty(Decide(Enumerable.Range(0, 2_000).SelectMany(host => new[] { Talk(host), Try(host) with { Packets = 2, Bytes = 104, Second = host + 60 } })));

    [Fact]
    public void Private_addresses_do_not_count() => Assert.Empty(Decide(Enumerable.Range(0, 200).Select(host => Try(host) with { Destination = $"10.0.1.{host}", Direction = "egress" })));

    [Fact]
    public void Answers_to_the_internet_are_no_tries() =>
        Assert.Empty(Decide(Tries(500).Select(line => line with { SourcePort = 443, DestinationPort = line.SourcePort })));

    [Fact]
    public void Large_sweeps_are_counted_by_estimate_in_little_memory()
    {
        var states = FlowStates.Of(Detector, Enumerable.Range(0, 20_000).Select(host => Try(host) with { Destination = $"{101 + host / 65_536}.7.{host / 256 % 256}.{host % 256}" }), Knowledge.Nothing);
        Assert.Contains("about", Assert.Single(states.Decide()).Detection.Why, StringComparison.Ordinal);
        Assert.True(Assert.Single(states.All).Tried!.Kept.Count <= 1_024);
    }

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_decision()
    {
        var line = Gen.Select(Gen.Int[0, 200], Gen.Int[0, 9], (host, kind) => kind == 0 ? Talk(host) : Try(host));
        Gen.Select(line.Array[0, 300], Gen.Int[0, 300]).Sample((lines, cut) =>
            Assert.Equal(FlowStates.Of(Detector, lines, Knowledge.Nothing).Print(), FlowStates.InPieces(Detector, [lines.Skip(cut).Reverse(), lines, lines.Take(cut)], Knowledge.Nothing).Print()), iter: 50);
    }
}
