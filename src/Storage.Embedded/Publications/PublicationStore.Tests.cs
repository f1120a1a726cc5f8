using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Publications;

namespace Yagura.Tests.Storage;

public sealed class PublicationStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();
    private readonly ManualTime _time = new(Noon);
    private Opened _store = null!;

    private PublicationStore Publications => new(_store.Database);

    public async ValueTask InitializeAsync()
    {
        _store = await Opened.Open(_scratch.Folder);
        await Publications.Next("bus", 1, TestContext.Current.CancellationToken); // it is there from the beginning
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _scratch.Dispose();
    }

    private async Task Find(int number, int count = 1, bool archived = false, string region = "eu-west-1")
    {
        var finding = Victim.Finding(number, count);
        await _store.Findings.Put([finding with { Region = region, UpdatedAt = _time.Now, Service = finding.Service with { Archived = archived } }]);
    }

    /// <summary>What a reader gets when everything that is due is published: <c>new 1×3</c> for the finding 1 with count 3.</summary>
    private async Task<string> Told(string reader = "bus", Func<string, string, TimeSpan>? period = null)
    {
        await Publications.PublishAgain(_time.Now, period ?? ((_, _) => TimeSpan.FromMinutes(15)));
        await Publications.PublishFirst(_time.Now);
        var told = new List<string>();
        while (await Publications.Next(reader, 2) is { IsNew: true } page)
        {
            told.AddRange(page.Publications.Select(one => $"{(one.IsFirst ? "new" : "again")} {Convert.ToInt32(one.Finding.Id, 16)}×{one.Finding.Service.Count}"));
            await Publications.Done(reader, page);
        }
        return string.Join(", ", told);
    }

    [Fact]
    public async Task A_new_finding_is_told_at_once_and_its_later_occurrences_together_after_the_period()
    {
        await Find(1);
        Assert.Equal("new 1×1", await Told());
        await Find(1, 2);
        _time.Now += TimeSpan.FromMinutes(14);
        await Find(1, 3);
        await Find(2);
        Assert.Equal("new 2×1", await Told());
        _time.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("again 1×3", await Told());
        _time.Now += TimeSpan.FromDays(1);
        Assert.Equal("", await Told()); // nothing happened
        await Find(1, 4);
        Assert.Equal("again 1×4", await Told());
    }

    [Fact]
    public async Task The_period_is_that_of_the_findings_account_and_region()
    {
        await Find(1);
        await Find(2, region: "us-east-1");
        Assert.Equal("new 1×1, new 2×1", await Told());
        await Find(1, 2);
        await Find(2, 2, region: "us-east-1");
        _time.Now += TimeSpan.FromHours(1);
        Assert.Equal("again 1×2", await Told(period: Period));
        _time.Now += TimeSpan.FromHours(5);
        Assert.Equal("again 2×2", await Told(period: Period));

        static TimeSpan Period(string account, string region) => TimeSpan.FromHours(region == "eu-west-1" ? 1 : 6);
    }

    [Fact]
    public async Task What_is_suppressed_or_archived_is_never_told_and_what_is_brought_back_when_it_comes_again()
    {
        await Find(1, archived: true);
        await Find(2);
        await _store.Findings.SetArchived(FindingScope.Everything, [$"{2:x32}"], true);
        Assert.Equal("", await Told());
        await _store.Findings.SetArchived(FindingScope.Everything, [$"{1:x32}", $"{2:x32}"], false);
        await _store.Findings.SetFeedback(FindingScope.Everything, [$"{2:x32}"], UserFeedback.Useful);
        Assert.Equal("", await Told());
        await Find(2, 2);
        Assert.Equal("new 2×2", await Told());
        await Find(1, 2, archived: true); // the rule still suppresses it
        Assert.Equal("", await Told());
    }

    [Fact]
    public async Task What_is_archived_between_publication_and_reading_is_passed_over()
    {
        await Find(1);
        await Find(2);
        await Publications.PublishFirst(_time.Now);
        await _store.Findings.SetArchived(FindingScope.Everything, [$"{1:x32}"], true);
        Assert.Equal("new 2×1", await Told());
    }

    [Fact]
    public async Task Every_reader_comes_by_everything_from_its_first_question_on()
    {
        await Find(1);
        Assert.Equal("new 1×1", await Told());
        Assert.Equal("", await Told("export"));
        await Find(2);
        Assert.Equal("new 2×1", await Told("export"));
        Assert.Equal("new 2×1", await Told());
    }

    [Fact]
    public async Task What_a_reader_has_not_done_comes_again_under_the_same_key_after_a_restart()
    {
        await Find(1);
        await Publications.PublishFirst(_time.Now);
        var key = Assert.Single((await Publications.Next("bus", 10)).Publications).Key;
        await _store.DisposeAsync();
        _store = await Opened.Open(_scratch.Folder);
        Assert.Equal(key, Assert.Single((await Publications.Next("bus", 10)).Publications).Key);
        Assert.Equal("new 1×1", await Told());
    }

    [Fact]
    public async Task A_clock_that_is_set_back_holds_nothing_back()
    {
        await Find(1);
        await Told();
        _time.Now -= TimeSpan.FromDays(365);
        await Find(1, 2);
        Assert.Equal("again 1×2", await Told());
    }

    [Fact]
    public async Task Publications_are_forgotten_in_the_end_and_so_are_readers_that_never_came_again()
    {
        await Find(1);
        Assert.Equal("new 1×1", await Told());
        for (var number = 2; number < 5; number++)
        {
            await Find(number);
            await Told("other");
        }
        _time.Now += IPublications.Kept + TimeSpan.FromDays(1);
        await Find(5);
        await Told("other");
        Assert.Equal("", await Told()); // what it missed is gone
        await Find(6);
        Assert.Equal("new 6×1", await Told());
    }

    [Fact]
    public async Task The_stream_yields_each_and_goes_on_where_it_was_left()
    {
        for (var number = 1; number < 250; number++) await Find(number);
        await Publications.PublishFirst(_time.Now);
        var seen = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            await foreach (var one in Publications.Published("bus", TimeProvider.System, TestContext.Current.CancellationToken))
            {
                seen.Add(one.Key);
                if (seen.Distinct().Count() == (round == 0 ? 150 : 249)) break;
            }
        }
        Assert.Equal(249, seen.Distinct().Count());
        Assert.Equal(150 + 149, seen.Count); // what was not done of the second page came again
    }

    [Fact]
    public async Task Killed_at_any_instant_it_tells_every_finding_and_none_under_two_keys()
    {
        await _store.DisposeAsync();
        var (seen, random) = (new List<string>(), 4_711u);
        for (var round = 0; round < 8; round++)
        {
            using var victim = Victim.Start(_scratch.Folder, publish: true);
            random = (random * 1_664_525) + 1_013_904_223;
            for (var left = 1 + (random % 40); left > 0 && await victim.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line; left--) seen.Add(line);
            victim.Kill();
            while (await victim.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line) seen.Add(line);
            await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        _store = await Opened.Open(_scratch.Folder);
        await Publications.PublishFirst(_time.Now);
        while (await Publications.Next("bus", 100) is { IsNew: true } page)
        {
            seen.AddRange(page.Publications.Select(one => one.Key));
            await Publications.Done("bus", page);
        }
        var findings = (await _store.Findings.Changes(0, 1000)).Select(change => change.Finding.Id).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(findings);
        Assert.Equal(findings, seen.Distinct().Select(key => key[..32]).Order(StringComparer.Ordinal));
    }
}
