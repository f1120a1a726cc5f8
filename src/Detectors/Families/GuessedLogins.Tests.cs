using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class GuessedLoginsTests
{
    private static readonly GuessedLogins Detector = Catalog.StatefulFlows.OfType<GuessedLogins>().Single();

    private const string Me = "10.0.0.5", Guesser = "198.51.100.23", Server = "203.0.113.22";

    private static FlowLine Guess(int number, int second = 0, string client = Guesser, string server = Me, int port = 22, long bytes = 1_882) =>
        new(client, server) { SourcePort = 40_000 + number, DestinationPort = port, Packets = 12, Bytes = bytes, Second = second + number };

    private static IEnumerable<FlowLine> Guesses(int count, int second = 0, string client = Guesser, string server = Me, int port = 22, long bytes = 1_882) =>
        Enumerable.Range(0, count).Select(number => Guess(number, second, client, server, port, bytes));

    private static IReadOnlyList<Decision> Decide(IEnumerable<FlowLine> lines, Inventory? inventory = null) =>
        FlowStates.Of(Detector, lines, Knowledge.Nothing with { Inventory = inventory ?? Inventory.Empty }).Decide();

    [Theory]
    [InlineData(22, "UnauthorizedAccess:EC2/SSHBruteForce")]
    [InlineData(3389, "UnauthorizedAccess:EC2/RDPBruteForce")]
    [InlineData(5985, "Impact:EC2/WinRMBruteForce")]
    [InlineData(5986, "Impact:EC2/WinRMBruteForce")]
    public void An_address_that_tries_forty_times_guesses_and_the_attacked_is_the_target(int port, string type)
    {
        var decision = Assert.Single(Decide(Guesses(40, port: port)));
        Assert.Equal((type, "eni-1", ResourceRole.Target, Severity.Low), (decision.Detection.Type.Name, decision.Detection.Subject, decision.Detection.Role, decision.Detection.Severity));
        var action = Assert.IsType<NetworkConnectionAction>(decision.Detection.Action);
        Assert.Equal((ConnectionDirection.Inbound, port, Guesser), (action.Direction, action.LocalPort, action.RemoteIp.Address.ToString()));
        Assert.Equal(40, decision.Occurrences.Occurrences.Count);
        Assert.StartsWith("198.51.100.23 tried 40 times to log in over ", decision.Detection.Why, StringComparison.Ordinal);
        Assert.Empty(Decide(Guesses(39, port: port)));
    }

    [Fact]
    public void An_instance_that_guesses_is_the_actor_and_that_is_grave()
    {
        var decision = Assert.Single(Decide(Guesses(40, client: Me, server: Server)));
        Assert.Equal((ResourceRole.Actor, Severity.High), (decision.Detection.Role, decision.Detection.Severity));
        var action = Assert.IsType<NetworkConnectionAction>(decision.Detection.Action);
        Assert.Equal((ConnectionDirection.Outbound, 22, Server), (action.Direction, action.RemotePort, action.RemoteIp.Address.ToString()));
        Assert.Equal("the instance tried 40 times to log in over SSH at 203.0.113.22", decision.Detection.Why);
    }

    [Fact]
    public void A_session_after_the_guesses_may_be_a_success_and_is_shown()
    {
        var session = Guess(900, bytes: 64_000);
        var decision = Assert.Single(Decide([.. Guesses(50), session]));
        Assert.Equal(Severity.High, decision.Detection.Severity);
        Assert.EndsWith("and had a session too: a guess may have been right", decision.Detection.Why, StringComparison.Ordinal);
        Assert.Contains(decision.Occurrences.Evidence, e => e.Summary.Contains("64000 bytes", StringComparison.Ordinal));

        Assert.Equal(Severity.Low, Assert.Single(Decide([.. Guesses(50, second: 1_000), session with { Second = 0 }])).Detection.Severity);
    }

    [Fact]
    public void What_the_server_sends_makes_a_session_too() =>
        Assert.Equal(Severity.High, Assert.Single(Decide([.. Guesses(50), new(Me, Guesser) { SourcePort = 22, DestinationPort = 40_900, Bytes = 300_000, Packets = 400, Second = 900 }])).Detection.Severity);

    [Fact]
    public void Knocks_banners_and_health_checks_are_no_guesses() =>
        Assert.Empty(Decide([.. Guesses(500, bytes: 264), .. Guesses(500, client: "198.51.100.24", bytes: 60)]));

    [Fact]
    public void Who_works_all_day_over_few_connections_does_not_guess() =>
        Assert.Empty(Decide(from minute in Enumerable.Range(0, 500) from port in Enumerable.Range(0, 5) select Guess(port, 60 * minute, bytes: 3_000)));

    [Fact]
    public void Who_gets_in_once_for_every_few_tries_has_a_key() =>
        Assert.Empty(Decide([.. Guesses(300), .. Enumerable.Range(1_000, 80).Select(number => Guess(number, bytes: 120_000))]));

    [Fact]
    public void A_long_session_that_idles_at_times_is_one_connection() =>
        Assert.Empty(Decide([.. Guesses(39), .. Enumerable.Range(0, 100).Select(minute => Guess(39, 60 * minute, bytes: 1_000)), Guess(39, bytes: 50_000)]));

    [Fact]
    public void Inside_the_network_only_the_pace_of_a_guesser_counts()
    {
        const string Bastion = "10.0.0.9";
        FlowLine[] mine = [new(Me, "192.0.2.80") { SourcePort = 50_000, DestinationPort = 443 }];
        Assert.Empty(Decide([.. mine, .. Enumerable.Range(0, 1_440).Select(minute => Guess(minute, 59 * minute, client: Bastion))]));
        var decision = Assert.Single(Decide([.. mine, .. Guesses(120, client: Bastion)]));
        Assert.Equal(ResourceRole.Target, decision.Detection.Role);
    }

    [Fact]
    public void Refused_tries_are_no_guesses() => Assert.Empty(Decide(Guesses(100).Select(guess => guess with { Action = "REJECT" })));

    [Fact]
    public void A_day_stands_for_itself() => Assert.Empty(Decide([.. Guesses(39), .. Guesses(39, second: 86_400)]));

    [Fact]
    public void Without_a_direction_the_address_that_all_records_of_the_interface_share_is_its_own()
    {
        const string Neighbour = "10.0.0.9"; // both ends private: only the others that the interface meets tell
        Assert.Empty(Decide(Guesses(120, client: Neighbour)));
        FlowLine other = new("10.0.0.80", Me) { SourcePort = 50_000, DestinationPort = 443, Second = 10 };
        Assert.Equal(ResourceRole.Target, Assert.Single(Decide([.. Guesses(120, client: Neighbour), other])).Detection.Role);
        Assert.Equal(ResourceRole.Actor, Assert.Single(Decide([.. Guesses(120, client: Neighbour), other with { Destination = Neighbour }])).Detection.Role);
        Assert.Empty(Decide([.. Guesses(120, client: Neighbour), other, other with { Destination = Neighbour }]));
    }

    [Fact]
    public void Of_two_public_addresses_that_met_nobody_else_the_caller_is_the_interfaces_own() =>
        Assert.Equal(ResourceRole.Actor, Assert.Single(Decide(Guesses(60, server: "203.0.113.5"))).Detection.Role);

    [Fact]
    public void A_direction_tells_the_interfaces_own_address()
    {
        Assert.Equal(ResourceRole.Target, Assert.Single(Decide(Guesses(60, server: "203.0.113.5").Select(guess => guess with { Direction = "ingress" }))).Detection.Role);
        Assert.Equal(ResourceRole.Actor, Assert.Single(Decide(Guesses(60, server: "203.0.113.5").Select(guess => guess with { Direction = "egress" }))).Detection.Role);
    }

    [Fact]
    public void An_inventory_tells_whose_interface_it_is()
    {
        var inventory = new Inventory([new() { InstanceId = "i-1", NetworkInterfaces = [new() { NetworkInterfaceId = "eni-1", PrivateIpAddress = Me }] }]);
        var decision = Assert.Single(Decide(Guesses(120, client: Me, server: "10.0.0.9"), inventory));
        Assert.Equal(("i-1", ResourceRole.Actor), (decision.Detection.Subject, decision.Detection.Role));
    }

    [Fact]
    public void What_a_gateway_passes_on_is_not_its_own_doing() =>
        Assert.Empty(Decide(Guesses(60, client: "10.0.3.7", server: "10.0.0.220").Select(guess => guess with { Direction = "ingress", PacketDestination = Server })));

    [Fact]
    public void A_pod_with_an_address_of_its_own_belongs_to_the_interface() =>
        Assert.Single(Decide(Guesses(60).Select(guess => guess with { Direction = "ingress", PacketDestination = "10.0.0.77" })));

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_decision()
    {
        var line = Gen.Select(Gen.Int[0, 80], Gen.Int[0, 3_000], Gen.OneOf(Gen.Const(1_882L), Gen.Const(264L), Gen.Const(90_000L)), (number, second, bytes) => Guess(number, second, bytes: bytes));
        Gen.Select(line.Array[0, 150], Gen.Int[0, 150]).Sample((lines, cut) =>
            Assert.Equal(FlowStates.Of(Detector, lines, Knowledge.Nothing).Print(), FlowStates.InPieces(Detector, [lines.Skip(cut).Reverse(), lines, lines.Take(cut)], Knowledge.Nothing).Print()), iter: 100);
    }

    [Fact]
    public void A_quiet_flow_allocates_nothing() =>
        NetworkLogs.Read(FlowLine.Header + "\n" + new FlowLine(Me, Server) { SourcePort = 51_234, DestinationPort = 443 }, flow: flow =>
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) Detector.Observe(flow, Knowledge.Nothing, null!);
            })));
}
