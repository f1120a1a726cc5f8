using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Tests;

public sealed class TrafficVolumeUnusualTests
{
    private const long MB = 1_000_000, GB = 1_000 * MB;

    private static readonly InstanceHabits Detector = new();

    private static IEnumerable<FlowLine> Days(int count, long bytes = 10 * MB, int host = 1) =>
        Enumerable.Range(0, count).SelectMany(day => new[] { Instance.Uses(day, 8_443), Instance.Sends(day, bytes, host: host) });

    private static Decision? Decide(params IEnumerable<FlowLine> lines) => FlowStates.Of(Detector, lines, Knowledge.Nothing).Decide().SingleOrDefault();

    [Fact]
    public void A_host_that_gets_far_more_than_any_before_is_unusual()
    {
        var decision = Decide([.. Days(10), Instance.Sends(10, 2 * GB, hour: 8), Instance.Sends(10, 3 * GB, hour: 20)])!;
        Assert.Equal(("Behavior:EC2/TrafficVolumeUnusual", Severity.Medium, ResourceRole.Actor), (decision.Detection.Type.Name, decision.Detection.Severity, decision.Detection.Role));
        Assert.Equal("the instance sent about 5 GB to 192.0.2.9 within a day; on 10 days with records before it had sent less than 67 MB to any one host in a day", decision.Detection.Why);
        Assert.Equal(2, decision.Occurrences.Occurrences.Count);
    }

    [Fact]
    public void Half_a_gigabyte_is_the_least()
    {
        Assert.Null(Decide([.. Days(10), Instance.Sends(10, 530 * MB)]));
        Assert.NotNull(Decide([.. Days(10), Instance.Sends(10, 540 * MB)]));
    }

    [Fact]
    public void With_six_days_nothing_is_known_yet() => Assert.Null(Decide([.. Days(6), Instance.Sends(6, 5 * GB)]));

    [Fact]
    public void A_new_host_is_compared_with_all_and_a_known_one_with_itself()
    {
        Assert.Null(Decide([.. Days(10, 2 * GB), Instance.Sends(10, 10 * GB)]));
        Assert.NotNull(Decide([.. Days(10, 2 * GB), Instance.Sends(10, 20 * GB)]));
        Assert.NotNull(Decide([.. Days(10, 2 * GB), .. Enumerable.Range(0, 10).Select(day => Instance.Sends(day, 100 * MB)), Instance.Sends(10, 1 * GB)]));
    }

    [Fact]
    public void What_a_client_fetches_counts_as_well()
    {
        var fetched = Instance.Sends(10, 5 * GB) with { SourcePort = 22, DestinationPort = 50_000 };
        var detection = Decide([.. Days(10), fetched])!.Detection;
        Assert.Equal((ConnectionDirection.Inbound, ResourceRole.Actor), (((NetworkConnectionAction)detection.Action).Direction, detection.Role));
    }

    [Fact]
    public void What_comes_in_and_what_stays_inside_does_not_count()
    {
        var sent = Instance.Sends(10, 5 * GB);
        Assert.Null(Decide([.. Days(10), sent with { Source = sent.Destination, Destination = sent.Source }]));
        Assert.Null(Decide([.. Days(10), sent with { Destination = "10.0.0.9", Direction = "egress" }]));
    }

    [Fact]
    public void Among_many_records_amounts_are_estimated() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        // A web server that sends 20 GB a day in pieces of 20 MB, and on the last day as much to one host.
        var web = Enumerable.Range(0, 9).SelectMany(day => Enumerable.Range(0, 1_000).Select(i => Instance.Sends(day, 20 * MB + (seed + i) % 1_000, hour: 7 + i % 16) with { Destination = $"198.51.{100 + i / 250}.{i % 250}", SourcePort = 443, DestinationPort = 40_000 + i }));
        var decision = Decide([.. web, .. Enumerable.Range(0, 200).Select(i => Instance.Sends(8, 100 * MB + seed, hour: 8 + i % 10) with { SourcePort = 41_000 + i })]);
        Assert.Equal("192.0.2.9", ((NetworkConnectionAction)decision!.Detection.Action).RemoteIp.Address.ToString());
    }, iter: 20);
}
