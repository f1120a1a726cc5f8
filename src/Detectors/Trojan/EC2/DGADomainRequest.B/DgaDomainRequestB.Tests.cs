using System.Text.Json;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors.Trojan.EC2;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class DgaDomainRequestBTests
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz", Hex = "0123456789abcdef", Base32 = "abcdefghijklmnopqrstuvwxyz234567", Vowels = "aeiouy", Consonants = "bcdfghjklmnpqrstvwxz";

    private static readonly string[] Words =
        ["blue", "river", "stone", "garden", "market", "silver", "winter", "bridge", "coffee", "window", "paper", "forest", "travel", "music", "doctor", "orange", "school", "kitchen"];

    private static readonly DgaDomainRequestB Detector = new();

    private static QuerySteps<AskedDomains> Steps(IEnumerable<string> lines, Knowledge? knowledge = null) =>
        new QuerySteps<AskedDomains>(Detector, knowledge ?? Knowledge.Nothing).Observe(lines);

    private static string Line(string name, double seconds = 0, string code = "NXDOMAIN") => QuerySteps<AskedDomains>.Line(name, seconds, code);

    private static string Drawn(Random random, string alphabet, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));

    private static IEnumerable<string> Made(int count, Func<Random, string> label, double pace = 1, string code = "NXDOMAIN", int seed = 1)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(i => Line(label(random) + ".example", i * pace, code)).ToList();
    }

    private static string Chosen(Random random) => Words[random.Next(Words.Length)] + Words[random.Next(Words.Length)];

    [Fact]
    public void Fifty_computed_names_that_do_not_exist_are_found_with_those_that_were_answered()
    {
        var decision = Steps([
            .. Made(50, random => Drawn(random, Letters, 14)), Line("xqvkzjwhtrpmbf.example", 60, "NOERROR"), Line("www.garden-market.example", 61, "NOERROR")]).Decide()[0];
        Assert.Equal(("Trojan:EC2/DGADomainRequest.B", "i-0a1b2c3d4e5f60718", ResourceRole.Actor, Severity.High),
            (decision.Detection.Type.Name, decision.Detection.Subject, decision.Detection.Role, decision.Detection.Severity));
        Assert.Matches("^(49|50) of 50 registered domains asked for in vain within 4[89] s look made: [34]..", decision.Detection.Why);
        Assert.EndsWith("; answered was xqvkzjwhtrpmbf.example", decision.Detection.Why, StringComparison.Ordinal);
        Assert.Equal(20, decision.Occurrences.Evidence.Count);
        Assert.All(decision.Occurrences.Evidence, record => Assert.EndsWith("NXDOMAIN", record.Summary, StringComparison.Ordinal));
    }

    public static TheoryData<string, double> Paces =>
        new([.. from kind in new[] { "letters", "hex", "base32", "turns", "short" } from pace in new[] { 0.1, 1, 10, 300 } select (kind, pace)]);

    [Theory, MemberData(nameof(Paces))]
    public void Every_alphabet_and_pace_is_found(string kind, double pace) => Assert.NotEmpty(Steps(Made(50, random => kind switch
    {
        "letters" => Drawn(random, Letters, 12),
        "hex" => Drawn(random, Hex, 16),
        "base32" => Drawn(random, Base32, 20),
        "short" => Drawn(random, Letters, 9),
        _ => string.Concat(Enumerable.Range(0, 8).Select(i => Drawn(random, i % 2 == 0 ? Consonants : Vowels, 1))),
    }, pace)).Decide());

    [Fact]
    public void Names_that_people_chose_are_quiet_however_many_do_not_exist() => Assert.Empty(Steps(Made(2_000, Chosen)).Decide());

    [Fact]
    public void A_burst_is_found_between_names_that_people_chose()
    {
        var lines = Made(300, Chosen, pace: 10).Concat(Made(30, random => Drawn(random, Letters, 14)).Select(line => line.Replace("T12:00", "T12:20", StringComparison.Ordinal)));
        var decision = Steps(lines).Decide()[0];
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 12, 20, 0, TimeSpan.Zero), decision.Occurrences.FirstSeen, TimeSpan.FromSeconds(5));
        Assert.All(decision.Occurrences.Evidence, record => Assert.InRange(record.Time, decision.Occurrences.FirstSeen, decision.Occurrences.LastSeen));
    }

    [Fact]
    public void Computed_names_are_found_between_as_many_others() =>
        Assert.NotEmpty(Steps(Made(60, random => Drawn(random, Letters, 14), pace: 3).Concat(Made(60, Chosen, pace: 3.01))).Decide());

    [Theory]
    [InlineData("initials")]
    [InlineData("numbers")]
    [InlineData("words with numbers")]
    public void Initials_and_numbers_are_nobodys_computation(string kind) => Assert.Empty(Steps(Made(1_000, random => kind switch
    {
        "initials" => Drawn(random, Letters, 3 + random.Next(2)),
        "numbers" => Drawn(random, "0123456789", 4 + random.Next(4)),
        _ => Words[random.Next(Words.Length)] + Drawn(random, "0123456789", 4),
    })).Decide());

    [Fact]
    public void Computed_names_that_exist_are_a_blind_spot() => Assert.Empty(Steps(Made(50, random => Drawn(random, Letters, 14), code: "NOERROR")).Decide());

    [Fact]
    public void Many_names_below_one_domain_are_one_domain()
    {
        var random = new Random(1);
        Assert.Empty(Steps(Enumerable.Range(0, 500).Select(i => Line($"{Drawn(random, Letters, 14)}.corp.example", i))).Decide());
    }

    [Fact]
    public void A_browsers_probes_and_names_without_a_domain_are_quiet() => Assert.Empty(Steps(Enumerable.Range(0, 300).Select(i => Line(Drawn(new Random(i), Letters, 12), i))).Decide());

    [Fact]
    public void Names_that_are_not_public_are_quiet() => Assert.Empty(Steps(Enumerable.Range(0, 300).Select(i => Line($"{Drawn(new Random(i), Letters, 14)}.local", i))).Decide());

    [Fact]
    public void The_same_few_names_again_and_again_are_few() => Assert.Empty(Steps(Enumerable.Range(0, 500).Select(i => Line($"{Drawn(new Random(i % 10), Letters, 14)}.example", i))).Decide());

    [Fact]
    public void What_is_trusted_is_never_reported() =>
        Assert.Empty(Steps(Made(100, random => Drawn(random, Letters, 14) + ".sinkhole"), NetworkLogs.Knowing(("trusted", ThreatCategory.Trusted, "sinkhole.example"))).Decide());

    [Fact]
    public void Any_order_split_and_repetition_shows_the_same()
    {
        var name = Gen.Select(Gen.Int[0, 60], Gen.Int[0, 90_000], Gen.Bool, (number, second, failed) =>
            Line($"{(number % 4 == 0 ? Chosen(new Random(number)) : Drawn(new Random(number), Letters, 13))}.example", second, failed ? "NXDOMAIN" : "NOERROR"));
        Gen.Select(name.Array[40, 150], Gen.Int[0, 150]).Sample((lines, cut) =>
        {
            var whole = Steps(lines).Shown();
            Assert.Equal(whole, Steps(lines.Reverse().Concat(lines)).Shown());
            Assert.Equal(whole, Steps(lines.Skip(cut)).Merge(Steps(lines.Take(cut))).Merge(Steps(lines)).Shown());
        }, iter: 100);
    }

    [Fact]
    public void The_state_stays_small_and_comes_back_from_its_stored_form()
    {
        var state = Steps(Made(3_000, random => Drawn(random, Letters, 14), pace: 0.1)).All.First().Value;
        Assert.Equal((AskedDomains.MostFailed, AskedDomains.MostTelling), (state.Failed.Kept, state.Telling.Kept));
        Assert.Equal(state.Failed.Things, JsonSerializer.Deserialize<Sample<AskedDomain>>(JsonSerializer.Serialize(state.Failed))!.Things);
        Assert.Equal(state.Telling.Things, JsonSerializer.Deserialize<Sample<TellingDomain>>(JsonSerializer.Serialize(state.Telling))!.Things);
    }

    [Fact]
    public void A_quiet_query_allocates_nothing() =>
        NetworkLogs.Read(NetworkLogs.Query("assets.static.example.co.uk."), query: query => Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++) Detector.Observe(query, Knowledge.Nothing, null!);
        })));
}
