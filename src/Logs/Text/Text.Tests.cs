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

    private static byte[] Padded(string text, out byte[] bytes)
    {
        bytes = Encoding.Latin1.GetBytes(text);
        // What lies around a field must not matter: digits and dots are the hardest.
        return [.. "1.9"u8, .. bytes, .. Enumerable.Repeat((byte)'7', LineBlocks.Padding)];
    }
}
