namespace Yagura.Core.Ports;

/// <summary>Who changed what and when: entries that are only ever added, each bound by a hash to all before it.</summary>
/// <remarks>Whoever notes the <see cref="AuditHead"/> elsewhere can prove later that nothing up to there was changed or taken away. Every method may throw
/// <see cref="StorageException"/>.</remarks>
public interface IAuditLog
{
    /// <summary>Adds an entry; the task ends when it is on disk.</summary>
    Task<AuditEntry> Append(AuditRecord record, CancellationToken cancel = default);

    /// <summary>Entries in the order in which they were added.</summary>
    /// <param name="after">0 for all; else the number of the last one that was seen.</param>
    /// <param name="limit">Most entries to return, 1 to 1,000.</param>
    Task<IReadOnlyList<AuditEntry>> Read(long after, int limit, CancellationToken cancel = default);

    /// <summary>Computes every hash anew.</summary>
    /// <param name="known">A head that was noted before, which must be part of the chain; null where there is none.</param>
    Task<AuditVerdict> Verify(AuditHead? known = null, CancellationToken cancel = default);
}

/// <param name="Actor">Who: an access key's id, a user's name, or <c>yagura</c> for what the program did by itself.</param>
/// <param name="Action">What, such as <c>UpdateFilter</c>.</param>
/// <param name="Subject">To what, such as an ARN.</param>
/// <param name="Details">JSON: before and after, for example; empty for none. Never secrets.</param>
public sealed record AuditRecord(DateTimeOffset Time, string Actor, string Action, string Subject, ReadOnlyMemory<byte> Details);

/// <param name="Number">1, 2, 3 and so on.</param>
/// <param name="Hash">SHA-256 of the record and of the hash before it, in lower-case hex.</param>
public sealed record AuditEntry(long Number, AuditRecord Record, string Hash);

/// <summary>The last entry of the log at some time.</summary>
public sealed record AuditHead(long Number, string Hash)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AuditHead? head)
    {
        const int HashLength = 64;
        head = text.Split(':') is [var number, { Length: HashLength } hash] && hash.All(char.IsAsciiHexDigitLower)
            && long.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var parsed) ? new(parsed, hash) : null;
        return head is not null;
    }

    /// <summary><c>NUMBER:HASH</c>, to be noted elsewhere.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number}:{Hash}");
}

/// <param name="Head">The last entry; null where the log is empty or broken.</param>
/// <param name="Problem">Where and how the chain is broken; null where it is whole.</param>
public sealed record AuditVerdict(AuditHead? Head, string? Problem);
