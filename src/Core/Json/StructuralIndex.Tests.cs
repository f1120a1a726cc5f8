using System.Text.Json;
using CsCheck;
using Yagura.Core.Json;

namespace Yagura.Core.Tests;

public sealed class StructuralIndexTests
{
    // Bytes that matter to the index come often; lengths go around the block size of 64.
    private static readonly Gen<byte[]> Hostile = Gen.Frequency(
        (6, Gen.Char["\\\\\\\"\" {}[]:,"].Select(c => (byte)c)), (1, Gen.Byte)).Array[0, 300];

    private static int[] Positions(byte[] json, Func<byte[], int[], int> build)
    {
        var positions = new int[json.Length + StructuralIndex.Slack];
        return positions[..build(json, positions)];
    }

    [Fact]
    public void Any_bytes_give_the_same_index_in_every_width() => Hostile.Sample(
        json =>
        {
            var expected = Positions(json, (text, positions) => StructuralIndex.BuildByByte(text, positions));
            Assert.Equal(expected, Positions(json, (text, positions) => StructuralIndex.Build<StructuralIndex.Block512>(text, positions, 0)));
            Assert.Equal(expected, Positions(json, (text, positions) => StructuralIndex.Build<StructuralIndex.Block256>(text, positions, 0)));
            Assert.Equal(expected, Positions(json, (text, positions) => StructuralIndex.Build<StructuralIndex.Block128>(text, positions, 0)));
            Assert.Equal(expected, Positions(json, (text, positions) => StructuralIndex.Build(text, positions)));
            Assert.Equal(expected.Select(p => p + 7), Positions(json, (text, positions) => StructuralIndex.Build(text, positions, 7)));
        },
        iter: 20_000);

    [Fact]
    public void Valid_JSON_gives_the_tokens_of_Utf8JsonReader() => JsonTexts.Value.Sample(
        json => Assert.Equal(Tokens(json), Positions(json, (text, positions) => StructuralIndex.Build(text, positions))),
        iter: 5_000);

    /// <summary>Where the library sees brackets and the ends of strings.</summary>
    private static List<int> Tokens(byte[] json)
    {
        var tokens = new List<int>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.StartArray or JsonTokenType.EndArray) tokens.Add(start);
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String) tokens.AddRange([start, start + reader.ValueSpan.Length + 1]);
        }
        return tokens;
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("""{"a":1}""", "0 1 3 6")]
    [InlineData("""["\"]"]""", "0 1 5 6")]
    [InlineData("""["\\"]""", "0 1 4 5")]
    public void Quotes_and_brackets_are_found_where_they_mean_something(string json, string expected) =>
        Assert.Equal(expected, string.Join(' ', Positions(System.Text.Encoding.UTF8.GetBytes(json), (text, positions) => StructuralIndex.Build(text, positions))));

    [Fact]
    public void A_run_of_backslashes_is_followed_over_the_end_of_a_block()
    {
        for (int before = 0; before < 70; before++)
            for (int run = 0; run < 70; run++)
            {
                var json = System.Text.Encoding.UTF8.GetBytes($"\"{new string('x', before)}{new string('\\', run)}\"");
                Assert.Equal(run % 2 == 0 ? 2 : 1, StructuralIndex.Build(json, new int[json.Length + StructuralIndex.Slack]));
            }
    }

    [Fact]
    public void Room_for_the_positions_is_demanded() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StructuralIndex.Build("{}"u8, new int[2]));
}
