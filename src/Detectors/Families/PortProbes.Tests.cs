using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;

namespace Yagura.Detectors.Tests;

public sealed class PortProbesTests
{
    private static readonly PortProbes Detector = Catalog.StatefulFlows.OfType<PortProbes>().Single();

    private const string Me = "10.0.0.5", Scanner = "198.51.100.99";

    private static FlowLine Refused(int port, string by = "REJECT") => by switch
    {
        "REJECT" => new(Scanner, Me) { SourcePort = 50_000, DestinationPort = port, Packets = 1, Bytes = 44, Action = "REJECT", Second = port },
        _ => new(Me, Scanner) { SourcePort = port, DestinationPort = 50_000, Packets = 1, Bytes = 40, Second = port },
    };

    private static FlowLine Answered(int port = 22, string remote = Scanner) => new(Me, remote) { SourcePort = port, DestinationPort = 50_001, Packets = 1, Bytes = 44, Second = port };

    private static IEnumerable<FlowLine> Knocks(int count, string by = "REJECT") => Enumerable.Range(2_000, count).Select(port => Refused(port, by));

    private static IReadOnlyList<Decision> Decide(IEnumerable<FlowLine> lines, Knowledge? knowledge = null) => FlowStates.Of(Detector, lines, knowledge ?? Knowledge.Nothing).Decide();

    [Theory]
    [InlineData("REJECT")]
    [InlineData("reset")]
    public void Who_is_refused_at_six_ports_is_a_scanner_and_the_port_that_answers_is_probed(string by)
    {
        var decision = Assert.Single(Decide([.. Knocks(6, by), Answered()]));
        Assert.Equal(("Recon:EC2/PortProbeUnprotectedPort", "eni-1", ResourceRole.Target, Severity.Low), (decision.Detection.Type.Name, decision.Detection.Subject, decision.Detection.Role, decision.Detection.Severity));
        var probe = Assert.Single(Assert.IsType<PortProbeAction>(decision.Detection.Action).Probes);
        Assert.Equal((22, Me, Scanner), (probe.LocalPort, probe.LocalIp.ToString(), probe.RemoteIp.Address.ToString()));
        Assert.Equal("198.51.100.99, which was refused at 6 other ports within a day, reached port 22 of the instance and was answered", decision.Detection.Why);
        Assert.Empty(Decide([.. Knocks(5, by), Answered()]));
        Assert.Empty(Decide(Knocks(500, by)));
    }

    [Fact]
    public void A_listed_scanner_needs_no_refusals()
    {
        var decision = Assert.Single(Decide([Answered()], NetworkLogs.Knowing(("known-scanners", ThreatCategory.Scanner, Scanner))));
        Assert.Equal("known-scanners", Assert.Single(decision.Detection.ThreatIntelligence).ThreatListName);
        Assert.Empty(Decide([Answered()], NetworkLogs.Knowing(("other", ThreatCategory.Malicious, Scanner))));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(443)]
    public void The_ports_that_are_there_for_everybody_are_never_probed(int port) => Assert.Empty(Decide([.. Knocks(50), Answered(port)]));

    [Theory]
    [InlineData(9200, "Recon:EC2/PortProbeUnprotectedPort", Severity.High)]
    [InlineData(9300, "Recon:EC2/PortProbeUnprotectedPort", Severity.High)]
    [InlineData(3306, "Recon:EC2/PortProbeUnprotectedPort", Severity.Low)]
    [InlineData(8088, "Recon:EC2/PortProbeEMRUnprotectedPort", Severity.High)]
    public void The_port_says_how_grave_it_is(int port, string type, Severity severity)
    {
        var detection = Assert.Single(Decide([.. Knocks(10), Answered(port)])).Detection;
        Assert.Equal((type, severity), (detection.Type.Name, detection.Severity));
    }

    [Fact]
    public void A_scanner_is_recognised_over_all_interfaces_of_the_account()
    {
        var decisions = Decide([.. Enumerable.Range(1, 6).Select(number => Refused(22) with { Interface = $"eni-{number}", Destination = $"10.0.0.{number}" }), Answered() with { Interface = "eni-9" }]);
        Assert.Equal("eni-9", Assert.Single(decisions).Detection.Subject);
    }

    [Fact]
    public void A_port_that_answers_at_times_does_not_refuse() =>
        Assert.Empty(Decide(Enumerable.Range(2_000, 12).SelectMany(port => new[] { Refused(port, "reset"), Answered(port) })));

    [Fact]
    public void The_ends_of_the_instances_own_connections_are_no_refusals() =>
        Assert.Empty(Decide([.. Enumerable.Range(2_000, 300).Select(port => new FlowLine(Me, Scanner) { SourcePort = port, DestinationPort = 8_443, Packets = 1, Bytes = 40 }), Answered()]));

    [Fact]
    public void Neighbours_are_no_scanners_of_the_internet() =>
        Assert.Empty(Decide([.. Knocks(50).Select(line => line with { Source = "10.0.0.9", Direction = "ingress" }), Answered(remote: "10.0.0.9") with { Direction = "egress" }]));

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_decision()
    {
        var line = Gen.Select(Gen.Int[1, 60], Gen.Int[0, 4], (port, kind) => kind switch { 0 => Answered(port), 1 => Refused(port, "reset"), _ => Refused(port) });
        Gen.Select(line.Array[0, 60], Gen.Int[0, 60]).Sample((lines, cut) =>
            Assert.Equal(FlowStates.Of(Detector, lines, Knowledge.Nothing).Print(), FlowStates.InPieces(Detector, [lines.Skip(cut).Reverse(), lines, lines.Take(cut)], Knowledge.Nothing).Print()), iter: 300);
    }
}
