using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Recon.EC2;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class PortscanTests
{
    private static readonly Portscan Detector = new();

    private const string Me = "10.0.0.5", Host = "198.51.100.7";

    private static FlowLine Try(int port, string host = Host) => new(Me, host) { SourcePort = 45_000, DestinationPort = port, Packets = 1, Bytes = 60, Second = port % 3_000 };

    private static IEnumerable<FlowLine> Tries(int count, int first = 1_000) => Enumerable.Range(first, count).Select(port => Try(port));

    private static IReadOnlyList<Decision> Decide(IEnumerable<FlowLine> lines) => FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide();

    [Fact]
    public void Fifty_ports_of_one_host_in_vain_are_a_scan()
    {
        var decision = Assert.Single(Decide(Tries(50)));
        Assert.Equal(("Recon:EC2/Portscan", "eni-1", ResourceRole.Actor, Severity.Medium), (decision.Detection.Type.Name, decision.Detection.Subject, decision.Detection.Role, decision.Detection.Severity));
        Assert.Equal((ConnectionDirection.Outbound, Host), (Assert.IsType<NetworkConnectionAction>(decision.Detection.Action).Direction, ((NetworkConnectionAction)decision.Detection.Action).RemoteIp.Address.ToString()));
        Assert.Equal("the instance tried 50 ports of 198.51.100.7 in vain within a day", decision.Detection.Why);
        Assert.Empty(Decide(Tries(49)));
    }

    [Theory]
    [InlineData("2", 1, 60, "ACCEPT", true)] // SYN alone
    [InlineData("2", 6, 360, "ACCEPT", true)] // repeated, without an answer
    [InlineData("6", 2, 80, "ACCEPT", true)] // SYN, and RST to the answer, as scanners that do not connect send
    [InlineData("2", 1, 60, "REJECT", true)]
    [InlineData("-", 1, 44, "ACCEPT", true)]
    [InlineData("-", 1, 40, "ACCEPT", false)] // as a closed port answers
    [InlineData("-", 6, 312, "ACCEPT", true)]
    [InlineData("3", 4, 216, "ACCEPT", false)] // connected and closed
    [InlineData("2", 12, 1_900, "ACCEPT", false)]
    [InlineData("-", 4, 216, "ACCEPT", false)] // packets of different sizes: it was answered
    [InlineData("-", 40, 2_080, "ACCEPT", false)] // acknowledges a download
    [InlineData("1", 2, 104, "ACCEPT", false)] // the end of a connection
    public void A_try_is_a_first_packet_that_nobody_answers(string flags, long packets, long bytes, string action, bool counts) =>
        Assert.Equal(counts ? 1 : 0, Decide(Tries(60).Select(line => line with { Flags = flags, Packets = packets, Bytes = bytes, Action = action })).Count);

    [Fact]
    public void What_the_instance_answers_to_others_is_no_scan_of_theirs() =>
        Assert.Empty(Decide(Enumerable.Range(40_000, 500).Select(port => new FlowLine(Me, Host) { SourcePort = 8_080, DestinationPort = port, Packets = 1, Bytes = 40, Second = port % 3_000 })));

    [Fact]
    public void Many_hosts_with_a_few_ports_each_are_no_port_scan() =>
        Assert.Empty(Decide(from host in Enumerable.Range(1, 50) from port in Enumerable.Range(1_000, 10) select Try(port, $"198.51.100.{host}")));

    [Fact]
    public void Being_scanned_is_not_scanning()
    {
        Assert.Empty(Decide(Tries(500).Select(line => line with { Source = "198.51.100.7", Destination = Me })));
        Assert.Empty(Decide(Tries(500).Select(line => line with { Source = "10.0.0.9", Destination = Me, Direction = "ingress" })));
    }

    [Fact]
    public void A_neighbour_may_be_the_one_that_is_scanned()
    {
        var other = new FlowLine(Me, "192.0.2.1") { SourcePort = 40_000, DestinationPort = 443 };
        Assert.Single(Decide([.. Tries(60).Select(line => line with { Destination = "10.0.0.9" }), other]));
        Assert.Empty(Decide([.. Tries(60).Select(line => line with { Destination = "10.0.0.9" }), other with { Source = "10.0.0.9" }]));
    }

    [Fact]
    public void A_day_stands_for_itself() => Assert.Empty(Decide([.. Tries(49), .. Tries(49, 5_000).Select(line => line with { Second = 86_500 })]));

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_decision()
    {
        Gen.Select(Gen.Int[1, 90].Select(port => Try(port)).Array[0, 150], Gen.Int[0, 150]).Sample((lines, cut) =>
            Assert.Equal(FlowStates.Of(Detector, lines, Knowledge.Nothing).Print(), FlowStates.InPieces(Detector, [lines.Skip(cut).Reverse(), lines, lines.Take(cut)], Knowledge.Nothing).Print()), iter: 50);
    }

    [Fact]
    public void A_quiet_flow_allocates_nothing() =>
        NetworkLogs.Read(FlowLine.Header + "\n" + new FlowLine(Me, Host) { SourcePort = 51_234, DestinationPort = 5_432, Bytes = 8_400 }, flow: flow =>
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) Detector.Observe(flow, Knowledge.Nothing, null!);
            })));
}
