using System.Globalization;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class FloodsTests
{
    private static readonly Floods Detector = Catalog.StatefulFlows.OfType<Floods>().Single();

    private const string Me = "10.0.0.5", Target = "198.51.100.7";

    private static FlowLine Sent(int number, long packets, long size, int protocol = 17, int port = 27_015, string to = Target) =>
        new(Me, to) { Protocol = protocol, SourcePort = 30_000 + number % 30_000, DestinationPort = port, Packets = packets, Bytes = packets * size, Second = number % 499 };

    private static FlowLine Back(int number, long packets, long size, int protocol = 17, int port = 27_015) =>
        new(Target, Me) { Protocol = protocol, SourcePort = port, DestinationPort = 30_000 + number % 30_000, Packets = packets, Bytes = packets * size, Second = number % 499 };

    private static string[] Types(params IEnumerable<FlowLine> lines) => [.. FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide().Select(decision => decision.Detection.Type.Name["Backdoor:EC2/DenialOfService.".Length..])];

    private static IEnumerable<FlowLine> Minutes(long packets, long size, int protocol = 17, int port = 27_015) => Enumerable.Range(0, 5).Select(minute => Sent(60 * minute, packets, size, protocol, port));

    [Theory]
    [InlineData(17, 53, "Dns")]
    [InlineData(17, 27_015, "Udp")]
    [InlineData(17, 22, "Udp", "UdpOnTcpPorts")]
    [InlineData(6, 443, "Tcp")]
    [InlineData(2, 0, "UnusualProtocol")]
    [InlineData(1, 0)]
    public void What_is_sent_decides_the_type(int protocol, int port, params string[] types) => Assert.Equal(types, Types(Minutes(40_000, 60, protocol, port)));

    [Fact]
    public void One_socket_that_sends_much_is_a_flood_and_its_records_are_told()
    {
        var decision = Assert.Single(FlowStates.Of(Detector, Minutes(20_000, 284), Knowledge.Nothing).Decide());
        Assert.Equal((ResourceRole.Actor, Severity.High, "eni-1"), (decision.Detection.Role, decision.Detection.Severity, decision.Detection.Subject));
        Assert.Equal("the instance sent 100,000 packets of UDP to 198.51.100.7 within ten minutes, and no answer was seen", decision.Detection.Why);
        Assert.Equal(5, decision.Occurrences.Occurrences.Count);
        Assert.Empty(Types(Minutes(19_999, 284)));
    }

    [Fact]
    public void A_new_socket_for_each_packet_is_a_flood_too_by_estimate()
    {
        var states = FlowStates.Of(Detector, Enumerable.Range(0, 400_000).Select(number => Sent(number, 1, 92, port: 53)), Knowledge.Nothing);
        var why = Assert.Single(states.Decide()).Detection.Why;
        Assert.StartsWith("the instance sent about ", why, StringComparison.Ordinal);
        Assert.InRange(long.Parse(why.Split(' ')[4], NumberStyles.AllowThousands, CultureInfo.InvariantCulture), 320_000, 480_000);
        Assert.True(Assert.Single(states.All).Sent!.Items.Count <= Traffic.MostRecords);
        Assert.Empty(Types(Enumerable.Range(0, 40_000).Select(number => Sent(number, 1, 92, port: 53))));
    }

    [Fact]
    public void Some_dozen_sockets_are_as_good() => Assert.Equal(["Udp"], Types(Enumerable.Range(0, 1_000).Select(number => Sent(number, 300, 600))));

    [Theory]
    [InlineData(17, 53, 60_000, 74, 59_900, 160)] // a forwarder
    [InlineData(17, 443, 300_000, 1_280, 6_000, 70)] // QUIC, seldom acknowledged
    [InlineData(17, 4_500, 300_000, 900, 30_000, 400)] // a VPN
    [InlineData(47, 0, 300_000, 900, 30_000, 400)]
    [InlineData(6, 443, 900_000, 1_450, 20_000, 52)] // a backup
    [InlineData(6, 443, 200_000, 52, 400_000, 1_450)] // acknowledges a download
    public void What_is_answered_was_asked_for(int protocol, int port, long packets, long size, long answers, long answerSize) =>
        Assert.Empty(Types([.. Minutes(packets, size, protocol, port), .. Enumerable.Range(0, 5).Select(minute => Back(60 * minute, answers, answerSize, protocol, port))]));

    [Fact]
    public void Queries_of_a_resolver_each_from_a_port_of_its_own_are_answered() =>
        Assert.Empty(Types(Enumerable.Range(0, 200_000).SelectMany(number => new[] { Sent(number, 1, 74, port: 53), Back(number, 1, 160, port: 53) })));

    [Fact]
    public void Syns_that_are_answered_are_a_flood_all_the_same() =>
        Assert.Equal(["Tcp"], Types([.. Minutes(40_000, 60, 6, 443), .. Enumerable.Range(0, 5).Select(minute => Back(60 * minute, 40_000, 44, 6, 443))]));

    [Fact]
    public void Private_targets_are_ignored() => Assert.Empty(Types(Minutes(500_000, 284).Select(line => line with { Destination = "10.0.0.9", Direction = "egress" })));

    [Fact]
    public void Being_flooded_is_not_flooding() => Assert.Empty(Types(Enumerable.Range(0, 5).Select(minute => Back(minute, 500_000, 284))));

    [Fact]
    public void Many_addresses_share_no_flood() => Assert.Empty(Types(Enumerable.Range(0, 50).Select(number => Sent(number, 50_000, 284, to: $"198.51.100.{number}"))));

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_decision()
    {
        var line = Gen.Select(Gen.Int[0, 400], Gen.OneOf(Gen.Const(1L), Gen.Const(700L), Gen.Const(20_000L)), Gen.Bool, (number, packets, sent) => sent ? Sent(number, packets, 284) : Back(number, 1 + packets / 300, 90));
        Gen.Select(line.Array[0, 80], Gen.Int[0, 80]).Sample((lines, cut) =>
            Assert.Equal(FlowStates.Of(Detector, lines, Knowledge.Nothing).Print(), FlowStates.InPieces(Detector, [lines.Skip(cut).Reverse(), lines, lines.Take(cut)], Knowledge.Nothing).Print()), iter: 100);
    }

    [Fact]
    public void A_sample_is_the_same_in_any_order_and_its_sum_near_the_truth()
    {
        var item = Gen.Select(Gen.Int, Gen.OneOf(Gen.Long[1, 10], Gen.Long[1, 100_000]), (number, packets) => new PacketRecord((ulong)Logs.ContentHash.Of(BitConverter.GetBytes(number)), packets, 60 * packets, 1));
        Gen.Select(item.Array[500, 1_500], Gen.Int[0, 500]).Sample((items, cut) =>
        {
            var (whole, one, other) = (new PrioritySample<PacketRecord>(256, 1_000), new PrioritySample<PacketRecord>(256, 1_000), new PrioritySample<PacketRecord>(256, 1_000));
            foreach (var i in items) whole.Add(i);
            foreach (var i in items.Skip(cut).Reverse()) one.Add(i);
            foreach (var i in items.Take(2 * cut)) other.Add(i);
            one.Merge(other);
            one.Merge(other);
            Assert.Equal((whole.Threshold, whole.Packets(), whole.Bytes()), (one.Threshold, one.Packets(), one.Bytes()));
            Assert.Equal(whole.Items, one.Items);
            Assert.InRange(whole.Packets() / (double)items.Distinct().Sum(i => i.Packets), 0.6, 1.4);
        }, iter: 100);
    }

    [Fact]
    public void A_quiet_flow_allocates_nothing() =>
        NetworkLogs.Read(FlowLine.Header + "\n" + Sent(7, 1, 92), flow: flow =>
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) Detector.Observe(flow, Knowledge.Nothing, null!);
            })));
}
