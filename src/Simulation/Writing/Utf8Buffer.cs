using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Yagura.Simulation.Writing;

/// <summary>The content of one object, written as UTF-8 into one growing array that is used again for the next object.</summary>
internal sealed class Utf8Buffer
{
    private byte[] _bytes = new byte[1 << 16];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public Span<byte> From(int start) => _bytes.AsSpan(start, Length - start);

    public void Clear() => Length = 0;

    public void CutTo(int length) => Length = Math.Min(Length, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        return _bytes.AsSpan(Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    public void Add(byte character)
    {
        Room(1)[0] = character;
        Length++;
    }

    public void Add(string text) => Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        Length += written;
    }

    /// <summary>The lowest <paramref name="digits"/> hexadecimal digits, lower case; at most 16.</summary>
    public void Hex(ulong value, int digits)
    {
        var room = Room(digits);
        for (var i = digits - 1; i >= 0; i--, value >>= 4) room[i] = "0123456789abcdef"u8[(int)(value & 15)];
        Length += digits;
    }

    /// <summary>Letters and digits as in key identifiers (base 32, upper case).</summary>
    public void Base32(ulong value, int digits)
    {
        var room = Room(digits);
        for (var i = 0; i < digits; i++, value = value >> 5 | value << 59) room[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"u8[(int)(value & 31)];
        Length += digits;
    }

    /// <summary>Mixed-case letters and digits, one draw for each ten.</summary>
    public void Base64(ref SplitMix64 random, int digits)
    {
        var room = Room(digits);
        ulong bits = 0;
        for (var i = 0; i < digits; i++, bits >>= 6)
        {
            if (i % 10 == 0) bits = random.Next();
            room[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AZ"u8[(int)(bits & 63)];
        }
        Length += digits;
    }

    /// <summary>A random UUID, version 4.</summary>
    public void Uuid(ref SplitMix64 random)
    {
        ulong high = random.Next(), low = random.Next();
        Hex(high >> 32, 8);
        Add((byte)'-');
        Hex(high >> 16, 4);
        Add((byte)'-');
        Hex((high & 0xFFF) | 0x4000, 4);
        Add((byte)'-');
        Hex((low >> 48 & 0x3FFF) | 0x8000, 4);
        Add((byte)'-');
        Hex(low, 12);
    }

    /// <summary>Unix seconds as <c>2026-09-01T00:00:00Z</c>.</summary>
    public void Iso(long seconds)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        var room = Room(20);
        "0000-00-00T00:00:00Z"u8.CopyTo(room);
        Two(room, 0, time.Year / 100);
        Two(room, 2, time.Year % 100);
        Two(room, 5, time.Month);
        Two(room, 8, time.Day);
        Two(room, 11, time.Hour);
        Two(room, 14, time.Minute);
        Two(room, 17, time.Second);
        Length += 20;
    }

    private static void Two(Span<byte> room, int at, int value)
    {
        room[at] = (byte)('0' + value / 10);
        room[at + 1] = (byte)('0' + value % 10);
    }

    /// <summary>An IPv4 address in host order.</summary>
    public void Address(uint address)
    {
        Number(address >> 24);
        Add((byte)'.');
        Number(address >> 16 & 255);
        Add((byte)'.');
        Number(address >> 8 & 255);
        Add((byte)'.');
        Number(address & 255);
    }
}
