using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Yagura.Intel.Tests;

/// <summary>Writes a database of one IPv4 prefix in MaxMind's format, version 2.0: search tree of 24-bit records, data, metadata.</summary>
internal sealed class MmdbWriter(string databaseType)
{
    private const int Separator = 16;

    public byte[] Write(string cidr, Dictionary<string, object> record)
    {
        Assert.True(AddressRange.TryParse(Encoding.ASCII.GetBytes(cidr), out var range));
        var length = 32 - BitOperations.PopCount((uint)(range.Last.V4 - range.First.V4));
        var output = new MemoryStream();
        // One node for each bit of the prefix: the bit's side leads on, the other side to "nothing", which is the number of nodes.
        for (var bit = 0; bit < length; bit++)
        {
            var on = bit + 1 < length ? bit + 1 : length + Separator;
            var one = (range.First.V4 >> (31 - bit) & 1) == 1;
            WriteRecord(output, one ? length : on);
            WriteRecord(output, one ? on : length);
        }
        output.Write(new byte[Separator]);
        WriteValue(output, record);
        output.Write([0xAB, 0xCD, 0xEF]);
        output.Write("MaxMind.com"u8);
        WriteValue(output, new Dictionary<string, object>
        {
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1_700_000_000UL,
            ["database_type"] = databaseType,
            ["description"] = new Dictionary<string, object> { ["en"] = "test" },
            ["ip_version"] = (ushort)4,
            ["languages"] = new List<object> { "en" },
            ["node_count"] = (uint)length,
            ["record_size"] = (ushort)24,
        });
        return output.ToArray();
    }

    private static void WriteRecord(Stream output, int value) => output.Write([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private static void WriteValue(Stream output, object value)
    {
        switch (value)
        {
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                WriteControl(output, 2, bytes.Length);
                output.Write(bytes);
                break;
            case double number:
                WriteControl(output, 3, 8);
                var wide = new byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(wide, number);
                output.Write(wide);
                break;
            case ushort number:
                WriteControl(output, 5, 2);
                output.Write([(byte)(number >> 8), (byte)number]);
                break;
            case uint number:
                WriteControl(output, 6, 4);
                output.Write([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
                break;
            case ulong number:
                WriteControl(output, 9, 8);
                var bits = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(bits, number);
                output.Write(bits);
                break;
            case List<object> list:
                WriteControl(output, 11, list.Count);
                foreach (var item in list) WriteValue(output, item);
                break;
            case Dictionary<string, object> map:
                WriteControl(output, 7, map.Count);
                foreach (var (key, item) in map)
                {
                    WriteValue(output, key);
                    WriteValue(output, item);
                }
                break;
            default: throw new ArgumentException("a type that no test writes", nameof(value));
        }
    }

    private static void WriteControl(Stream output, int type, int size)
    {
        Assert.InRange(size, 0, 29 + 255);
        var inControl = Math.Min(size, 29);
        if (type <= 7) output.WriteByte((byte)(type << 5 | inControl));
        else output.Write([(byte)inControl, (byte)(type - 7)]);
        if (inControl == 29) output.WriteByte((byte)(size - 29));
    }
}
