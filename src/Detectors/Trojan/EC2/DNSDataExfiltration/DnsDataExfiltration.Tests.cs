using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Trojan.EC2;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class DnsDataExfiltrationTests
{
    private const string Hex = "0123456789abcdef", Base32 = "abcdefghijklmnopqrstuvwxyz234567", Base36 = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly DnsDataExfiltration Detector = new();

    private static QuerySteps<CarriedNames> Steps(IEnumerable<string> lines, Knowledge? knowledge = null) =>
        new QuerySteps<CarriedNames>(Detector, knowledge ?? Knowledge.Nothing).Observe(lines);

    private static string Line(string name, double seconds = 0, string code = "NOERROR") => QuerySteps<CarriedNames>.Line(name, seconds, code);

    /// <summary>Names that follow a pattern: X stands for a random character each time.</summary>
    private static IEnumerable<string> Names(int count, string pattern, string alphabet, double pace = 1, string code = "NOERROR", int seed = 1)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var name = new StringBuilder();
            foreach (var c in pattern) name.Append(c == 'X' ? alphabet[random.Next(alphabet.Length)] : c);
            yield return Line(name.ToString().Replace("#", i.ToString("d5", CultureInfo.InvariantCulture), StringComparison.Ordinal), i * pace, code);
        }
    }

    private static string X(int count) => new('X', count);

    [Fact]
    public void Names_that_never_repeat_and_carry_a_file_are_a_tunnel()
    {
        var steps = Steps(Names(120, $"{X(57)}.{X(40)}.t.example", Base32));
        var decision = steps.Decide()[0];
        Assert.Equal(("Trojan:EC2/DNSDataExfiltration", "i-0a1b2c3d4e5f60718", ResourceRole.Actor, Severity.High),
            (decision.Detection.Type.Name, decision.Detection.Subject, decision.Detection.Role, decision.Detection.Severity));
        Assert.Equal("t.example", ((DnsRequestAction)decision.Detection.Action).DomainWithSuffix);
        Assert.Equal((120, 20), (decision.Occurrences.Occurrences.Count, decision.Occurrences.Evidence.Count));
        Assert.StartsWith("120 different names below t.example within 1 min 59 s, which can carry ", decision.Detection.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hex labels of 34, one a second", 34, Hex, 1, 100)]
    [InlineData("hex labels of 18, one a second", 18, Hex, 1, 200)]
    [InlineData("short hex labels of 8", 8, Hex, 0.5, 500)]
    [InlineData("base32 labels of 30, one in ten seconds", 30, Base32, 10, 250)]
    [InlineData("base32 labels of 50, one in two minutes", 50, Base32, 120, 200)]
    [InlineData("base36 labels of 60, ten a second", 60, Base36, 0.1, 40)]
    public void Every_encoding_and_pace_is_found(string what, int length, string alphabet, double pace, int count) =>
        Assert.True(Steps(Names(count, $"{X(length)}.tunnel.example", alphabet, pace)).Decide().Count > 0, what);

    [Fact]
    public void A_tunnel_across_noon_is_found_in_the_window_that_holds_both_sides() =>
        Assert.NotEmpty(Steps(Names(40, $"{X(50)}.tunnel.example", Base32).Select(line => line.Replace("T12:00", "T11:59", StringComparison.Ordinal))
            .Concat(Names(40, $"{X(50)}.tunnel.example", Base32, seed: 2))).Decide());

    [Theory]
    [InlineData("distributions", 500, "dXXXXXXXXXXXXX.cloudfront.net", Base36, 60)]
    [InlineData("buckets", 500, "XXXXXXXXXXXXXXXX.s3.eu-west-1.amazonaws.com", Base36, 10)]
    [InlineData("edges of a content network, never seen before", 100, "eXXXXXXXXXXXX.edge.cdn-one.example", Hex, 10)]
    [InlineData("files by their hash", 400, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX.hash.scanner.example", Hex, 30)]
    [InlineData("things by their UUID", 400, "XXXXXXXX-XXXX-4XXX-aXXX-XXXXXXXXXXXX.devices.example", Hex, 30)]
    [InlineData("a heartbeat with a session and a counter", 700, "3f9a1c77be204d5581aa-#.status.example", Hex, 60)]
    [InlineData("numbered hosts", 2_000, "web-prod-#.corp.example", Hex, 5)]
    [InlineData("senders on a block list", 2_000, "2XX.1XX.1X.X.bl.blocklist.example", "0123456789", 1)]
    [InlineData("hosts named by their address", 3_000, "host-1X-2X-1XX-2XX.dyn.provider.example", "0123456789", 1)]
    [InlineData("names of addresses", 2_000, "XX.1XX.XX.10.in-addr.arpa", "0123456789", 1)]
    [InlineData("names of IPv6 addresses", 2_000, "X.X.X.X.X.X.X.X.X.X.X.X.X.X.X.X.8.b.d.0.1.0.0.2.ip6.arpa", Hex, 1)]
    [InlineData("inner names", 2_000, "ip-10-X-XX-XX.eu-west-1.compute.internal", "0123456789", 1)]
    [InlineData("services of a cluster", 2_000, "XXXXXXXXXX.ns.svc.cluster.local", Base36, 1)]
    [InlineData("names of multicast DNS", 500, "_XXXXXXXXXXXXXXX._tcp.local", Base36, 1)]
    public void Long_names_of_honest_services_are_quiet(string what, int count, string pattern, string alphabet, double pace) =>
        Assert.True(Steps(Names(count, pattern, alphabet, pace)).Decide().Count == 0, what);

    [Fact]
    public void Names_that_come_back_are_hosts()
    {
        var names = Names(400, $"d{X(20)}.edge.example", Hex, 0).ToList();
        Assert.NotEmpty(Steps(names).Decide());
        Assert.Empty(Steps(names.Concat(names.Select(line => line.Replace("T12:00", "T13:15", StringComparison.Ordinal)))).Decide());
    }

    [Fact]
    public void Letter_case_that_a_resolver_scrambles_makes_no_new_names()
    {
        var random = new Random(3);
        Assert.Empty(Steps(Enumerable.Range(0, 2_000).Select(i =>
            Line(string.Concat("d3f9a1c77be20.assets.example".Select(c => random.Next(2) == 0 ? char.ToUpperInvariant(c) : c)), i))).Decide());
    }

    [Fact]
    public void A_search_list_does_not_make_a_tunnel_of_names_of_a_content_network() =>
        Assert.Empty(Steps(Names(1_000, $"d{X(13)}.cloudfront.net.corp.example", Base36, code: "NXDOMAIN")).Decide());

    [Fact]
    public void One_name_for_each_of_many_domains_is_no_tunnel()
    {
        var random = new Random(4);
        Assert.Empty(Steps(Enumerable.Range(0, 1_000).Select(i => Line($"_acme-challenge.{Guid.NewGuid():n}{random.Next()}.customer-{i}.example", i))).Decide());
    }

    [Fact]
    public void What_is_trusted_is_never_reported() =>
        Assert.Empty(Steps(Names(200, $"{X(50)}.vendor.example", Base32), NetworkLogs.Knowing(("trusted", ThreatCategory.Trusted, "vendor.example"))).Decide());

    [Fact]
    public void Below_a_dynamic_dns_zone_each_name_is_somebody_elses()
    {
        var knowledge = NetworkLogs.Knowing(("dynamic-dns", ThreatCategory.DynamicDns, "dynhost.example"));
        Assert.Empty(Steps(Names(300, $"{X(30)}.dynhost.example", Base32), knowledge).Decide());
        Assert.NotEmpty(Steps(Names(300, $"{X(30)}.evil.dynhost.example", Base32), knowledge).Decide());
    }

    [Fact]
    public void Raw_bytes_written_as_escapes_are_data_too()
    {
        var random = new Random(5);
        string Escaped() => string.Concat(Enumerable.Range(0, 80).Select(_ => $"\\\\{Convert.ToString(128 + random.Next(128), 8)}"));
        Assert.NotEmpty(Steps(Enumerable.Range(0, 60).Select(i => Line($"{Escaped()}.raw.example", i))).Decide());
    }

    [Fact]
    public void Any_order_split_and_repetition_shows_the_same()
    {
        var names = Gen.Select(Gen.String[Gen.Char["abcdefgh0123456789"], 8, 60], Gen.Int[0, 60_000], Gen.Int[0, 1], (label, second, domain) => Line($"{label}.d{domain}.example", second));
        Gen.Select(names.Array[30, 120], Gen.Int[0, 120]).Sample((lines, cut) =>
        {
            var whole = Steps(lines).Shown();
            Assert.Equal(whole, Steps(lines.Reverse().Concat(lines)).Shown());
            Assert.Equal(whole, Steps(lines.Skip(cut)).Merge(Steps(lines.Take(cut))).Merge(Steps(lines)).Shown());
        }, iter: 100);
    }

    [Fact]
    public void The_state_stays_small_and_comes_back_from_its_stored_form()
    {
        var state = Steps(Names(2_000, $"{X(60)}.{X(60)}.t.example", Base36, 0.1)).All.First().Value;
        Assert.Equal((CarriedNames.MostNames, CarriedNames.MostTexts), (state.Names.Kept, state.Texts.Kept));
        Assert.InRange(state.Names.Count, 1_600, 2_400);
        var restored = JsonSerializer.Deserialize<Sample<CarriedName>>(JsonSerializer.Serialize(state.Names))!;
        Assert.Equal((state.Names.Count, state.Names.IsPart), (restored.Count, restored.IsPart));
        Assert.Equal(state.Names.Things, restored.Things);
    }

    [Fact]
    public void A_quiet_query_allocates_nothing() =>
        NetworkLogs.Read(NetworkLogs.Query("assets.static.example.co.uk."), query: query => Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++) Detector.Observe(query, Knowledge.Nothing, null!);
        })));
}
