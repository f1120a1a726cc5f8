using System.Text;
using Yagura.Core.Ports;

namespace Yagura.Tests.Storage;

/// <summary>What every store of documents, with its audit log, does.</summary>
public abstract class DocumentStoreContract
{
    private static readonly AuditRecord Record = new(new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero), "AKIAEXAMPLE", "CreateFilter", "arn:aws:guardduty:filter/one", "{}"u8.ToArray());

    protected abstract Task<(IDocumentStore Documents, IAuditLog Audit)> Empty();

    [Fact]
    public async Task A_document_is_read_as_it_was_put()
    {
        var (store, _) = await Empty();
        var version = await store.Put(Key("one"), Json("{\"a\":1}"));

        var document = await store.Get(Key("one"));
        Assert.Equal((Key("one"), "{\"a\":1}", version), (document!.Key, Encoding.UTF8.GetString(document.Json.Span), document.Version));
        Assert.Null(await store.Get(Key("two")));
        Assert.Null(await store.Get(Key("one") with { Region = "" }));
    }

    [Fact]
    public async Task A_stamp_changes_with_every_change_of_its_kind()
    {
        var (store, _) = await Empty();
        var stamps = new List<DocumentStamp> { await store.Stamp(Key("one").Kind) };
        await store.Put(Key("one"), Json("1"));
        stamps.Add(await store.Stamp(Key("one").Kind));
        await store.Put(Key("one"), Json("2"));
        stamps.Add(await store.Stamp(Key("one").Kind));
        await store.Put(Key("two") with { Kind = "another" }, Json("3"));
        Assert.Equal(stamps[^1], await store.Stamp(Key("one").Kind));
        await store.Put(Key("two"), Json("3"));
        stamps.Add(await store.Stamp(Key("one").Kind));
        await store.Delete(Key("one"));
        stamps.Add(await store.Stamp(Key("one").Kind));
        Assert.Equal(stamps, stamps.Distinct());
    }

    [Fact]
    public async Task Versions_grow_and_say_whether_somebody_else_was_there()
    {
        var (store, _) = await Empty();
        var first = await store.Put(Key("one"), Json("1"), expectedVersion: 0);
        var second = await store.Put(Key("one"), Json("2"), expectedVersion: first);

        Assert.True(first > 0 && second > first);
        Assert.Equal(Key("one"), (await Assert.ThrowsAsync<DocumentConflictException>(() => store.Put(Key("one"), Json("3"), expectedVersion: first))).Key);
        await Assert.ThrowsAsync<DocumentConflictException>(() => store.Put(Key("one"), Json("3"), expectedVersion: 0));
        await Assert.ThrowsAsync<DocumentConflictException>(() => store.Delete(Key("one"), expectedVersion: first));
        Assert.True(await store.Delete(Key("one"), expectedVersion: second));
        Assert.False(await store.Delete(Key("one")));
        Assert.True(await store.Put(Key("one"), Json("4"), expectedVersion: 0) > second); // not one that somebody may still hold
    }

    [Fact]
    public async Task All_changes_are_made_or_none()
    {
        var (store, audit) = await Empty();
        await store.Put(Key("one"), Json("1"));

        await Assert.ThrowsAsync<DocumentConflictException>(() => store.Write([new(Key("two"), Json("2")), new(Key("one"), null), new(Key("one"), Json("3"), ExpectedVersion: 99)], Record));

        Assert.Equal(["one"], (await store.List(new("filter"))).Select(document => document.Key.Id));
        Assert.Empty(await audit.Read(0, 10));
        await store.Write([new(Key("two"), Json("2")), new(Key("one"), null)], Record);
        Assert.Equal(["two"], (await store.List(new("filter"))).Select(document => document.Key.Id));
        Assert.Equal("CreateFilter", Assert.Single(await audit.Read(0, 10)).Record.Action);
    }

    [Fact]
    public async Task Documents_are_listed_by_kind_account_and_region_a_page_at_a_time()
    {
        var (store, _) = await Empty();
        foreach (var account in new[] { "2", "1", "3" })
        {
            foreach (var region in new[] { "us-east-1", "eu-west-1" })
            {
                foreach (var id in new[] { "b", "a" }) await store.Put(new("filter", account, region, id), Json("1"));
            }
        }
        await store.Put(new("detector", "1", "eu-west-1", "a"), Json("1"));

        Assert.Equal(12, (await store.List(new("filter"))).Count);
        Assert.Equal(["a", "b"], (await store.List(new("filter", "1", "eu-west-1"))).Select(document => document.Key.Id));
        Assert.Equal(["1", "1", "2", "2", "3", "3"], (await store.List(new("filter", Region: "us-east-1"))).Select(document => document.Key.Account));
        Assert.Empty(await store.List(new("member")));
        var paged = new List<DocumentKey>();
        while (await store.List(new("filter") { Limit = 5, After = paged.LastOrDefault() }) is { Count: > 0 } page) paged.AddRange(page.Select(document => document.Key));
        Assert.Equal((await store.List(new("filter"))).Select(document => document.Key), paged);
    }

    [Fact]
    public async Task A_document_that_is_too_large_is_refused()
    {
        var (store, _) = await Empty();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Put(Key("one"), new byte[DocumentChange.LargestJson + 1]));
    }

    [Fact]
    public async Task The_audit_log_is_a_chain()
    {
        var (_, log) = await Empty();
        Assert.Equal(new AuditVerdict(null, null), await log.Verify());
        var entries = new List<AuditEntry>();
        for (var i = 0; i < 5; i++) entries.Add(await log.Append(Record with { Subject = $"subject \0{i}", Details = i == 0 ? default : Json("{}") }));

        Assert.Equal([1, 2, 3, 4, 5], entries.Select(entry => entry.Number));
        Assert.Equal(entries.Select(entry => (entry.Number, entry.Hash, entry.Record.Subject, entry.Record.Time)), (await log.Read(0, 10)).Select(entry => (entry.Number, entry.Hash, entry.Record.Subject, entry.Record.Time)));
        Assert.Equal([3, 4], (await log.Read(2, 2)).Select(entry => entry.Number));
        Assert.Equal(new AuditVerdict(new(5, entries[4].Hash), null), await log.Verify(new(3, entries[2].Hash)));
        Assert.NotNull((await log.Verify(new(3, entries[1].Hash))).Problem);
        Assert.NotNull((await log.Verify(new(6, entries[4].Hash))).Problem);
    }

    [Fact]
    public async Task Many_callers_at_once_make_one_chain()
    {
        var (_, log) = await Empty();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => log.Append(Record with { Subject = $"{number}" })));
        Assert.Equal(50, (await log.Verify()).Head!.Number);
    }

    private static DocumentKey Key(string id) => new("filter", "111122223333", "eu-west-1", id);

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);
}
