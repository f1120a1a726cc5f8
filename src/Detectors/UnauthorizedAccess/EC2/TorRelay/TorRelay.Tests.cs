using System.Text.Json;
using CsCheck;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors.UnauthorizedAccess.EC2;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class TorRelayTests
{
    private static readonly TorRelay Detector = new();
    private static readonly Knowledge Lists = NetworkLogs.Knowing(("tor-relay", ThreatCategory.TorRelay, "198.51.100.0/24\n2001:db8:70::/48"));
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static string In(int relay, int port = 9001, int minute = 0, string action = "ACCEPT", string day = "eni-1") =>
        Line($"198.51.100.{relay} 10.0.0.5 {50000 + relay} {port}", minute, action, "2", day);

    private static string Out(int relay, int port = 9001, int minute = 0, string action = "ACCEPT") => Line($"10.0.0.5 198.51.100.{relay} {40000 + relay} {port}", minute, action, "2", "eni-1");

    private static string Line(string ends, int minute, string action, string flags, string nic)
    {
        var start = Noon.AddMinutes(minute).ToUnixTimeSeconds();
        return $"111122223333 {nic} {ends} 6 {flags} 10 840 {start} {start + 60} {action} us-east-1\n";
    }

    private const string Header = "account-id interface-id srcaddr dstaddr srcport dstport protocol tcp-flags packets bytes start end action region\n";

    private sealed class Steps : ISteps<TorContacts>
    {
        public Dictionary<EntityKey, TorContacts> All { get; } = [];
        public string ObjectName => "lines";
        public TorContacts Of(EntityKey key) => All.TryGetValue(key, out var step) ? step : All[key] = new();
    }

    private static Dictionary<EntityKey, TorContacts> Observe(IEnumerable<string> lines)
    {
        var steps = new Steps();
        NetworkLogs.Read(Header + string.Concat(lines), flow: flow => Detector.Observe(flow, Lists, steps));
        return steps.All;
    }

    private static List<Decision> Decide(IEnumerable<string> lines) => [.. Observe(lines).Values.SelectMany(state => Detector.Decide(state, Lists))];

    [Fact]
    public void Three_relays_in_at_one_port_and_three_out_on_one_day_are_a_relay()
    {
        var decision = Assert.Single(Decide([In(1), In(2, minute: 5), In(3), Out(4), Out(5), Out(6, 443, minute: 90)]));
        Assert.Equal(("UnauthorizedAccess:EC2/TorRelay", "eni-1", ResourceRole.Actor), (decision.Detection.Type.Name, decision.Detection.Subject, decision.Detection.Role));
        Assert.Equal((6, Noon, Noon.AddMinutes(91)), (decision.Occurrences.Occurrences.Count, decision.Occurrences.FirstSeen, decision.Occurrences.LastSeen));
        Assert.Equal("3 Tor relays connected to port 9001 of the instance and it connected to 3", decision.Detection.Why);
        Assert.Equal(decision.Detection, decision.Occurrences.Latest);
        Assert.Equal("tor-relay", Assert.Single(decision.Detection.ThreatIntelligence).ThreatListName);
    }

    [Fact]
    public void One_relay_may_be_met_both_ways() => Assert.Single(Decide([In(1), In(2), In(3), Out(1), Out(2), Out(3)]));

    [Fact]
    public void A_client_calls_many_relays_and_is_none() => Assert.Empty(Decide(Enumerable.Range(1, 100).Select(relay => Out(relay))));

    [Fact]
    public void A_site_that_Tor_users_visit_is_none() => Assert.Empty(Decide(Enumerable.Range(1, 100).Select(relay => In(relay, 443))));

    [Fact]
    public void Relays_scattered_over_ports_are_scanners() => Assert.Empty(Decide([In(1, 22), In(2, 23), In(3, 80), In(3, 22), Out(4), Out(5), Out(6)]));

    [Fact]
    public void Repetition_makes_no_relay_of_two() => Assert.Empty(Decide([.. Enumerable.Range(0, 50).SelectMany(m => new[] { In(1, minute: m), In(2, minute: m) }), Out(4), Out(5), Out(6)]));

    [Fact]
    public void Refused_connections_do_not_count() =>
        Assert.Empty(Decide([In(1), In(2), In(3, action: "REJECT"), Out(4), Out(5), Out(6)]).Concat(Decide([In(1), In(2), In(3), Out(4), Out(5), Out(6, action: "REJECT")])));

    [Fact]
    public void Each_day_and_each_interface_stands_for_itself()
    {
        Assert.Empty(Decide([In(1), In(2), In(3, minute: 12 * 60), Out(4), Out(5), Out(6)]));
        Assert.Empty(Decide([In(1), In(2), In(3, day: "eni-2"), Out(4), Out(5), Out(6)]));
    }

    [Fact]
    public void The_state_stays_small_whatever_comes_in()
    {
        var state = Assert.Single(Observe(
            from port in Enumerable.Range(1, 500) from relay in Enumerable.Range(1, 12) select In(relay, port))).Value;
        Assert.Equal(TorContacts.MostPorts + 1, state.Ports.Count);
        Assert.All(state.Ports.Values, relays => Assert.Equal(TorContacts.MostRelays, relays.Count));
    }

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_state()
    {
        var contact = Gen.Select(Gen.Int[1, 30], Gen.Int[0, 60], Gen.Bool, (relay, port, inbound) => inbound ? In(relay, 9000 + port) : Out(relay));
        Gen.Select(contact.Array[1, 120], Gen.Int[0, 120]).Sample((lines, cut) =>
        {
            var whole = Json(lines);
            Assert.Equal(whole, Json(lines.Reverse().Concat(lines)));

            var pieces = new TorContacts();
            foreach (var piece in new[] { lines.Skip(cut), lines.Take(cut), lines })
                foreach (var step in Observe(piece).Values) pieces.Merge(step);
            Assert.Equal(whole, JsonSerializer.Serialize(pieces.Ports));

            static string Json(IEnumerable<string> lines) => JsonSerializer.Serialize(Assert.Single(Observe(lines)).Value.Ports);
        }, iter: 200);
    }

    [Fact]
    public void The_contacts_come_back_from_their_stored_form()
    {
        var state = Assert.Single(Observe([In(1), In(2), Out(3)])).Value;
        var restored = JsonSerializer.Deserialize<IReadOnlyDictionary<ushort, IReadOnlyList<IpAddress>>>(JsonSerializer.Serialize(state.Ports))!;
        Assert.Equal(state.Ports.SelectMany(p => p.Value.Select(r => (p.Key, r))), new TorContacts(restored, state.Seen).Ports.SelectMany(p => p.Value.Select(r => (p.Key, r))));
    }

    [Fact]
    public void A_quiet_flow_allocates_nothing() =>
        NetworkLogs.Read(Header + Line("10.0.0.5 192.0.2.80 51234 443", 0, "ACCEPT", "2", "eni-1"), flow: flow =>
        {
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) Detector.Observe(flow, Lists, null!);
            }));
        });
}
