namespace Yagura.Core.Ports;

/// <summary>Keeps what could not be used, with the reason, until somebody has it driven again or removes it.</summary>
public interface IQuarantine
{
    /// <summary>Durable when it returns. The same item (source, object, record, bytes) put twice is kept once.</summary>
    /// <exception cref="IOException">They cannot be kept.</exception>
    void Put(IReadOnlyList<QuarantinedItem> items);
}

/// <summary>Something that could not be used.</summary>
/// <param name="Source">The <see cref="ILogSource.Name"/>.</param>
/// <param name="Object">The object's name, or the message's id.</param>
/// <param name="Record">Number of the record in its object, from 1; 0 for the object as a whole.</param>
/// <param name="Field">The first field that did not fit; empty where none did.</param>
/// <param name="Reason">A sentence for people; it may repeat what a stranger wrote.</param>
/// <param name="Bytes">As they came, cut at the quarantine's limit; empty where there were none to be had.</param>
public sealed record QuarantinedItem(
    QuarantinedKind Kind, string Source, string Object, long Record, string Field, string Reason, ReadOnlyMemory<byte> Bytes);

public enum QuarantinedKind
{
    /// <summary>A record of an object whose other records were used.</summary>
    Record,
    /// <summary>An object that could not be read (to its end).</summary>
    Object,
    /// <summary>A message that should have named objects.</summary>
    Message,
}
