using System.Text;
using CsCheck;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

public sealed class DnsFactsTests
{
    [Theory]
    [InlineData("""[{"Rdata":"192.0.2.1","Type":"A","Class":"IN"}]""", "192.0.2.1")]
    [InlineData("""[{"Rdata":"www.example.","Type":"CNAME","Class":"IN"},{"Rdata":"192.0.2.1","Type":"A","Class":"IN"},{"Rdata":"2001:db8::1","Type":"AAAA","Class":"IN"}]""", "192.0.2.1 2001:db8::1")]
    [InlineData("""[ { "Class" : "IN", "Type" : "A", "Rdata" : "192.0.2.1" } ]""", "192.0.2.1")]
    [InlineData("""[{"Rdata":"::ffff:192.0.2.1","Type":"AAAA","Class":"IN"}]""", "192.0.2.1")]
    [InlineData("""[{"Rdata":{"a":["192.0.2.9"]},"Type":"A"},{"Type":"A"},{"Rdata":"192.0.2.1","Type":"A","Ttl":60}]""", "192.0.2.1")]
    public void Addresses_are_read_in_order(string answers, string expected) => Assert.Equal(expected, string.Join(' ', Read(answers)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"192.0.2.1\"")]
    [InlineData("""{"Rdata":"192.0.2.1","Type":"A"}""")] // not a list
    [InlineData("""[[{"Rdata":"192.0.2.1","Type":"A"}]]""")]
    [InlineData("""[{"Rdata":"192.0.2.1","Type":"TXT","Class":"IN"}]""")]
    [InlineData("""[{"Rdata":"\"192.0.2.1\"","Type":"TXT","Class":"IN"}]""")]
    [InlineData("""[{"Rdata":"say \"Rdata\":\"192.0.2.1\",\"Type\":\"A\" \"Rdata","Type":"TXT","Class":"IN"}]""")]
    [InlineData("""[{"Rdata":"192.0.2.1","Type":"PTR","Class":"IN"}]""")]
    [InlineData("""[{"Rdata":"192.0.2.01","Type":"A","Class":"IN"}]""")]
    [InlineData("""[{"Rdata":1,"Type":"A","Class":"IN"}]""")]
    [InlineData("""[{"Rdata":"192.0.2.1","Type":"A" """)]
    public void What_is_no_address_record_is_none(string answers) => Assert.Empty(Read(answers));

    [Fact]
    public void What_came_before_a_break_in_the_text_is_kept() =>
        Assert.Equal(["192.0.2.1"], Read("""[{"Rdata":"192.0.2.1","Type":"A","Class":"IN"},{"Rdata":"192.0"""));

    [Fact]
    public void Bytes_of_any_kind_end_the_walk()
    {
        var good = Encoding.UTF8.GetBytes("""[{"Rdata":"192.0.2.1","Type":"A","Class":"IN"},{"Rdata":"2001:db8::1","Type":"AAAA","Class":"IN"}]""");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var bytes = good.ToArray();
            bytes[at] = value;
            Assert.InRange(Read(bytes.AsSpan(0, length)).Count, 0, 2);
        });
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.InRange(Read(bytes).Count, 0, 200));
        Assert.Empty(Read(Encoding.UTF8.GetBytes(new string('[', 100_000))));
    }

    [Fact]
    public void Reading_an_answer_allocates_nothing()
    {
        var answers = Encoding.UTF8.GetBytes("""[{"Rdata":"www.example.","Type":"CNAME","Class":"IN"},{"Rdata":"192.0.2.1","Type":"A","Class":"IN"}]""");
        Assert.Equal(1, Count(answers));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++) Count(answers);
        }));
    }

    private static int Count(ReadOnlySpan<byte> answers)
    {
        var count = 0;
        foreach (var _ in new DnsFacts.AnswerEnumerator(answers)) count++;
        return count;
    }

    private static List<string> Read(string answers) => Read(Encoding.UTF8.GetBytes(answers));

    private static List<string> Read(ReadOnlySpan<byte> answers)
    {
        var addresses = new List<string>();
        foreach (var address in new DnsFacts.AnswerEnumerator(answers)) addresses.Add(address.ToString());
        return addresses;
    }
}
