using Yagura.Core.Findings;
using Yagura.Core.Ports;

namespace Yagura.Tests.Storage;

/// <summary>What every store remembers of suppression rules.</summary>
public abstract class SuppressionHitsContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SuppressionKey Rule = new("111122223333", "eu-west-1", "noise", Noon.AddDays(-1));
    private static readonly SuppressionKey Trial = Rule with { Name = "trial" };

    private static readonly Finding Connection = SampleFindings.Connection with { Id = new string('a', 32) };
    private static readonly Finding Dns = SampleFindings.Dns with { Id = new string('b', 32) };

    /// <summary>An empty store, disposed of by the engine's tests.</summary>
    protected abstract Task<(IFindingStore Findings, ISuppressionHits Hits)> Empty();

    private static SuppressionHit Hit(Finding finding, SuppressionKey? rule = null, bool isShadow = false, int hours = 0) => new(rule ?? Rule, finding.Id, isShadow, Noon.AddHours(hours));

    private static Finding Hidden(Finding finding, long more = 0) =>
        finding with { Service = finding.Service with { Archived = true, Count = finding.Service.Count + more, EventLastSeen = finding.Service.EventLastSeen.AddHours(more) } };

    [Fact]
    public async Task A_hit_is_remembered_with_its_finding()
    {
        var (findings, hits) = await Empty();
        await findings.Put([Hidden(Connection), Dns], [Hit(Connection), Hit(Dns, Trial, isShadow: true, hours: 1)]);

        var count = Connection.Service.Count;
        Assert.Equal(
            [new SuppressionTally(Rule, 1, count, 0, 0, Noon, Noon), new(Trial, 0, 0, 1, Dns.Service.Count, Noon.AddHours(1), Noon.AddHours(1))], await hits.Tallies());
        Assert.Equal(new HiddenFinding(Connection.Id, Connection.Type.Name, Connection.Severity, Noon, Noon, count, 0), Assert.Single(await hits.List(Rule, null, 10)));
        Assert.Equal(0, Assert.Single(await hits.List(Trial, null, 10)).Occurrences);
        Assert.Empty(await hits.List(Rule with { Made = Noon }, null, 10)); // another rule of the same name
    }

    [Fact]
    public async Task The_same_finding_again_is_no_hit_and_a_later_occurrence_is()
    {
        var (findings, hits) = await Empty();
        await findings.Put([Hidden(Connection)], [Hit(Connection)]);

        await findings.Put([Hidden(Connection)], [Hit(Connection, hours: 1)]);
        await findings.Put([Hidden(Connection) with { Title = "Said in other words." }], [Hit(Connection, hours: 2)]);
        Assert.Equal((Connection.Service.Count, Noon), await Tally());

        await findings.Put([Hidden(Connection, more: 3)], [Hit(Connection, hours: 3)]);
        Assert.Equal((Connection.Service.Count + 3, Noon.AddHours(3)), await Tally());
        Assert.Equal((new DateOnly(2026, 3, 1), Connection.Service.Count + 3), Assert.Single((await hits.Pattern(Rule)).Days));

        async Task<(long, DateTimeOffset)> Tally() => Assert.Single(await hits.Tallies()) is var tally ? (tally.Occurrences, tally.Last) : default;
    }

    [Fact]
    public async Task A_rule_that_comes_later_hides_and_counts_nothing_of_what_is_there()
    {
        var (findings, hits) = await Empty();
        await findings.Put([Connection]);

        Assert.Equal(new PutResult(0, 0, 1), await findings.Put([Hidden(Connection)], [Hit(Connection)]));
        Assert.False((await findings.Get(FindingScope.Everything, [Connection.Id]))[0].Finding.Service.Archived);
        Assert.Empty(await hits.Tallies());
    }

    [Fact]
    public async Task What_a_rule_hid_stays_hidden_without_it_until_it_occurs_again()
    {
        var (findings, _) = await Empty();
        await findings.Put([Hidden(Connection)], [Hit(Connection)]);

        await findings.Put([Connection]);
        Assert.True((await findings.Get(FindingScope.Everything, [Connection.Id]))[0].Finding.Service.Archived);

        await findings.Put([Connection with { Service = Connection.Service with { Count = Connection.Service.Count + 1 } }]);
        Assert.False((await findings.Get(FindingScope.Everything, [Connection.Id]))[0].Finding.Service.Archived);
    }

    [Fact]
    public async Task What_the_findings_have_in_common_is_remembered()
    {
        var (findings, hits) = await Empty();
        await findings.Put([Hidden(Connection)], [Hit(Connection)]);
        await findings.Put([Hidden(Connection, more: 2)], [Hit(Connection, hours: 2)]);

        var pattern = await hits.Pattern(Rule);
        Assert.Equal(
            ["Actor 198.51.100.7", "Actor i-0123456789abcdef0", "Severity High", $"Type {Connection.Type}"],
            pattern.Traits.Select(trait => $"{trait.Kind} {trait.Value}").Order(StringComparer.Ordinal));
        Assert.All(pattern.Traits, trait => Assert.Equal((Noon, Noon.AddHours(2), Connection.Service.Count + 2), (trait.First, trait.Last, trait.Occurrences)));
        Assert.Empty((await hits.Pattern(Trial)).Traits);
    }

    [Fact]
    public async Task Pages_hold_every_hidden_finding_once_the_newest_first()
    {
        var (findings, hits) = await Empty();
        Finding[] many = [.. Enumerable.Range(0, 25).Select(number => Hidden(Connection) with { Id = $"{number:x32}" })];
        await findings.Put(many, [.. many.Select((finding, number) => Hit(finding, hours: number / 3))]);

        var seen = new List<HiddenFinding>();
        while (await hits.List(Rule, seen.LastOrDefault(), 4) is { Count: > 0 } page) seen.AddRange(page);
        Assert.Equal(many.Select(finding => finding.Id).Order(StringComparer.Ordinal), seen.Select(hidden => hidden.FindingId).Order(StringComparer.Ordinal));
        Assert.Equal(seen.OrderByDescending(hidden => hidden.Last).Select(hidden => hidden.Last), seen.Select(hidden => hidden.Last));
    }

    [Fact]
    public async Task Hits_go_with_their_findings()
    {
        var (findings, hits) = await Empty();
        await findings.Put([Hidden(Connection)], [Hit(Connection)]);

        await findings.Prune(Noon.AddYears(1));
        Assert.Empty(await hits.Tallies());
        Assert.Equal((0, 0), ((await hits.Pattern(Rule)).Traits.Count, (await hits.Pattern(Rule)).Days.Count));
    }
}
