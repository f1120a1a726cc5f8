using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Tests;

public sealed class NetworkPortUnusualTests
{
    private static readonly InstanceHabits Detector = new();

    private static IEnumerable<FlowLine> Days(int count, int first = 0) => Enumerable.Range(first, count).Select(day => Instance.Uses(day, 8_443));

    private static IReadOnlyList<Decision> Decide(params IEnumerable<FlowLine> lines) => FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide();

    [Fact]
    public void A_port_that_was_not_used_on_seven_days_is_unusual()
    {
        var decision = Assert.Single(Decide([.. Days(7), Instance.Uses(7, 4_444)]));
        Assert.Equal(("Behavior:EC2/NetworkPortUnusual", Severity.Medium, ResourceRole.Actor), (decision.Detection.Type.Name, decision.Detection.Severity, decision.Detection.Role));
        Assert.Equal("the instance used TCP port 4444 of 203.0.113.7, and had used it on none of the 7 days with records among the 35 before", decision.Detection.Why);
        Assert.Equal(1, decision.Occurrences.Occurrences.Count);
    }

    [Fact]
    public void With_six_days_nothing_is_known_yet() => Assert.Empty(Decide([.. Days(6), Instance.Uses(6, 4_444)]));

    [Fact]
    public void A_port_is_new_for_one_day_only()
    {
        var decision = Assert.Single(Decide([.. Days(14), .. Enumerable.Range(8, 6).Select(day => Instance.Uses(day, 4_444))]));
        Assert.Equal(new DateTimeOffset(2026, 1, 9, 12, 0, 59, TimeSpan.Zero), decision.Occurrences.LastSeen);
    }

    [Fact]
    public void A_day_counts_as_known_six_hours_after_its_end()
    {
        Assert.Equal(2, Assert.Single(Decide([.. Days(10), Instance.Uses(8, 4_444, hour: 12), Instance.Uses(9, 4_444, hour: 5)])).Occurrences.Occurrences.Count);
        Assert.Equal(1, Assert.Single(Decide([.. Days(10), Instance.Uses(8, 4_444, hour: 12), Instance.Uses(9, 4_444, hour: 6)])).Occurrences.Occurrences.Count);
        // Seven days have passed, but the last of them is not known at five in the morning.
        Assert.Empty(Decide([.. Days(7), Instance.Uses(7, 4_444, hour: 5)]));
    }

    [Fact]
    public void What_happens_once_a_month_is_usual() => Assert.Empty(Decide([.. Days(40), Instance.Uses(1, 873), Instance.Uses(32, 873)]));

    [Fact]
    public void What_was_used_two_months_ago_is_new_again() => Assert.Single(Decide([.. Days(70), Instance.Uses(1, 873), Instance.Uses(62, 873)]));

    [Fact]
    public void An_instance_that_uses_new_ports_all_the_time_is_quiet_after_some() =>
        Assert.InRange(Assert.Single(Decide([.. Days(60), .. Enumerable.Range(8, 50).Select(day => Instance.Uses(day, 5_000 + day))])).Occurrences.Occurrences.Count, 1, 3);

    [Fact]
    public void Of_an_instance_that_uses_hundreds_of_ports_nothing_is_kept()
    {
        var states = FlowStates.Of(Detector, [.. Days(8), .. Enumerable.Range(0, 300).Select(port => Instance.Uses(port % 8, 5_000 + port)), Instance.Uses(8, 4_444)], Knowledge.Nothing);
        Assert.Empty(states.Decide());
        Assert.Empty(Assert.Single(states.All).Ports!.Ports);
    }

    [Theory]
    [InlineData(389)]
    [InlineData(1389)]
    public void Directories_are_grave_even_if_the_way_is_closed(int port)
    {
        var detection = Assert.Single(Decide([.. Days(7), Instance.Uses(7, port) with { Action = "REJECT", Packets = 1, Bytes = 60 }])).Detection;
        Assert.Equal(Severity.High, detection.Severity);
        Assert.True(((NetworkConnectionAction)detection.Action).Blocked);
        Assert.Contains(KeyValuePair.Create("context", "possible Log4j callback"), detection.AdditionalInfo);
    }

    public static TheoryData<string> NotTheInstances =>
        ["web", "time", "reply", "reply with flags", "middle with flags", "try", "refused", "private", "mail", "UDP from a high port", "server on a high port", "incoming"];

    [Theory, MemberData(nameof(NotTheInstances))]
    public void Other_records_say_nothing_of_a_port(string kind)
    {
        var use = Instance.Uses(7, 4_444);
        FlowLine line = kind switch
        {
            "web" => use with { DestinationPort = 80 },
            "time" => use with { DestinationPort = 123, Protocol = 17 },
            "reply" => use with { SourcePort = 22, DestinationPort = 50_000 },
            "reply with flags" => use with { SourcePort = 8_000, DestinationPort = 4_444, Flags = "18" },
            "middle with flags" => use with { Flags = "1" },
            "try" => use with { Packets = 3, Bytes = 180 },
            "refused" => use with { Action = "REJECT" },
            "private" => use with { Destination = "10.0.0.9", Direction = "egress" },
            "mail" => use with { DestinationPort = 25 },
            "UDP from a high port" => use with { Protocol = 17, SourcePort = 51_820, DestinationPort = 4_444 },
            "server on a high port" => use with { SourcePort = 50_051, DestinationPort = 52_000 },
            _ => use with { Source = use.Destination, Destination = use.Source, Direction = "ingress" },
        };
        Assert.DoesNotContain(Decide([.. Days(7), line]), decision => decision.Detection.Type.Name == "Behavior:EC2/NetworkPortUnusual");
    }

    [Fact]
    public void With_flags_a_high_port_is_a_servers_too() => Assert.Single(Decide([.. Days(7), Instance.Uses(7, 50_050) with { Flags = "2" }]));
}
