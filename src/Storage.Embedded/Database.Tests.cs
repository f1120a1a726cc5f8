using System.Globalization;
using Microsoft.Data.Sqlite;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded;

namespace Yagura.Tests.Storage;

public sealed class DatabaseTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private static Finding[] Findings(int from, int count) => [.. Enumerable.Range(from, count).Select(number => Victim.Finding(number, 1))];

    private static async Task<int> Count(Opened store) => (await store.Findings.List(new(FindingScope.Everything) { Limit = 1000 })).Ids.Count;

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        string[] before;
        string token;
        var query = new FindingQuery(FindingScope.Everything) { SortBy = "type", Limit = 2 };
        await using (var store = await Opened.Open(_scratch.Folder))
        {
            await store.Findings.Put(Findings(0, 5));
            await store.Findings.Put([SampleFindings.ApiCall, SampleFindings.Dns with { Id = $"{9:x32}" }]);
            await store.Findings.SetArchived(FindingScope.Everything, [$"{1:x32}"], true);
            await store.Findings.Prune(SampleFindings.ApiCall.UpdatedAt.AddDays(-1));
            before = [.. (await store.Findings.Changes(0, 1000)).Select(change => $"{change.Sequence} {FindingJson.ToJson(change.Finding)}")];
            token = (await store.Findings.List(query)).NextToken!;
        }
        await using (var store = await Opened.Open(_scratch.Folder))
        {
            Assert.Equal(before, (await store.Findings.Changes(0, 1000)).Select(change => $"{change.Sequence} {FindingJson.ToJson(change.Finding)}"));
            Assert.Equal(2, (await store.Findings.List(query with { Token = token })).Ids.Count);
            Assert.Equal([$"{9:x32}"], (await store.Findings.List(new(FindingScope.Everything, """{"criterion":{"service.action.dnsRequestAction.domain":{"equals":["login.phish.example"]}}}"""u8.ToArray()))).Ids);
            Assert.Single((await store.Findings.List(new(FindingScope.Everything, """{"criterion":{"service.archived":{"equals":["true"]}}}"""u8.ToArray()))).Ids);
            await store.Findings.Put(Findings(20, 1));
            Assert.True((await store.Findings.Get(FindingScope.Everything, [$"{20:x32}"]))[0].Sequence > before.Length);
        }
    }

    [Fact]
    public async Task Killed_at_any_instant_it_has_what_it_said_it_had_and_nothing_by_half()
    {
        var random = 12_345u;
        var promised = 0L;
        for (var round = 0; round < 6; round++)
        {
            using (var victim = Victim.Start(_scratch.Folder))
            {
                random = random * 1_664_525 + 1_013_904_223;
                var last = promised + 1 + random % 40;
                while (await victim.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                {
                    promised = long.Parse(line, CultureInfo.InvariantCulture);
                    if (promised >= last) break;
                }
                if (promised < last) Assert.Fail(await victim.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)); // it ended by itself
                victim.Kill();
                while (await victim.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line) promised = long.Parse(line, CultureInfo.InvariantCulture);
                await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            await using var store = await Opened.Open(_scratch.Folder);
            var counts = (await store.Findings.Changes(0, 1000)).Select(change => change.Finding.Service.Count).ToList();
            Assert.Equal(Victim.Together, counts.Count);
            Assert.InRange(Assert.Single(counts.Distinct()), promised, promised + 1);
            Assert.Equal(Victim.Together, await Count(store));
        }
    }

    [Fact]
    public async Task A_full_disk_is_said_and_what_was_there_stays()
    {
        await using var store = await Opened.Open(_scratch.Folder, largest: 400_000);
        await store.Findings.Put(Findings(0, 5));

        var failure = await Assert.ThrowsAsync<StorageException>(() => store.Findings.Put(Findings(5, 900)));

        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, await Count(store));
        await store.Findings.Put(Findings(5, 3));
        await store.Documents.Put(new("kind", "", "", "id"), "1"u8.ToArray());
        Assert.Equal(8, await Count(store));
        Assert.Equal([8], (await store.Findings.Statistics(new(FindingScope.Everything, FindingGrouping.FindingType))).Select(group => group.Count));
    }

    [Fact]
    public async Task What_fails_takes_nothing_with_it_that_waits_beside_it()
    {
        await using var store = await Opened.Open(_scratch.Folder, largest: 3_000_000);
        var small = Enumerable.Range(0, 20).Select(number => store.Findings.Put(Findings(number, 1))).ToList();
        var conflict = store.Documents.Put(new("kind", "", "", "id"), "1"u8.ToArray(), expectedVersion: 7);
        var rest = Enumerable.Range(20, 20).Select(number => store.Findings.Put(Findings(number, 1))).ToList();

        await Assert.ThrowsAsync<DocumentConflictException>(() => conflict);
        await Task.WhenAll([.. small, .. rest]);
        Assert.Equal(40, await Count(store));
    }

    [Fact]
    public async Task A_lock_of_another_program_is_waited_for_and_then_said()
    {
        await using var store = await Opened.Open(_scratch.Folder);
        await using var other = new SqliteConnection($"Data Source={_scratch.File};Pooling=false");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        Execute(other, "BEGIN IMMEDIATE");

        var failure = await Assert.ThrowsAsync<StorageException>(() => store.Findings.Put(Findings(0, 1)));
        Assert.Contains("locked", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await store.Findings.Changes(0, 10)); // reading goes on

        var waiting = store.Findings.Put(Findings(0, 1));
        Execute(other, "ROLLBACK");
        Assert.Equal(new PutResult(1, 0, 0), await waiting);
    }

    [Fact]
    public async Task Findings_are_served_by_one_process()
    {
        await using var store = await Opened.Open(_scratch.Folder);
        Assert.Contains("another process", (await Assert.ThrowsAsync<StorageException>(() => Opened.Open(_scratch.Folder))).Message, StringComparison.Ordinal);
        await using var beside = Database.Open(_scratch.Folder); // documents are for all
        await new Yagura.Storage.Embedded.Documents.DocumentStore(beside).Put(new("key", "", "", "one"), "1"u8.ToArray());
        Assert.NotNull(await store.Documents.Get(new("key", "", "", "one")));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await File.WriteAllTextAsync(_scratch.File, new string('x', 5000), TestContext.Current.CancellationToken);
        Assert.Contains("damaged", Assert.Throws<StorageException>(() => Database.Open(_scratch.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_in_the_middle_is_said_when_it_is_met()
    {
        await using (var store = await Opened.Open(_scratch.Folder)) await store.Findings.Put(Findings(0, 300));
        await using (var file = File.OpenWrite(_scratch.File))
        {
            for (var page = 4096L * 3; page < file.Length; page += 4096)
            {
                file.Position = page;
                file.Write([0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE]);
            }
        }
        var failure = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            await using var store = await Opened.Open(_scratch.Folder);
            await store.Findings.Get(FindingScope.Everything, [.. Findings(0, 300).Select(finding => finding.Id)]);
        });
        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_one_is_said()
    {
        await File.WriteAllTextAsync(_scratch.Beside("file"), "", TestContext.Current.CancellationToken);
        Assert.Contains("file", Assert.Throws<StorageException>(() => Database.Open(_scratch.Beside("file"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_a_newer_version_are_left_alone()
    {
        await using (await Opened.Open(_scratch.Folder))
        {
            // made
        }
        await using (var other = new SqliteConnection($"Data Source={_scratch.File};Pooling=false"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            Execute(other, "PRAGMA user_version = 99");
        }
        var failure = Assert.Throws<StorageException>(() => Database.Open(_scratch.Folder));
        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Contains("99", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facets_are_read_anew_where_another_version_wrote_them()
    {
        await using (var store = await Opened.Open(_scratch.Folder)) await store.Findings.Put([SampleFindings.ApiCall, SampleFindings.Dns with { Id = $"{9:x32}" }]);
        await using (var other = new SqliteConnection($"Data Source={_scratch.File};Pooling=false"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            Execute(other, "UPDATE setting SET value = 'older' WHERE name = 'facet fields'; DELETE FROM facet WHERE field = 'type'; UPDATE finding SET facets = x''");
        }
        await using (var store = await Opened.Open(_scratch.Folder))
        {
            Assert.Equal([$"{9:x32}"], (await store.Findings.List(new(FindingScope.Everything, """{"criterion":{"type":{"matches":["Trojan*"]}}}"""u8.ToArray()))).Ids);
            Assert.Equal(2, (await store.Findings.Statistics(new(FindingScope.Everything, FindingGrouping.Resource))).Count);
        }
    }

    [Fact]
    public async Task A_changed_audit_log_is_found_out()
    {
        await using var store = await Opened.Open(_scratch.Folder);
        var record = new AuditRecord(DateTimeOffset.UnixEpoch, "alice", "DeleteFilter", "one", default);
        for (var i = 0; i < 3; i++) await store.Audit.Append(record);
        await using var other = new SqliteConnection($"Data Source={_scratch.File};Pooling=false");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Throws<SqliteException>(() => Execute(other, "UPDATE audit SET actor = 'bob' WHERE number = 2"));
        Assert.Throws<SqliteException>(() => Execute(other, "DELETE FROM audit"));

        Execute(other, "DROP TRIGGER audit_is_not_changed; UPDATE audit SET actor = 'bob' WHERE number = 2");
        Assert.Contains("entry 2", (await store.Audit.Verify()).Problem, StringComparison.Ordinal);
        Execute(other, "UPDATE audit SET actor = 'alice' WHERE number = 2");
        Assert.Null((await store.Audit.Verify()).Problem);
        Execute(other, "DROP TRIGGER audit_is_not_cut; DELETE FROM audit WHERE number = 2");
        Assert.Contains("entry 2", (await store.Audit.Verify()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_closed_it_says_so()
    {
        var store = await Opened.Open(_scratch.Folder);
        await store.DisposeAsync();
        await Assert.ThrowsAsync<StorageException>(() => store.Documents.Put(new("kind", "", "", "id"), "1"u8.ToArray()));
        Assert.False(File.Exists(_scratch.File + "-wal")); // the log was put away
    }

    public void Dispose() => _scratch.Dispose();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
