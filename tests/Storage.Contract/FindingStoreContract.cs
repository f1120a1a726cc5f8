using System.Text;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Matching.Criteria;
using Yagura.Tests.Matching;

namespace Yagura.Tests.Storage;

/// <summary>What every findings store does; each engine derives a class of tests from it.</summary>
public abstract class FindingStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty store, disposed of by the engine's tests.</summary>
    protected abstract Task<IFindingStore> Empty();

    [Fact]
    public async Task A_finding_is_read_as_it_was_put()
    {
        var store = await Empty();
        Finding[] findings = [Numbered(SampleFindings.ApiCall, 1), Numbered(SampleFindings.Connection, 2), Numbered(SampleFindings.Dns, 3), Numbered(SampleFindings.Behaviour, 4), Numbered(SampleFindings.Sequence, 5)];

        Assert.Equal(new PutResult(5, 0, 0), await store.Put(findings));

        var stored = await store.Get(FindingScope.Everything, [.. findings.Select(finding => finding.Id)]);
        Assert.Equal(findings.Select(FindingJson.ToJson), stored.Select(one => FindingJson.ToJson(one.Finding)));
        Assert.Equal(stored.Select(one => one.Sequence).Order(), stored.Select(one => one.Sequence));
    }

    [Fact]
    public async Task What_is_not_there_is_left_out()
    {
        var store = await Empty();
        await store.Put([Numbered(SampleFindings.Dns, 1)]);

        Assert.Equal([Id(1)], (await store.Get(FindingScope.Everything, [Id(7), Id(1), "no id"])).Select(one => one.Finding.Id));
        Assert.Empty(await store.Get(FindingScope.Of("999999999999", "eu-west-1"), [Id(1)]));
        Assert.Empty(await store.SetArchived(FindingScope.Of("111122223333", "us-east-1"), [Id(1)], true));
        Assert.Equal([Id(1)], await store.SetArchived(FindingScope.Of("111122223333", "eu-west-1"), [Id(7), Id(1)], true));
    }

    [Fact]
    public async Task A_known_finding_is_replaced_and_keeps_when_it_was_created()
    {
        var store = await Empty();
        var first = Numbered(SampleFindings.Connection, 1);
        await store.Put([first]);
        var later = first with { CreatedAt = Noon, UpdatedAt = first.UpdatedAt.AddHours(1), Title = "Another title.", Service = first.Service with { Count = first.Service.Count + 1 } };

        Assert.Equal(new PutResult(0, 1, 0), await store.Put([later]));

        Assert.Equal(FindingJson.ToJson(later with { CreatedAt = first.CreatedAt }), FindingJson.ToJson((await One(store)).Finding));
    }

    [Fact]
    public async Task The_same_finding_again_is_no_change()
    {
        var store = await Empty();
        var finding = Numbered(SampleFindings.Connection, 1);
        await store.Put([finding]);
        var before = await One(store);

        Assert.Equal(new PutResult(0, 0, 1), await store.Put([finding with { CreatedAt = Noon, UpdatedAt = Noon.AddYears(1) }]));

        Assert.Equal((before.Sequence, before.Finding.UpdatedAt), ((await One(store)).Sequence, (await One(store)).Finding.UpdatedAt));
    }

    [Fact]
    public async Task The_same_finding_twice_in_one_call_is_one_finding()
    {
        var store = await Empty();
        var finding = Numbered(SampleFindings.Connection, 1);

        Assert.Equal(new PutResult(1, 1, 1), await store.Put([finding, finding, finding with { Title = "Another title." }]));

        Assert.Equal("Another title.", (await One(store)).Finding.Title);
        Assert.Equal([Id(1)], (await store.List(new(FindingScope.Everything))).Ids);
    }

    [Fact]
    public async Task What_a_person_archived_comes_back_with_the_next_occurrence()
    {
        var store = await Empty();
        var finding = Numbered(SampleFindings.Connection, 1);
        await store.Put([finding]);
        await store.SetArchived(FindingScope.Everything, [Id(1)], true);
        await store.SetFeedback(FindingScope.Everything, [Id(1)], UserFeedback.NotUseful);

        await store.Put([finding with { Title = "Said in other words." }]);
        Assert.Equal((true, UserFeedback.NotUseful), ((await One(store)).Finding.Service.Archived, (await One(store)).Finding.Service.UserFeedback));

        await store.Put([finding with { Service = finding.Service with { EventLastSeen = finding.Service.EventLastSeen.AddMinutes(1) } }]);
        Assert.Equal((false, UserFeedback.NotUseful), ((await One(store)).Finding.Service.Archived, (await One(store)).Finding.Service.UserFeedback));
    }

    [Fact]
    public async Task What_a_person_brought_back_stays_until_the_rule_hides_the_next_occurrence()
    {
        var store = await Empty();
        var finding = Numbered(SampleFindings.Connection, 1);
        var hidden = finding with { Service = finding.Service with { Archived = true } };
        await store.Put([hidden]);
        await store.SetArchived(FindingScope.Everything, [Id(1)], false);

        Assert.Equal(new PutResult(0, 0, 1), await store.Put([hidden]));
        Assert.False((await One(store)).Finding.Service.Archived);

        await store.Put([hidden with { Service = hidden.Service with { Count = hidden.Service.Count + 1 } }]);
        Assert.True((await One(store)).Finding.Service.Archived);
    }

    [Fact]
    public async Task Criteria_choose_the_findings_that_the_matcher_chooses() =>
        await Gen.Select(RandomCriteria.Criteria.Array[20], SampleFindings.Any.Array[12]).SampleAsync(async (criteria, samples) =>
        {
            var store = await Empty();
            var findings = samples.Select((sample, number) => Numbered(sample, number)).ToArray();
            await store.Put(findings[..6]);
            await store.Put(findings[3..]);
            foreach (var json in criteria)
            {
                var bytes = Encoding.UTF8.GetBytes(json);
                Assert.True(FindingCriteria.TryParse(bytes, out var parsed, out _));
                var expected = findings.Where(parsed.Matches).Select(finding => finding.Id);
                Assert.Equal(expected.Order(StringComparer.Ordinal), (await store.List(new(FindingScope.Everything, bytes))).Ids.Order(StringComparer.Ordinal));
            }
        }, iter: 15, threads: 1, seed: "0000KOIPe036");

    [Fact]
    public async Task What_changed_is_found_by_what_it_is_now()
    {
        var store = await Empty();
        await store.Put([Numbered(SampleFindings.Dns, 1)]);
        await store.Put([Numbered(SampleFindings.ApiCall, 1)]);

        Assert.Empty((await store.List(new(FindingScope.Everything, Criteria("service.action.actionType", "DNS_REQUEST")))).Ids);
        Assert.Equal([Id(1)], (await store.List(new(FindingScope.Everything, Criteria("service.action.actionType", "AWS_API_CALL")))).Ids);
        await store.SetArchived(FindingScope.Everything, [Id(1)], true);
        Assert.Equal([Id(1)], (await store.List(new(FindingScope.Everything, Criteria("service.archived", "true")))).Ids);
        await store.SetFeedback(FindingScope.Everything, [Id(1)], UserFeedback.Useful);
        Assert.Equal([Id(1)], (await store.List(new(FindingScope.Everything, Criteria("service.userFeedback", "USEFUL")))).Ids);
    }

    [Fact]
    public async Task Long_texts_are_found_too()
    {
        var store = await Empty();
        await store.Put([Numbered(SampleFindings.Dns, 1), Numbered(SampleFindings.Dns, 2)]);

        Assert.Equal([Id(2)], (await store.List(new(FindingScope.Everything, """{"criterion":{"arn":{"matches":["*2"]},"type":{"matches":["Trojan*"]}}}"""u8.ToArray()))).Ids);
    }

    [Fact]
    public async Task A_detector_sees_its_account_and_region()
    {
        var store = await Empty();
        await store.Put(
        [
            Numbered(SampleFindings.Dns, 1), Numbered(SampleFindings.Dns, 2) with { AccountId = "444455556666" }, Numbered(SampleFindings.Dns, 3) with { Region = "us-east-1" },
        ]);

        Assert.Equal([Id(1)], (await store.List(new(FindingScope.Of("111122223333", "eu-west-1")))).Ids);
        Assert.Equal([Id(1), Id(2)], (await store.List(new(new(["111122223333", "444455556666", "777788889999"], "eu-west-1")))).Ids.Order(StringComparer.Ordinal));
        Assert.Empty((await store.List(new(new([], null)))).Ids);
        Assert.Equal(2, (await store.Statistics(new(new(["111122223333"], null), FindingGrouping.Account)))[0].Count);
    }

    [Theory]
    [InlineData("updatedAt")]
    [InlineData("severity")]
    [InlineData("service.count")]
    [InlineData("id")]
    [InlineData("type")]
    [InlineData("resource.instanceDetails.tags.value")]
    [InlineData("resource.instanceDetails.instanceId")]
    [InlineData("confidence")]
    public async Task Pages_hold_every_finding_once_and_in_order(string sortBy)
    {
        var store = await Empty();
        var findings = Many(45);
        await store.Put(findings);
        foreach (var descending in new[] { false, true })
        {
            var whole = (await store.List(new(FindingScope.Everything) { SortBy = sortBy, Descending = descending, Limit = 1000 })).Ids;
            Assert.Equal(findings.Select(finding => finding.Id).Order(StringComparer.Ordinal), whole.Order(StringComparer.Ordinal));
            foreach (var limit in new[] { 1, 7, 45 })
            {
                Assert.Equal(whole, await Pages(store, new(FindingScope.Everything) { SortBy = sortBy, Descending = descending, Limit = limit }));
            }
        }
    }

    [Fact]
    public async Task Findings_are_sorted_by_what_they_are_asked_to_be()
    {
        var store = await Empty();
        var findings = Many(45);
        await store.Put(findings);
        async Task<List<Finding>> Sorted(string by, bool descending) =>
            [.. (await store.Get(FindingScope.Everything, (await store.List(new(FindingScope.Everything) { SortBy = by, Descending = descending })).Ids)).Select(one => one.Finding)];

        Assert.Equal(findings.Select(finding => finding.UpdatedAt).OrderDescending(), (await Sorted("updatedAt", true)).Select(finding => finding.UpdatedAt));
        Assert.Equal(findings.Select(finding => finding.Severity).Order(), (await Sorted("severity", false)).Select(finding => finding.Severity));
        Assert.Equal(findings.Select(finding => finding.Service.Count).OrderDescending(), (await Sorted("service.count", true)).Select(finding => finding.Service.Count));
        Assert.Equal(findings.Select(finding => finding.Type.Name).Order(StringComparer.Ordinal), (await Sorted("type", false)).Select(finding => finding.Type.Name));
        var ports = (await Sorted("service.action.networkConnectionAction.remotePortDetails.port", false)).Select(finding => (finding.Service.Action as NetworkConnectionAction)?.RemotePort).ToList();
        Assert.Equal(ports.OrderBy(port => port ?? int.MaxValue), ports); // as numbers, and last what has none
    }

    [Fact]
    public async Task Findings_that_come_and_go_do_not_shift_the_pages()
    {
        var store = await Empty();
        var findings = Many(30);
        await store.Put(findings);
        var query = new FindingQuery(FindingScope.Everything) { SortBy = "service.count", Descending = false, Limit = 10 };
        var first = await store.List(query);

        var existing = findings.Select(finding => finding.Id).ToHashSet(StringComparer.Ordinal);
        await store.Put([.. Many(60).Skip(30).Select(finding => finding with { Service = finding.Service with { Count = 1 } })]);
        var rest = await Pages(store, query with { Token = first.NextToken });

        Assert.Equal(existing.Order(StringComparer.Ordinal), first.Ids.Concat(rest.Where(existing.Contains)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_token_is_good_for_the_question_that_it_was_given_out_for()
    {
        var (store, other) = (await Empty(), await Empty());
        await store.Put(Many(10));
        await other.Put(Many(10));
        var query = new FindingQuery(FindingScope.Everything) { Limit = 3 };
        var token = (await store.List(query)).NextToken!;

        Assert.Equal(4, (await store.List(query with { Token = token, Limit = 4 })).Ids.Count);
        await Assert.ThrowsAsync<InvalidTokenException>(() => other.List(query with { Token = token }));
        await Assert.ThrowsAsync<InvalidTokenException>(() => store.List(query with { Token = token, SortBy = "severity" }));
        await Assert.ThrowsAsync<InvalidTokenException>(() => store.List(query with { Token = token, Descending = false }));
        await Assert.ThrowsAsync<InvalidTokenException>(() => store.List(query with { Token = token, Criteria = Criteria("region", "eu-west-1") }));
        await Assert.ThrowsAsync<InvalidTokenException>(() => store.List(query with { Token = token, Scope = FindingScope.Of("111122223333", "eu-west-1") }));
        foreach (var forged in new[] { "", "x", "=", "🙂", token + "A", token[..^1], (token[0] == 'A' ? "B" : "A") + token[1..], new string('A', 4_000_000) })
        {
            await Assert.ThrowsAsync<InvalidTokenException>(() => store.List(query with { Token = forged }));
        }
    }

    [Fact]
    public async Task A_question_that_is_none_is_refused()
    {
        var store = await Empty();
        Assert.Contains("unknown path", (await Assert.ThrowsAsync<ArgumentException>(() => store.List(new(FindingScope.Everything, Criteria("seveirty", "8"))))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => store.Statistics(new(FindingScope.Everything, FindingGrouping.Date, "{"u8.ToArray())));
        await Assert.ThrowsAsync<ArgumentException>(() => store.List(new(FindingScope.Everything) { SortBy = "no.such.path" }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.List(new(FindingScope.Everything) { Limit = 0 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.List(new(FindingScope.Everything) { Limit = 1001 }));
        await Assert.ThrowsAsync<ArgumentException>(() => store.Put([SampleFindings.Dns with { Id = "not an id" }]));
    }

    [Fact]
    public async Task Statistics_count_by_what_findings_have_in_common()
    {
        var store = await Empty();
        var findings = Many(60);
        await store.Put(findings);
        var criteria = Criteria("region", "eu-west-1");
        var counted = findings.Where(finding => finding.Region == "eu-west-1").ToList();

        async Task Agree<TKey>(FindingGrouping by, Func<Finding, TKey> ofFinding, Func<FindingGroup, TKey> ofGroup)
        {
            var groups = await store.Statistics(new(FindingScope.Everything, by, criteria) { Limit = 100 });
            Assert.Equal(groups.Select(group => group.Count).OrderDescending(), groups.Select(group => group.Count));
            Assert.Equal(
                counted.GroupBy(ofFinding).Select(group => (group.Key, (long)group.Count(), group.Max(finding => finding.UpdatedAt))).ToHashSet(),
                groups.Select(group => (ofGroup(group), group.Count, group.LastUpdated)).ToHashSet());
        }
        await Agree(FindingGrouping.Account, finding => finding.AccountId, group => group.Account);
        await Agree(FindingGrouping.FindingType, finding => finding.Type.Name, group => group.FindingType);
        await Agree(FindingGrouping.Severity, finding => finding.Severity, group => group.Severity!.Value);
        await Agree(FindingGrouping.Date, finding => (DateOnly.FromDateTime(finding.UpdatedAt.UtcDateTime), finding.Severity), group => (group.Date!.Value, group.Severity!.Value));
        await Agree(FindingGrouping.Resource,
            finding => (finding.AccountId, finding.Resource.ResourceType.ToString(), finding.Resource.InstanceDetails?.InstanceId ?? finding.Resource.AccessKeyDetails?.AccessKeyId),
            group => (group.Account!, group.ResourceType!, group.ResourceId));

        var smallest = await store.Statistics(new(FindingScope.Everything, FindingGrouping.Resource) { Descending = false, Limit = 2 });
        Assert.Equal(smallest.Select(group => group.Count).Order(), smallest.Select(group => group.Count));
        Assert.Equal(2, smallest.Count);
    }

    [Fact]
    public async Task Changes_are_followed_in_their_order()
    {
        var store = await Empty();
        var findings = Many(10);
        await store.Put(findings);
        await store.SetArchived(FindingScope.Everything, [findings[2].Id], true);
        await store.Put([findings[0] with { Title = "Another title." }]);

        var all = await store.Changes(0, 1000);
        Assert.Equal([.. findings.Skip(3).Select(finding => finding.Id).Prepend(findings[1].Id), findings[2].Id, findings[0].Id], all.Select(one => one.Finding.Id));
        Assert.Equal(all.Skip(4).Take(3).Select(one => one.Sequence), (await store.Changes(all[3].Sequence, 3)).Select(one => one.Sequence));
        Assert.Empty(await store.Changes(all[^1].Sequence, 1000));
        await store.SetArchived(FindingScope.Everything, [findings[2].Id], true);
        Assert.Empty(await store.Changes(all[^1].Sequence, 1000)); // it was archived before
    }

    [Fact]
    public async Task Old_findings_go_and_leave_room_for_new_ones()
    {
        var store = await Empty();
        var findings = Many(40);
        await store.Put(findings);
        var last = (await store.Changes(0, 1000))[^1].Sequence;
        var middle = findings.Select(finding => finding.UpdatedAt).Order().ElementAt(25);

        Assert.Equal(25, await store.Prune(middle));
        Assert.Equal(0, await store.Prune(middle));

        var kept = findings.Where(finding => finding.UpdatedAt >= middle).ToList();
        Assert.Equal(kept.Select(finding => finding.Id).Order(StringComparer.Ordinal), (await store.List(new(FindingScope.Everything))).Ids.Order(StringComparer.Ordinal));
        Assert.Equal(15, (await store.Statistics(new(FindingScope.Everything, FindingGrouping.Severity))).Sum(group => group.Count));
        await store.Put([.. Many(60).Skip(40)]);
        Assert.Equal(35, (await store.List(new(FindingScope.Everything))).Ids.Count);
        Assert.All((await store.Changes(last, 1000)), change => Assert.True(change.Sequence > last));
        foreach (var finding in kept)
        {
            Assert.Contains(finding.Id, (await store.List(new(FindingScope.Everything, Criteria("resource.resourceType", finding.Resource.ResourceType.ToString())))).Ids);
        }
    }

    [Fact]
    public async Task Many_callers_at_once_lose_nothing()
    {
        var store = await Empty();
        var findings = Many(200);
        await Task.WhenAll(findings.Chunk(5).Select(async chunk =>
        {
            foreach (var finding in chunk) await store.Put([finding]);
            await store.SetArchived(FindingScope.Everything, [chunk[0].Id], true);
            Assert.Equal(chunk.Select(finding => finding.Id), (await store.Get(FindingScope.Everything, [.. chunk.Select(finding => finding.Id)])).Select(one => one.Finding.Id));
        }));
        Assert.Equal(200, (await store.List(new(FindingScope.Everything) { Limit = 1000 })).Ids.Count);
        Assert.Equal(200, (await store.Changes(0, 1000)).Select(change => change.Sequence).Distinct().Count());
    }

    protected static string Id(int number) => $"{number:x32}";

    protected static Finding Numbered(Finding finding, int number) => finding with { Id = Id(number) };

    /// <summary>Findings of several kinds that differ in most that can be sorted by.</summary>
    protected static Finding[] Many(int count)
    {
        Finding[] kinds = [SampleFindings.ApiCall, SampleFindings.Connection, SampleFindings.Dns, SampleFindings.Behaviour];
        return
        [
            .. Enumerable.Range(0, count).Select(number =>
            {
                var kind = kinds[number * 7 % 4];
                return kind with
                {
                    Id = $"{(ulong)number * 0x9E37_79B9_7F4A_7C15:x16}{number:x16}", AccountId = $"{111122223333 + number % 3}", Region = number % 5 == 0 ? "us-east-1" : "eu-west-1",
                    Severity = 2 + number % 4 * 1.5, UpdatedAt = Noon.AddHours(number * 37 % 100), CreatedAt = Noon.AddHours(-number),
                    Resource = kind.Resource with
                    {
                        InstanceDetails = kind.Resource.InstanceDetails is { } instance ? instance with { InstanceId = $"i-{number % 6}", Tags = [new("a", $"t{number % 4}"), new("b", $"t{number % 3}")] } : null,
                    },
                    Service = kind.Service with
                    {
                        Count = 1 + number * 13 % 20, Archived = number % 4 == 1,
                        Action = kind.Service.Action is NetworkConnectionAction connection ? connection with { RemotePort = number * 31 % 200 } : kind.Service.Action,
                    },
                };
            }),
        ];
    }

    protected static byte[] Criteria(string path, string value) => Encoding.UTF8.GetBytes($$"""{"criterion":{"{{path}}":{"equals":["{{value}}"]} } }""");

    private static async Task<StoredFinding> One(IFindingStore store) => Assert.Single(await store.Get(FindingScope.Everything, [Id(1)]));

    private static async Task<List<string>> Pages(IFindingStore store, FindingQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await store.List(query);
            Assert.InRange(page.Ids.Count, page.NextToken is null ? 0 : query.Limit, query.Limit);
            ids.AddRange(page.Ids);
            query = query with { Token = page.NextToken };
        }
        while (query.Token is not null);
        return ids;
    }
}
