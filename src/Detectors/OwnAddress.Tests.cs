using CsCheck;
using Yagura.Core;

namespace Yagura.Detectors.Tests;

public sealed class OwnAddressTests
{
    private static string Winner(params IEnumerable<(string Source, string Destination)> records)
    {
        var own = new OwnAddresses();
        var result = new OwnAddress();
        NetworkLogs.Read(FlowLine.Header + "\n" + string.Concat(records.Select(ends => new FlowLine(ends.Source, ends.Destination))), flow: flow =>
        {
            own.See(flow);
            result = own.Of(flow);
        });
        return result.Known.ToString();
    }

    private const string Me = "203.0.113.5", Peer = "198.51.100.1", Other = "192.0.2.1";

    [Fact]
    public void Two_records_with_one_address_in_common_tell() => Assert.Equal(Me, Winner((Me, Peer), (Other, Me)));

    [Fact]
    public void Any_number_of_records_between_the_same_two_does_not() => Assert.Equal("", Winner((Me, Peer), (Peer, Me), (Me, Peer)));

    [Fact]
    public void An_only_private_end_is_the_interfaces_own_and_tells_for_records_without() =>
        Assert.Equal("10.0.0.5", Winner(("10.0.0.5", "10.0.0.9"), ("10.0.0.9", "10.0.0.5"), ("10.0.0.5", Peer)));

    [Fact]
    public void A_few_stray_packets_between_others_change_nothing() =>
        Assert.Equal(Me, Winner(Enumerable.Range(0, 1_000).Select(i => i % 200 == 0 ? ($"192.0.2.{i / 100}", "198.51.100.99") : (Me, $"198.51.100.{i % 250}"))));

    [Fact]
    public void An_interface_that_passes_traffic_on_has_none() =>
        Assert.Equal("", Winner(Enumerable.Range(0, 1_000).Select(i => ($"192.0.2.{i % 250}", $"198.51.100.{i * 7 % 250}"))));

    [Fact]
    public void A_heavy_peer_does_not_hide_it() =>
        Assert.Equal(Me, Winner(Enumerable.Range(0, 1_000).Select(i => (Me, i % 10 == 0 ? $"198.51.100.{i % 250}" : Peer))));

    [Fact]
    public void What_objects_told_merges_in_any_order_any_number_of_times()
    {
        var told = Gen.Int[0, 2].Select(number => new OwnAddress(number == 0 ? IpAddress.None : IpAddress.FromV4((uint)number)));
        Gen.Select(told, told, told).Sample((a, b, c) =>
        {
            var (one, other) = (OwnAddress.Both(OwnAddress.Both(a, b), c), OwnAddress.Both(c, OwnAddress.Both(OwnAddress.Both(b, a), OwnAddress.Both(a, c))));
            Assert.Equal((one.Known, one.IsContradicted), (other.Known, other.IsContradicted));
        });
    }
}
