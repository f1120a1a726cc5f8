using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Documents;

/// <summary>The audit log in SQLite; triggers refuse to change or remove its rows.</summary>
/// <remarks>The hash of an entry is SHA-256 over the hash before it (32 zero bytes for the first), its number and its time in milliseconds (8 bytes each, the highest first), and actor, action,
/// subject and details, each with its length in bytes before it (4 bytes).</remarks>
public sealed class AuditLog(Database database) : IAuditLog
{
    private const int MostEntries = 1000;

    public Task<AuditEntry> Append(AuditRecord record, CancellationToken cancel = default) => database.Write(session => Append(session, record), cancel: cancel);

    public Task<IReadOnlyList<AuditEntry>> Read(long after, int limit, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostEntries);
        return Task.FromResult(database.Read<IReadOnlyList<AuditEntry>>(session =>
        {
            using var rows = session.Query("SELECT number, time, actor, action, subject, details, hash FROM audit WHERE number > $after ORDER BY number LIMIT $limit",
                ("$after", after), ("$limit", limit));
            var entries = new List<AuditEntry>();
            while (rows.Read()) entries.Add(Read(rows));
            return entries;
        }));
    }

    public Task<AuditVerdict> Verify(AuditHead? known = null, CancellationToken cancel = default) => Task.FromResult(database.Read(session =>
    {
        using var rows = session.Query("SELECT number, time, actor, action, subject, details, hash FROM audit ORDER BY number");
        var (number, hash) = (0L, new byte[SHA256.HashSizeInBytes]);
        while (rows.Read())
        {
            cancel.ThrowIfCancellationRequested();
            var entry = Read(rows);
            if (entry.Number != number + 1) return new AuditVerdict(null, $"entry {number + 1} is missing");
            (number, hash) = (entry.Number, Hash(hash, entry.Number, entry.Record));
            if (entry.Hash != Convert.ToHexStringLower(hash)) return new(null, $"entry {number} is not what was written, or one before it was exchanged");
            if (known?.Number == number && known.Hash != entry.Hash) return new(null, $"entry {number} is another one than the one that was noted");
        }
        if (known?.Number > number) return new(null, $"the log ends with entry {number}, but entry {known.Number} was noted");
        return new(number == 0 ? null : new(number, Convert.ToHexStringLower(hash)), null);
    }));

    /// <summary>Adds an entry within a transaction.</summary>
    internal static AuditEntry Append(Session session, AuditRecord record)
    {
        record = record with { Time = DateTimeOffset.FromUnixTimeMilliseconds(record.Time.ToUnixTimeMilliseconds()) };
        var (number, hash) = Last(session);
        hash = Hash(hash, ++number, record);
        session.Execute("INSERT INTO audit (number, time, actor, action, subject, details, hash) VALUES ($number, $time, $actor, $action, $subject, $details, $hash)",
            ("$number", number), ("$time", record.Time.ToUnixTimeMilliseconds()), ("$actor", record.Actor), ("$action", record.Action), ("$subject", record.Subject),
            ("$details", record.Details.ToArray()), ("$hash", hash));
        return new(number, record, Convert.ToHexStringLower(hash));
    }

    private static (long Number, byte[] Hash) Last(Session session)
    {
        using var rows = session.Query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1");
        return rows.Read() ? (rows.GetInt64(0), (byte[])rows.GetValue(1)) : (0, new byte[SHA256.HashSizeInBytes]);
    }

    private static AuditEntry Read(SqliteDataReader rows) => new(
        rows.GetInt64(0),
        new(DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), rows.GetString(2), rows.GetString(3), rows.GetString(4), (byte[])rows.GetValue(5)),
        Convert.ToHexStringLower((byte[])rows.GetValue(6)));

    private static byte[] Hash(byte[] before, long number, AuditRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(numbers, number);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], record.Time.ToUnixTimeMilliseconds());
        hash.AppendData(before);
        hash.AppendData(numbers);
        foreach (var part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[Utf8(record.Actor), Utf8(record.Action), Utf8(record.Subject), record.Details])
        {
            BinaryPrimitives.WriteInt32BigEndian(numbers, part.Length);
            hash.AppendData(numbers[..4]);
            hash.AppendData(part.Span);
        }
        return hash.GetHashAndReset();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
