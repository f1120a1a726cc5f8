using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Core.Json;

namespace Yagura.Core.Tests;

public sealed class JsonTextTests
{
    private static string? Unescape(string escaped)
    {
        var bytes = Encoding.UTF8.GetBytes(escaped);
        var text = new byte[bytes.Length];
        return JsonText.TryUnescape(bytes, text, out int length) ? Encoding.UTF8.GetString(text, 0, length) : null;
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("""\"\\\/\b\f\n\r\t""", "\"\\/\b\f\n\r\t")]
    [InlineData("""a\u00e9\u65E5\ud83d\uDE00z""", "aé日😀z")]
    [InlineData("""\ud83d""", "\uFFFD")]
    [InlineData("""\ude00\ud83dx""", "\uFFFD\uFFFDx")]
    [InlineData("""\ud83d\ud83d\ude00""", "\uFFFD😀")]
    [InlineData("""\x""", null)]
    [InlineData("""\""", null)]
    [InlineData("""\u12""", null)]
    [InlineData("""\u12g4""", null)]
    public void Escapes_become_the_text_they_mean(string escaped, string? text) => Assert.Equal(text, Unescape(escaped));

    [Fact]
    public void Escaping_and_unescaping_is_identity() => Gen.String.Sample(text =>
    {
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)); // halves of pairs have no UTF-8 form
        return Unescape(JsonSerializer.Serialize(whole)[1..^1]) == whole;
    });

    [Fact]
    public void Any_bytes_are_unescaped_within_their_length() => Gen.OneOf(Gen.Char[@"\u0dD8/n"].Select(c => (byte)c), Gen.Byte).Array[0, 40].Sample(bytes =>
        !JsonText.TryUnescape(bytes, new byte[bytes.Length], out int length) || length <= bytes.Length);

    [Theory]
    [InlineData("""{"a":[1,null]}""", true)]
    [InlineData("\"text\"", true)]
    [InlineData(" 1 ", true)]
    [InlineData("", false)]
    [InlineData("{", false)]
    [InlineData("{}{}", false)]
    [InlineData("{} x", false)]
    [InlineData("nonsense", false)]
    public void Exactly_one_value_is_parsed(string json, bool valid) => Assert.Equal(valid, JsonText.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Deep_nesting_and_broken_UTF_8_are_no_value()
    {
        string Nested(int depth) => new string('[', depth) + new string(']', depth);
        Assert.True(JsonText.TryParse(Encoding.UTF8.GetBytes(Nested(JsonText.Depth)), out _));
        Assert.False(JsonText.TryParse(Encoding.UTF8.GetBytes(Nested(JsonText.Depth + 1)), out _));
        Assert.False(JsonText.TryParse([(byte)'"', 0xC3, (byte)'"'], out _));
    }

    [Fact]
    public void Any_bytes_are_parsed_or_refused() => Gen.OneOf(Gen.Char["{}[]\",:1 \\"].Select(c => (byte)c), Gen.Byte).Array[0, 30].Sample(bytes =>
    {
        if (JsonText.TryParse(bytes, out var document)) document.Dispose();
    });
}
