using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Yagura.Tests;

namespace Yagura.Core.Tests;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("::", "")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:c000:201", "192.0.2.1")]
    [InlineData("64:ff9b::192.0.2.1", "64:ff9b::c000:201")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void Both_families_are_read(string text, string canonical)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(canonical, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("1::2::3")]
    [InlineData("1:")]
    [InlineData(":1::")]
    [InlineData("1:::2")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("::192.0.2")]
    [InlineData("::192.0.2.01")]
    [InlineData("1:2:3:4:5:6:7:192.0.2.1")]
    [InlineData("::192.0.2.1:1")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2001:db8::1%eth0")]
    [InlineData("2001:db8::/32")]
    [InlineData(" ::1")]
    [InlineData("192.0.2.01")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.1.")]
    [InlineData("0x7f.0.0.1")]
    public void Anything_else_is_no_address(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void What_the_framework_writes_is_read_back() =>
        Gen.Byte.Array[16].Sample(bytes =>
        {
            for (var i = 2; i < 14; i += 2) if (bytes[i] < 128) (bytes[i], bytes[i + 1]) = (0, 0); // so that "::" has something to stand for
            var expected = new IPAddress(bytes);
            Assert.True(IpAddress.TryParse(expected.ToString(), out var address));
            Assert.Equal(expected, IPAddress.Parse(address.IsV4 ? "::ffff:" + address : address.ToString()));
        });

    [Fact]
    public void Whatever_is_read_the_framework_reads_alike() =>
        Gen.Char["0123456789abcdefABCDEF::::...g%[ "].Array[2, 24].Sample(chars =>
        {
            if (!IpAddress.TryParse(new string(chars), out var address) || address.IsNone || address.IsV4) return;
            Assert.True(IPAddress.TryParse(chars, out var expected) && expected.AddressFamily == AddressFamily.InterNetworkV6);
            Assert.Equal(expected, IPAddress.Parse(address.ToString()));
        }, iter: 200_000);

    [Fact]
    public void Reading_allocates_nothing()
    {
        var text = Encoding.UTF8.GetBytes("2001:db8:85a3::8a2e:370:7334");
        Assert.True(IpAddress.TryParse(text, out _));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++) IpAddress.TryParse(text, out _);
        }));
    }
}
