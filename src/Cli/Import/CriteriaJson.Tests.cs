using System.Text.Json.Nodes;
using Yagura.Cli.Import;

namespace Yagura.Cli.Tests.Import;

public sealed class CriteriaJsonTests
{
    private static string Normal(string json) => CriteriaJson.Normal((JsonObject)JsonNode.Parse(json)!).ToJsonString();

    [Fact]
    public void What_the_real_service_says_in_older_and_newer_words_is_said_once() => Assert.Equal(
        """{"criterion":{"severity":{"greaterThanOrEqual":7,"lessThan":9},"type":{"equals":["a"],"notEquals":["b"]}}}""",
        Normal("""{"criterion":{"type":{"eq":["a"],"equals":["a"],"notEquals":["b"],"neq":["b"]},"severity":{"lt":9,"gte":7,"greaterThanOrEqual":7}}}"""));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"criterion":[1]}""")]
    [InlineData("""{"criterion":{"type":null}}""")]
    [InlineData("""{"criterion":{"type":{"like":{"x":1}}}}""")]
    public void What_makes_no_sense_is_left_for_others_to_say_so(string json) => Assert.Equal(json, Normal(json));
}
