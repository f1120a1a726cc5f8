namespace Yagura.Logs;

/// <summary>One field of a record: a piece of some buffer; the default is the empty field.</summary>
internal struct FieldSlot
{
    public byte[]? Bytes;
    public int Start, Length;

    public readonly ReadOnlySpan<byte> Span => new(Bytes, Start, Length);
}
