using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Ledger;

namespace Yagura.Storage.Embedded.Tests.Ledger;

public sealed class ObjectUsageTests : IAsyncLifetime
{
    private const string Account = "111122223333", Region = "eu-west-1";
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-usage-").FullName;
    private Database _database = null!;
    private ObjectLedger _ledger = null!;

    public ValueTask InitializeAsync()
    {
        _database = Database.Open(_folder);
        _ledger = new(_database);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static UsageEntry Calls(long records, long bytes = 1_000, string account = Account, string region = Region) => new(account, region, "CLOUD_TRAIL", null, records, bytes);

    private static UsageEntry Data(string bucket, long records) => new(Account, Region, "S3_DATA_EVENTS", bucket, records, 1_000);

    private static LedgerEntry Entry(string name, LedgerState state, params UsageEntry[] usage) => new(new("s3://trail-logs/", Account, Region, "CloudTrail"), name, "1", state, Noon, Noon)
    {
        Identity = name, Usage = usage,
    };

    private async Task<IReadOnlyList<string>> Used(DateTimeOffset since, params string[] accounts)
    {
        Assert.Empty(await _ledger.Verify());
        return [.. (await new ObjectUsage(_database).Read(accounts.Length == 0 ? [Account] : accounts, Region, since)).Select(entry => $"{entry.Account} {entry.Feature} {entry.Resource} {entry.Records}/{entry.Bytes}")];
    }

    [Fact]
    public async Task What_was_read_is_told_by_account_feature_and_resource_of_one_region()
    {
        await _ledger.Record([Entry("a", LedgerState.Applied, Calls(3), Data("photos", 2), Calls(1, account: "444455556666"), Calls(7, region: "us-east-1")), Entry("b", LedgerState.Late, Calls(4), Data("books", 1))]);
        Assert.Equal([$"{Account} CLOUD_TRAIL  7/2000", $"{Account} S3_DATA_EVENTS books 1/1000", $"{Account} S3_DATA_EVENTS photos 2/1000"], await Used(Noon.AddDays(-30)));
        Assert.Equal(["444455556666 CLOUD_TRAIL  1/1000"], await Used(Noon.AddDays(-30), "444455556666", "777788889999"));
    }

    [Fact]
    public async Task Every_object_counts_once_however_often_it_comes()
    {
        var applied = Entry("a", LedgerState.Applied, Calls(3));
        await _ledger.Record([Entry("a", LedgerState.Discovered)]);
        Assert.Empty(await Used(Noon.AddDays(-30)));
        await _ledger.Record([applied, applied]);
        await _ledger.Record([applied with { Changed = Noon.AddDays(1) }]);
        await _ledger.Record([applied with { State = LedgerState.Duplicate }]); // itself, again
        await _ledger.Record([Entry("b", LedgerState.Duplicate, Calls(3)) with { Identity = "a" }]);
        Assert.Equal([$"{Account} CLOUD_TRAIL  3/1000"], await Used(Noon.AddDays(-30)));
        await _ledger.Record([Entry("c", LedgerState.Duplicate, Calls(5))]); // applied before a crash
        Assert.Equal([$"{Account} CLOUD_TRAIL  8/2000"], await Used(Noon.AddDays(-30)));
        await _ledger.Record([Entry("a", LedgerState.Quarantined) with { Reason = "damaged after all" }]);
        Assert.Equal([$"{Account} CLOUD_TRAIL  5/1000"], await Used(Noon.AddDays(-30)));
    }

    [Fact]
    public async Task Days_are_those_of_the_reading_and_stay_when_objects_are_pruned_and_the_program_ends()
    {
        for (var day = 0; day < 5; day++) await _ledger.Record([Entry($"{day}", LedgerState.Applied, Calls(1)) with { Changed = Noon.AddDays(day) }]);
        Assert.Equal([$"{Account} CLOUD_TRAIL  3/3000"], await Used(Noon.AddDays(1))); // the day after noon of the second, and later
        Assert.Equal(2, await _ledger.Prune(Noon.AddDays(1).AddHours(1)));
        await _database.DisposeAsync();
        _database = Database.Open(_folder);
        _ledger = new(_database);
        Assert.Equal([$"{Account} CLOUD_TRAIL  5/5000"], await Used(Noon.AddDays(-30)));
    }

    [Fact]
    public async Task Sums_that_were_tampered_with_are_told()
    {
        await _ledger.Record([Entry("a", LedgerState.Applied, Data("photos", 2))]);
        await _database.Write(session => session.Execute("UPDATE usage_day SET records = 7"));
        Assert.Equal(["S3_DATA_EVENTS 111122223333 eu-west-1 photos on 2026-11-25: the sums say 7 records and 1000 bytes used, the objects 2 and 1000"], await _ledger.Verify());
    }
}
