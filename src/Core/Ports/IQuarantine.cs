namespace Yagura.Core.Ports;

/// <summary>Keeps what could not be used, with the reason, until somebody has it driven again or removes it. It is bounded: the oldest gives way, and is counted.</summary>
/// <remarks>Fails with <see cref="IOException"/> where it cannot be read or written now.</remarks>
public interface IQuarantine
{
    /// <summary>Durable when it ends. The same bytes, and without bytes the same object, put twice are kept once.</summary>
    Task Put(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel = default);

    /// <summary>Newest first.</summary>
    /// <param name="before">The number that the page before ended with; null for the first.</param>
    /// <param name="most">1 to 1,000.</param>
    Task<IReadOnlyList<QuarantineEntry>> List(long? before, int most, CancellationToken cancel = default);

    /// <returns>Null where it is not (any more) there.</returns>
    Task<QuarantineEntry?> Get(long number, CancellationToken cancel = default);

    /// <returns>How many there were.</returns>
    Task<int> Remove(IReadOnlyList<long> numbers, CancellationToken cancel = default);

    Task<QuarantineSize> Size(CancellationToken cancel = default);
}

/// <summary>Something that could not be used.</summary>
/// <param name="Source">The <see cref="ILogSource.Name"/>.</param>
/// <param name="Object">The object's name, or the message's id.</param>
/// <param name="Record">Number of the record in its object, from 1; 0 for the object as a whole.</param>
/// <param name="Field">The first field that did not fit; empty where none did.</param>
/// <param name="Reason">A sentence for people; it may repeat what a stranger wrote.</param>
/// <param name="Bytes">As they came, cut at <see cref="LargestBytes"/>; empty where there were none to be had.</param>
public sealed record QuarantinedItem(
    QuarantinedKind Kind, string Source, string Object, long Record, string Field, string Reason, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Most bytes that are kept of an item: 1 MiB.</summary>
    public const int LargestBytes = 1 << 20;
}

/// <param name="Number">Counts up.</param>
public sealed record QuarantineEntry(long Number, DateTimeOffset At, QuarantinedItem Item);

/// <param name="Bytes">Of all items together.</param>
/// <param name="Dropped">Items that gave way to newer ones since the beginning.</param>
public sealed record QuarantineSize(long Items, long Bytes, long Dropped);

public enum QuarantinedKind
{
    /// <summary>A record of an object whose other records were used.</summary>
    Record,
    /// <summary>An object that could not be read (to its end).</summary>
    Object,
    /// <summary>A message that should have named objects.</summary>
    Message,
}
