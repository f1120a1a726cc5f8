using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Quarantine;

namespace Yagura.Storage.Embedded.Tests.Quarantine;

public sealed class QuarantineStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-quarantine-").FullName;
    private Database _database = null!;
    private QuarantineStore _store = null!;

    public ValueTask InitializeAsync()
    {
        _database = Database.Open(_folder);
        _store = new(_database, TimeProvider.System, most: 10_000);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static QuarantinedItem Item(long record, int bytes = 10) => new(QuarantinedKind.Record, "s3://trail-logs/", "s3://trail-logs/a", record, "eventTime", "is no time", Enumerable.Repeat((byte)record, bytes).ToArray());

    [Fact]
    public async Task An_item_is_kept_once_with_its_bytes_until_it_is_removed()
    {
        await _store.Put([Item(1), Item(2)]);
        await _store.Put([Item(1), Item(1) with { Object = "s3://other-trail/a", Record = 7 }]);
        var listed = await _store.List(null, 10);
        Assert.Equal([2, 1], listed.Select(entry => entry.Item.Record));
        var item = (await _store.Get(listed[1].Number))!.Item;
        Assert.Equal(("is no time", 10), (item.Reason, item.Bytes.Length));
        Assert.Equal(1, await _store.Remove([listed[1].Number, 999]));
        Assert.Null(await _store.Get(listed[1].Number));
        Assert.Equal(1, (await _store.Size()).Items);
    }

    [Fact]
    public async Task The_oldest_give_way_and_are_counted()
    {
        for (var record = 1; record <= 20; record++) await _store.Put([Item(record, 1_000)]);
        var size = await _store.Size();
        Assert.InRange(size.Bytes, 8_000, 10_000);
        Assert.Equal(20, size.Items + size.Dropped);
        Assert.Equal(20, (await _store.List(null, 1))[0].Item.Record);
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        await _store.Put([.. Enumerable.Range(1, 25).Select(record => Item(record))]);
        var records = new List<long>();
        long? before = null;
        while (await _store.List(before, 10) is { Count: > 0 } page)
        {
            records.AddRange(page.Select(entry => entry.Item.Record));
            before = page[^1].Number;
        }
        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(record => (long)record), records);
    }
}
