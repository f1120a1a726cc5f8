using System.IO.Compression;
using Yagura.Engine.Ingestion;
using ZstdSharp;

namespace Yagura.Engine.Tests;

public sealed class ExpansionTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31 % 251))];

    private static byte[] Gzip(byte[] content)
    {
        using var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.Optimal)) gzip.Write(content);
        return stored.ToArray();
    }

    private static byte[] ReadAll(byte[] stored)
    {
        using var content = Expansion.Of(new MemoryStream(stored));
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    [Fact]
    public void Plain_bytes_pass_through() => Assert.Equal(Content, ReadAll(Content));

    [Fact]
    public void Every_member_of_a_gzip_is_read() => Assert.Equal([.. Content, .. Content[..10]], ReadAll([.. Gzip(Content), .. Gzip(Content[..10])]));

    [Fact]
    public void Zstandard_is_known_by_its_first_bytes()
    {
        using var compressor = new Compressor();
        Assert.Equal(Content, ReadAll(compressor.Wrap(Content).ToArray()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_object_shorter_than_any_mark_is_plain(int length) => Assert.Equal(Content[..length], ReadAll(Content[..length]));

    [Fact]
    public void A_gzip_that_is_cut_off_says_so_after_giving_what_came_before()
    {
        var stored = Gzip(Content);
        foreach (var cut in Enumerable.Range(2, 30).Concat(Enumerable.Range(stored.Length - 30, 30)).Append(stored.Length / 2))
        {
            var damaged = Assert.Throws<InvalidDataException>(() => ReadAll(stored[..cut]));
            Assert.Contains("cut off", damaged.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_bit_is_noticed()
    {
        var stored = Gzip(Content);
        stored[stored.Length / 2] ^= 0x10;
        Assert.Throws<InvalidDataException>(() => ReadAll(stored));
    }

    [Fact]
    public void A_bomb_is_left_at_its_ratio()
    {
        var bomb = Gzip(new byte[ExpansionLimits.RatioFrom + (16 << 20)]);
        var refused = Assert.Throws<InvalidDataException>(() => ReadAll(bomb));
        Assert.Contains($"{ExpansionLimits.Ratio} times", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_identity_is_of_the_stored_bytes_whatever_the_content()
    {
        static UInt128 Identity(byte[] stored)
        {
            using var content = Expansion.Of(new MemoryStream(stored));
            content.CopyTo(Stream.Null);
            content.DrainStored(CancellationToken.None);
            return content.Identity;
        }
        Assert.Equal(Identity(Gzip(Content)), Identity(Gzip(Content)));
        Assert.NotEqual(Identity(Gzip(Content)), Identity(Content));
        Assert.Equal(System.IO.Hashing.XxHash128.HashToUInt128(Content), Identity(Content));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_object_is_read_in_any_order_and_its_identity_is_the_same(bool seekable)
    {
        byte[] stored = [.. "PAR1"u8, .. Content];
        using var source = new Source(stored, seekable);
        using var content = Expansion.Of(source);
        var any = content.InAnyOrder(CancellationToken.None);
        Assert.Equal(seekable, ReferenceEquals(source, any));
        any.Position = 1_000;
        Assert.Equal(stored[1_000], any.ReadByte());
        content.DrainStored(CancellationToken.None);
        Assert.Equal((stored.Length, System.IO.Hashing.XxHash128.HashToUInt128(stored)), (content.Stored, content.Identity));
        Assert.Equal(stored.Length, content.Expanded);
    }

    [Fact]
    public void Copying_to_a_temporary_file_can_be_stopped()
    {
        using var content = Expansion.Of(new Source([.. "PAR1"u8, .. Content], seekable: false));
        Assert.Throws<OperationCanceledException>(() => content.InAnyOrder(new CancellationToken(canceled: true)));
    }

    private sealed class Source(byte[] bytes, bool seekable) : MemoryStream(bytes)
    {
        public override bool CanSeek => seekable;
    }
}
