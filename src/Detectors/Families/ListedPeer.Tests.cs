using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class ListedPeerTests
{
    private const string Listed = "203.0.113.161", Unlisted = "203.0.113.160";

    private static readonly ListedPeerType Outbound = new(new("Backdoor:EC2/Out"), ThreatCategory.CommandAndControl, Inbound: false, Severity.High);
    private static readonly ListedPeerType BothWays = new(new("UnauthorizedAccess:EC2/Both"), ThreatCategory.Custom, Inbound: true, Severity.Medium);
    private static readonly ListedPeer Detector = new([Outbound, BothWays]);

    private static readonly Knowledge C2 = NetworkLogs.Knowing(("c2", ThreatCategory.CommandAndControl, $"{Listed}\n2001:db8:c2::/48\n10.0.0.0/8"));
    private static readonly Knowledge Own = NetworkLogs.Knowing(("own", ThreatCategory.Custom, $"{Listed}\n2001:db8:c2::/48"));

    [Theory]
    [InlineData("the instance's SYN", "10.0.0.5 20641 203.0.113.161 30000 6 2 ACCEPT egress", "out")]
    [InlineData("the instance's SYN and FIN in one window", "10.0.0.5 443 203.0.113.161 51234 6 3 ACCEPT egress", "out")]
    [InlineData("the answer to it", "203.0.113.161 30000 10.0.0.5 20641 6 18 ACCEPT ingress", "out")]
    [InlineData("a refused attempt of the instance", "10.0.0.5 20641 203.0.113.161 443 6 2 REJECT egress", "out blocked")]
    [InlineData("a client port to a server port", "10.0.0.5 51234 203.0.113.161 8443 6 - ACCEPT -", "out")]
    [InlineData("a server port to a client port", "203.0.113.161 8443 10.0.0.5 51234 6 - ACCEPT -", "out")]
    [InlineData("a later window, whose flags tell nothing", "10.0.0.5 51234 203.0.113.161 8443 6 0 ACCEPT egress", "out")]
    [InlineData("a client port behind NAT to a well-known port", "10.0.0.5 2048 203.0.113.161 443 6 - ACCEPT -", "out")]
    [InlineData("UDP goes by ports, whatever its flags say", "10.0.0.5 51234 203.0.113.161 53 17 18 ACCEPT -", "out")]
    [InlineData("two client ports", "10.0.0.5 51234 203.0.113.161 50050 6 - ACCEPT -", "unknown")]
    [InlineData("one port on both ends", "10.0.0.5 123 203.0.113.161 123 17 - ACCEPT -", "unknown")]
    [InlineData("ICMP has no ports", "10.0.0.5 0 203.0.113.161 0 1 - ACCEPT egress", "unknown")]
    [InlineData("ICMP for version 6", "fd00::5 0 2001:db8:c2::1 0 58 - ACCEPT egress", "unknown")]
    [InlineData("GRE has no ports", "10.0.0.5 0 203.0.113.161 0 47 - ACCEPT -", "unknown")]
    [InlineData("IPv6", "2001:db8:1::5 51234 2001:db8:c2::1 443 6 2 ACCEPT egress", "out")]
    public void What_the_instance_began_or_may_have_begun_is_found(string what, string flow, string expected)
    {
        var detection = Assert.Single(Detector.Detect(C2, NetworkLogs.Flow(flow)));
        var action = Assert.IsType<NetworkConnectionAction>(detection.Action);
        Assert.True(expected == (action.Direction == ConnectionDirection.Outbound ? "out" : "unknown") + (action.Blocked ? " blocked" : ""), what);
        Assert.Equal((Outbound.Type, Severity.High, ResourceRole.Actor, "eni-0a1b2c3d4e5f60718"), (detection.Type, detection.Severity, detection.Role, detection.Subject));
    }

    [Theory]
    [InlineData("a listed address's SYN", "203.0.113.161 51234 10.0.0.5 443 6 2 ACCEPT ingress")]
    [InlineData("the instance's answer to it", "10.0.0.5 443 203.0.113.161 51234 6 18 ACCEPT egress")]
    [InlineData("by ports alone", "203.0.113.161 51234 10.0.0.5 8080 6 - ACCEPT -")]
    [InlineData("at a web server, in a format without flags", "203.0.113.161 50000 10.0.0.5 443 6 - ACCEPT -")]
    [InlineData("from a port just above the well-known ones", "203.0.113.161 1337 10.0.0.5 22 6 - ACCEPT -")]
    [InlineData("SYN from a server's port, a scanner's trick", "203.0.113.161 53 10.0.0.5 51234 6 2 ACCEPT ingress")]
    public void A_listed_address_that_calls_is_found_by_the_types_about_both_directions_only(string what, string flow)
    {
        Assert.Empty(Detector.Detect(C2, NetworkLogs.Flow(flow)));
        var detection = Assert.Single(Detector.Detect(Own, NetworkLogs.Flow(flow)));
        Assert.Equal((BothWays.Type, ResourceRole.Target), (detection.Type, detection.Role));
        Assert.True(detection.Action is NetworkConnectionAction { Direction: ConnectionDirection.Inbound, Blocked: false }, what);
    }

    [Theory]
    [InlineData("a refused knock", "203.0.113.161 51234 10.0.0.5 22 6 2 REJECT ingress")]
    [InlineData("a refused answer to a forged sender", "203.0.113.161 443 10.0.0.5 51234 6 18 REJECT ingress")]
    [InlineData("a refused late packet of a closed connection", "203.0.113.161 443 10.0.0.5 51234 6 1 REJECT -")]
    [InlineData("a refused ping", "203.0.113.161 0 10.0.0.5 0 1 - REJECT -")]
    [InlineData("the instance's answer, refused on its way out", "10.0.0.5 443 203.0.113.161 51234 6 18 REJECT egress")]
    [InlineData("neighbours of a listed address", "10.0.0.5 51234 203.0.113.160 443 6 2 ACCEPT egress")]
    [InlineData("private addresses, listed by mistake", "10.0.0.5 51234 10.9.9.9 443 6 2 ACCEPT egress")]
    [InlineData("the interface's own address is on the list, as receiver", "2001:db8:1::9 51234 2001:db8:c2::1 443 6 2 ACCEPT ingress")]
    [InlineData("the interface's own address is on the list, as sender", "2001:db8:c2::1 51234 2001:db8:1::9 443 6 2 ACCEPT egress")]
    [InlineData("no addresses", "- 0 - 0 6 2 ACCEPT egress")]
    public void Quiet(string what, string flow)
    {
        Assert.True(Detector.Detect(C2, NetworkLogs.Flow(flow)) is [], what);
        Assert.True(Detector.Detect(Own, NetworkLogs.Flow(flow)) is [], what);
    }

    [Theory]
    [InlineData("one accepted knock", "203.0.113.161 20000 10.0.0.5 8080 6 - ACCEPT -", 1, 40, false)]
    [InlineData("a knock repeated for minutes", "203.0.113.161 20000 10.0.0.5 8080 6 - ACCEPT -", 7, 420, false)]
    [InlineData("the refusals it was answered with", "10.0.0.5 8080 203.0.113.161 20000 6 - ACCEPT -", 3, 120, false)]
    [InlineData("an accepted ping", "203.0.113.161 0 10.0.0.5 0 1 - ACCEPT -", 3, 252, false)]
    [InlineData("the echo of it", "10.0.0.5 0 203.0.113.161 0 1 - ACCEPT -", 3, 252, false)]
    [InlineData("what a conversation sends", "10.0.0.5 8080 203.0.113.161 20000 6 - ACCEPT -", 4, 208, true)]
    [InlineData("content from the instance", "10.0.0.5 8080 203.0.113.161 20000 6 - ACCEPT -", 2, 900, true)]
    [InlineData("content from the listed address", "203.0.113.161 20000 10.0.0.5 8080 6 - ACCEPT -", 5, 900, true)]
    [InlineData("an attempt of the instance, refused", "10.0.0.5 8080 203.0.113.161 20000 6 - REJECT -", 1, 60, true)]
    [InlineData("an attempt of the instance, by its ports", "10.0.0.5 50000 203.0.113.161 8080 6 - ACCEPT -", 1, 60, true)]
    public void Where_nothing_tells_who_began_a_knock_and_its_answer_say_nothing(string what, string flow, int packets, int bytes, bool expected)
    {
        var line = NetworkLogs.Flow(flow).Replace(" 10 840 ", $" {packets} {bytes} ", StringComparison.Ordinal);
        Assert.True(Detector.Detect(C2, line).Count == (expected ? 1 : 0), what);
        if (!flow.Contains("REJECT", StringComparison.Ordinal)) Assert.Single(Detector.Detect(Own, line));
    }

    [Theory]
    // The four records that one connection through a NAT gateway leaves at the gateway's interface.
    [InlineData("10.0.1.5 51234 10.0.0.220 443 6 2 ACCEPT ingress", "10.0.1.5 203.0.113.161", "10.0.1.5")]
    [InlineData("10.0.0.220 20641 203.0.113.161 443 6 2 ACCEPT egress", "10.0.0.220 203.0.113.161", "10.0.0.220")]
    [InlineData("203.0.113.161 443 10.0.0.220 20641 6 18 ACCEPT ingress", "203.0.113.161 10.0.0.220", "10.0.0.220")]
    [InlineData("10.0.0.220 443 10.0.1.5 51234 6 18 ACCEPT egress", "203.0.113.161 10.0.1.5", "10.0.1.5")]
    public void Behind_a_NAT_gateway_the_packet_names_the_remote_end(string flow, string packet, string local)
    {
        var action = Assert.IsType<NetworkConnectionAction>(Assert.Single(Detector.Detect(C2, NetworkLogs.Flow(flow, packet))).Action);
        Assert.Equal((Listed, local, ConnectionDirection.Outbound), (action.RemoteIp.Address.ToString(), action.LocalIp.ToString(), action.Direction));
    }

    [Fact]
    public void A_format_with_packet_addresses_only_names_both_ends()
    {
        var action = Assert.IsType<NetworkConnectionAction>(Assert.Single(Detector.Detect(C2, NetworkLogs.Flow("- 51234 - 443 6 2 ACCEPT egress", $"10.0.0.5 {Listed}"))).Action);
        Assert.Equal(("10.0.0.5", 51234, Listed, 443), (action.LocalIp.ToString(), action.LocalPort, action.RemoteIp.Address.ToString(), action.RemotePort));
    }

    [Theory]
    [InlineData("egress", "2001:db8:c2::2")]
    [InlineData("ingress", "2001:db8:c2::1")]
    [InlineData("-", "2001:db8:c2::2")]
    public void Of_two_listed_ends_the_interface_is_not_the_remote_one(string direction, string remote)
    {
        var detection = Assert.Single(Detector.Detect(C2, NetworkLogs.Flow($"2001:db8:c2::1 50000 2001:db8:c2::2 50001 6 - ACCEPT {direction}")));
        Assert.Equal(remote, Assert.IsType<NetworkConnectionAction>(detection.Action).RemoteIp.Address.ToString());
    }

    [Fact]
    public void An_end_on_a_list_of_no_interest_does_not_hide_the_other_end()
    {
        var knowledge = NetworkLogs.Knowing(("scanners", ThreatCategory.Scanner, "2001:db8:1::/48"), ("c2", ThreatCategory.CommandAndControl, "2001:db8:c2::/48"));
        Assert.Single(Detector.Detect(knowledge, NetworkLogs.Flow("2001:db8:c2::1 443 2001:db8:1::5 51234 6 18 ACCEPT -")));
    }

    [Fact]
    public void Two_lists_raise_two_types_each_with_its_own_evidence()
    {
        var knowledge = NetworkLogs.Knowing(("c2", ThreatCategory.CommandAndControl, Listed), ("own", ThreatCategory.Custom, "203.0.113.0/24"));
        var detections = Detector.Detect(knowledge, NetworkLogs.Flow($"10.0.0.5 51234 {Listed} 443 6 2 ACCEPT egress"));
        Assert.Equal(
            [(Outbound.Type, "c2"), (BothWays.Type, "own")],
            detections.Select(d => (d.Type, Assert.Single(d.ThreatIntelligence).ThreatListName)));
    }

    [Fact]
    public void A_trusted_address_is_quiet_on_whatever_lists_it_is()
    {
        var knowledge = NetworkLogs.Knowing(("c2", ThreatCategory.CommandAndControl, "203.0.113.0/24"), ("trusted", ThreatCategory.Trusted, Listed));
        Assert.Empty(Detector.Detect(knowledge, NetworkLogs.Flow($"10.0.0.5 51234 {Listed} 443 6 2 ACCEPT egress")));
        Assert.Single(Detector.Detect(knowledge, NetworkLogs.Flow($"10.0.0.5 51234 {Unlisted} 443 6 2 ACCEPT egress")));
    }

    [Fact]
    public void The_types_are_off_without_a_list_of_addresses()
    {
        Assert.Equal("no list", Outbound.Off(Knowledge.Nothing));
        Assert.Equal("no list", Outbound.Off(NetworkLogs.Knowing(("c2", ThreatCategory.CommandAndControl, "c2.example"))));
        Assert.Equal("no list", Outbound.Off(Own));
        Assert.Null(Outbound.Off(C2));
    }

    [Fact]
    public void The_subject_is_the_instance_where_the_record_or_the_inventory_knows_it()
    {
        var inventory = Inventory.Parse("""[{"InstanceId":"i-0123456789abcdef0","NetworkInterfaces":[{"NetworkInterfaceId":"eni-0a1b2c3d4e5f60718"}]}]"""u8);
        var line = NetworkLogs.Flow($"10.0.0.5 51234 {Listed} 443 6 2 ACCEPT egress");
        Assert.Equal("i-0123456789abcdef0", Assert.Single(Detector.Detect(C2 with { Inventory = inventory }, line)).Subject);

        var named = line.Replace("0718 - ", "0718 i-0fedcba9876543210 ", StringComparison.Ordinal);
        Assert.Equal("i-0fedcba9876543210", Assert.Single(Detector.Detect(C2 with { Inventory = inventory }, named)).Subject);

        var bare = line.Replace("eni-0a1b2c3d4e5f60718", "-", StringComparison.Ordinal);
        Assert.Equal("10.0.0.5", Assert.Single(Detector.Detect(C2 with { Inventory = inventory }, bare)).Subject);
    }

    [Fact]
    public void A_quiet_flow_allocates_nothing() =>
        NetworkLogs.Read(NetworkLogs.Flow($"10.0.0.5 51234 {Unlisted} 443 6 2 ACCEPT egress"), flow: flow =>
        {
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) Detector.Detect(flow, C2, null!);
            }));
        });

    [Fact]
    public void Swapping_the_ends_of_a_record_never_changes_who_is_remote_or_who_began()
    {
        var port = Gen.Int[0, 65535];
        Gen.Select(port, port, Gen.OneOf("6", "17", "47"), Gen.OneOf("-", "0", "2", "18", "3", "19", "1", "4")).Sample((here, there, protocol, flags) =>
        {
            var back = flags switch { "2" => "18", "18" => "2", "3" => "19", "19" => "3", _ => flags };
            var sent = Detector.Detect(C2, NetworkLogs.Flow($"10.0.0.5 {here} {Listed} {there} {protocol} {flags} ACCEPT -"));
            var received = Detector.Detect(C2, NetworkLogs.Flow($"{Listed} {there} 10.0.0.5 {here} {protocol} {back} ACCEPT -"));
            Assert.Equal(sent.Select(d => d.Action), received.Select(d => d.Action));
        });
    }
}
