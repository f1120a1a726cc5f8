using System.Runtime.Intrinsics;
using System.Text;
using CsCheck;
using Yagura.Core;
using Yagura.Logs.Text;

namespace Yagura.Logs.Tests;

public sealed class TextTests
{
    [Fact]
    public void Vectors_find_the_same_separators_as_the_plain_way() =>
        Gen.OneOf(Gen.OneOf((byte)' ', (byte)'\n', (byte)'a', (byte)'7'), Gen.Byte).Array[0, 700].Sample(block =>
        {
            var (plain, narrow, best) = (new Separators(), new Separators(), new Separators());
            plain.IndexPlain(block, 5);
            narrow.IndexIn256(block, 5);
            best.Index(block, 5);
            foreach (var other in new[] { narrow, best })
            {
                Assert.Equal(plain.Ends, other.Ends);
                Assert.Equal(plain.Lines, other.Lines);
                Assert.Equal(plain.Suspicious, other.Suspicious);
            }
        });

    [Fact]
    public void Separators_are_the_fields_ends()
    {
        var separators = new Separators();
        separators.Index("ab c\n\nd"u8, 10);

        Assert.Equal([12, 14, 15, 17], separators.Ends.ToArray());
        Assert.Equal([1, 2, 3], separators.Lines.ToArray());
        Assert.False(separators.Suspicious);
    }

    private static readonly Gen<string> NumberLike = Gen.OneOf(
        Gen.ULong.Select(n => $"{n}"), Gen.UInt.Select(n => $"{n}"), Gen.UShort.Select(n => $"{n}"),
        Gen.String[Gen.OneOf(Gen.Char['0', '9'], Gen.Char[' ', '~']), 0, 22], Gen.String[Gen.Char['0', '9'], 0, 22]);

    [Fact]
    public void Numbers_are_read_as_the_plain_way_reads_them() => NumberLike.Sample(text =>
    {
        var buffer = Padded(text, out var bytes);
        var expected = Digits.TryReadPlain(bytes, out var value);
        Assert.Equal(expected, Digits.TryRead(buffer, 3, bytes.Length, out var read));
        Assert.True(!expected || (value == read && value == long.Parse(text)));
    });

    private static readonly Gen<string> AddressLike = Gen.OneOf(
        Gen.UInt.Select(n => IpAddress.FromV4(n).ToString()),
        Gen.Int[0, 300].Array[3, 5].Select(octets => string.Join('.', octets)),
        Gen.String[Gen.OneOf(Gen.Char['0', '9'], Gen.Const('.'), Gen.Char[' ', '~']), 0, 17]);

    [Fact]
    public void Addresses_are_read_as_the_general_reader_reads_them() => AddressLike.Sample(text =>
    {
        var buffer = Padded(text, out var bytes);
        var expected = IpAddress.TryParse(bytes, out var address) && address.IsV4;
        Assert.Equal(expected, Digits.TryReadV4(buffer, 3, bytes.Length, out var bits));
        Assert.True(!expected || address.V4 == bits);
    });

    [Fact]
    public void Two_addresses_are_read_as_one_by_one()
    {
        if (!V4Pair.IsSupported) Assert.Skip("this processor has no AVX2");
        Gen.Select(AddressLike, AddressLike).Sample(ReadAsOneByOne, iter: 20_000);
    }

    private static void ReadAsOneByOne(string first, string second)
    {
        var (one, other) = (Encoding.Latin1.GetBytes(first), Encoding.Latin1.GetBytes(second));
        byte[] buffer = [.. "1.9"u8, .. one, (byte)' ', .. other, .. Enumerable.Repeat((byte)'7', LineBlocks.Padding)];
        var expected = Digits.TryReadV4(buffer, 3, one.Length, out var a) & Digits.TryReadV4(buffer, 4 + one.Length, other.Length, out var b);

        Assert.Equal(expected, V4Pair.TryRead(ref buffer[0], 3, one.Length, 4 + one.Length, other.Length, out var firstBits, out var secondBits));
        Assert.True(!expected || (a, b) == (firstBits, secondBits));
    }

    [Fact]
    public void Every_shape_of_an_address_is_read_by_vectors()
    {
        if (!V4Pair.IsSupported) Assert.Skip("this processor has no AVX2");
        int[] octets = [0, 9, 10, 99, 100, 255];
        foreach (var (a, b) in octets.SelectMany(a => octets.Select(b => (a, b))))
            foreach (var (c, d) in octets.SelectMany(c => octets.Select(d => (c, d))))
            {
                var text = $"{a}.{b}.{c}.{d}";
                var buffer = Encoding.ASCII.GetBytes($"{text} {text}{new string('1', LineBlocks.Padding)}");
                Assert.True(V4Pair.TryRead(ref buffer[0], 0, text.Length, text.Length + 1, text.Length, out var first, out var second));
                Assert.Equal((first, (uint)(a << 24 | b << 16 | c << 8 | d)), (second, first));
            }
    }

    [Fact]
    public void Four_numbers_are_read_as_one_by_one()
    {
        if (!V4Pair.IsSupported) Assert.Skip("this processor has no AVX2");
        Gen.String[Gen.Frequency((9, Gen.Char['0', '9']), (1, Gen.Char['\0', '\u00ff'])), 1, 8].Array[4].Sample(ReadAsOneByOne, iter: 20_000);
    }

    private static void ReadAsOneByOne(string[] texts)
    {
        var (bits, misfits) = (new ulong[4], Vector256<byte>.Zero);
        for (var i = 0; i < 4; i++) bits[i] = BitConverter.ToUInt64(Padded(texts[i], out _), 3);
        var read = Digits.ReadFour(Vector256.Create(bits), Vector128.Create([.. texts.Select(text => text.Length - 1)]), ref misfits);

        var fit = true;
        for (var i = 0; i < 4; i++)
        {
            var fits = Digits.TryReadPlain(Encoding.Latin1.GetBytes(texts[i]), out var value);
            if (fits) Assert.Equal(value, read[i]);
            fit &= fits;
        }
        Assert.Equal(fit, misfits == Vector256<byte>.Zero);
    }

    private static byte[] Padded(string text, out byte[] bytes)
    {
        bytes = Encoding.Latin1.GetBytes(text);
        // What lies around a field must not matter: digits and dots are the hardest.
        return [.. "1.9"u8, .. bytes, .. Enumerable.Repeat((byte)'7', LineBlocks.Padding)];
    }
}
