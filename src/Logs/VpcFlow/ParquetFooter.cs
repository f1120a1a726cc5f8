using System.Buffers.Binary;

namespace Yagura.Logs.VpcFlow;

/// <summary>Looks over the end of a Parquet file before the library reads it: a damaged count there would keep it busy for minutes.</summary>
/// <remarks>The file ends in its metadata (a struct in Thrift's compact protocol), the metadata's length (4 bytes, little-endian) and <c>PAR1</c>.
/// Sources: Apache Parquet format, "File format"; Apache Thrift, "Thrift compact protocol".</remarks>
internal ref struct ParquetFooter
{
    /// <summary>Largest metadata read, in bytes; a flow log has a few kilobytes.</summary>
    public const int Longest = 16 << 20;

    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether the metadata is one whole struct. Leaves the stream where it ends.</summary>
    public static bool IsWhole(Stream file)
    {
        Span<byte> tail = stackalloc byte[8];
        if (file.Length < 12) return false;
        file.Position = file.Length - 8;
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual("PAR1"u8) || length > Longest || length > file.Length - 12) return false;
        var metadata = new byte[length];
        file.Position = file.Length - 8 - length;
        file.ReadExactly(metadata);
        return IsStruct(metadata);
    }

    /// <summary>Whether the bytes are one struct of the compact protocol and nothing else.</summary>
    public static bool IsStruct(ReadOnlySpan<byte> bytes)
    {
        var footer = new ParquetFooter(bytes);
        return footer.Struct(0) && footer._at == bytes.Length;
    }

    // Field headers: a nibble of what the field's number adds to the one before (0: the number follows), a nibble of type; 0 ends the struct.
    private bool Struct(int depth)
    {
        if (depth > Deepest) return false;
        while (_at < _bytes.Length)
        {
            var header = _bytes[_at++];
            if (header == 0) return true;
            if (header >> 4 == 0 && !Number(out _)) return false;
            if (!Value(header & 15, depth, inList: false)) return false;
        }
        return false;
    }

    private bool Value(int type, int depth, bool inList)
    {
        switch (type)
        {
            case 1 or 2: return !inList || Take(1); // a field's flag is its type
            case 3: return Take(1);
            case 4 or 5 or 6: return Number(out _);
            case 7: return Take(8);
            case 8: return Number(out var length) && Take(length);
            case 9 or 10: return List(depth + 1);
            case 12: return Struct(depth + 1);
            default: return false; // maps (11) are in no metadata
        }
    }

    private bool List(int depth)
    {
        if (depth > Deepest || _at >= _bytes.Length) return false;
        var header = _bytes[_at++];
        var count = (ulong)header >> 4;
        if (count == 15 && !Number(out count)) return false;
        if (count > (ulong)(_bytes.Length - _at)) return false; // no element is shorter than a byte
        for (ulong i = 0; i < count; i++)
            if (!Value(header & 15, depth, inList: true)) return false;
        return true;
    }

    private bool Number(out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 64 && _at < _bytes.Length; shift += 7)
        {
            var b = _bytes[_at++];
            number |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return true;
        }
        return false;
    }

    private bool Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _at)) return false;
        _at += (int)length;
        return true;
    }
}
