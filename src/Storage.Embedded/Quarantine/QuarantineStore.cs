using System.Security.Cryptography;
using System.Text;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Quarantine;

/// <summary>The quarantine in SQLite.</summary>
/// <param name="most">Most bytes of all items together; default 1 GiB.</param>
public sealed class QuarantineStore(Database database, TimeProvider time, long most = 1L << 30) : IQuarantine
{
    private const int LongestText = 2_000;

    private const string Columns = "number, time, kind, source, object, record, field, reason, bytes";

    public Task Put(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel = default) => Guarded(() => database.Write(session =>
    {
        foreach (var item in items) Put(session, item);
        MakeRoom(session);
        return items.Count;
    }, cancel: cancel));

    public Task<IReadOnlyList<QuarantineEntry>> List(long? before, int most, CancellationToken cancel = default) => Guarded(() => Task.FromResult(database.Read<IReadOnlyList<QuarantineEntry>>(session =>
    {
        var entries = new List<QuarantineEntry>();
        using var rows = session.Query(
            $"SELECT {Columns} FROM quarantine WHERE number < $before ORDER BY number DESC LIMIT $most", ("$before", before ?? long.MaxValue), ("$most", Math.Clamp(most, 1, 1_000)));
        while (rows.Read()) entries.Add(Entry(rows));
        return entries;
    })));

    public Task<QuarantineEntry?> Get(long number, CancellationToken cancel = default) => Guarded(() => Task.FromResult(database.Read(session =>
    {
        using var rows = session.Query($"SELECT {Columns} FROM quarantine WHERE number = $number", ("$number", number));
        return rows.Read() ? Entry(rows) : null;
    })));

    public Task<int> Remove(IReadOnlyList<long> numbers, CancellationToken cancel = default) => Guarded(() => database.Write(session => numbers.Count(number => Remove(session, number)), cancel: cancel));

    public Task<QuarantineSize> Size(CancellationToken cancel = default) => Guarded(() => Task.FromResult(database.Read(session =>
        new QuarantineSize(Count(session, "quarantine items"), Count(session, "quarantine bytes"), Count(session, "quarantine dropped")))));

    private void Put(Session session, QuarantinedItem item)
    {
        var bytes = item.Bytes.Length <= QuarantinedItem.LargestBytes ? item.Bytes : item.Bytes[..QuarantinedItem.LargestBytes];
        var (field, reason) = (Cut(item.Field), Cut(item.Reason));
        var size = bytes.Length + item.Source.Length + item.Object.Length + field.Length + reason.Length;
        var added = session.Execute(
            """
            INSERT OR IGNORE INTO quarantine (hash, time, kind, source, object, record, field, reason, size, bytes)
            VALUES ($hash, $time, $kind, $source, $object, $record, $field, $reason, $size, $bytes)
            """,
            ("$hash", Hash(item, bytes.Span)), ("$time", time.GetUtcNow().ToUnixTimeMilliseconds()), ("$kind", (int)item.Kind), ("$source", item.Source), ("$object", item.Object),
            ("$record", item.Record), ("$field", field), ("$reason", reason), ("$size", size), ("$bytes", bytes.ToArray()));
        if (added == 1) Grow(session, items: 1, size);
    }

    private void MakeRoom(Session session)
    {
        while (Count(session, "quarantine bytes") > most && session.Number("SELECT min(number) FROM quarantine") is { } oldest)
        {
            Remove(session, oldest);
            session.Execute("UPDATE counter SET value = value + 1 WHERE name = 'quarantine dropped'");
        }
    }

    private static bool Remove(Session session, long number)
    {
        if (session.Number("SELECT size FROM quarantine WHERE number = $number", ("$number", number)) is not { } size) return false;
        session.Execute("DELETE FROM quarantine WHERE number = $number", ("$number", number));
        Grow(session, items: -1, -size);
        return true;
    }

    private static void Grow(Session session, int items, long bytes)
    {
        session.Execute("UPDATE counter SET value = value + $bytes WHERE name = 'quarantine bytes'", ("$bytes", bytes));
        session.Execute("UPDATE counter SET value = value + $items WHERE name = 'quarantine items'", ("$items", items));
    }

    private static long Count(Session session, string name) => session.Number("SELECT value FROM counter WHERE name = $name", ("$name", name)) ?? 0;

    private static QuarantineEntry Entry(Statement row) => new(
        row.Long(0), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(1)),
        new((QuarantinedKind)row.Int(2), row.Text(3), row.Text(4), row.Long(5), row.Text(6), row.Text(7), row.Bytes(8).ToArray()));

    // What is driven again and still cannot be used comes under another name; the bytes are the same.
    private static byte[] Hash(QuarantinedItem item, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{(int)item.Kind} {(bytes.IsEmpty ? item.Object : "")} "));
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];

    private static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StorageException error)
        {
            throw new IOException($"the quarantine cannot be used: {error.Message}", error);
        }
    }
}
