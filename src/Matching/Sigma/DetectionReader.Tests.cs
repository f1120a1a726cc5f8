using static Yagura.Matching.Tests.SigmaRules;

namespace Yagura.Matching.Tests;

public sealed class DetectionReaderTests
{
    private const string Three = """
        a: {eventName: A}
        b: {awsRegion: B}
        _c: {userAgent: C}
        condition: 
        """;

    [Theory]
    [InlineData(true, "s: {eventName: A, awsRegion: B}", """{"eventName":"A","awsRegion":"B"}""")]
    [InlineData(false, "s: {eventName: A, awsRegion: B}", """{"eventName":"A"}""")]
    [InlineData(true, "s: [{eventName: A}, {awsRegion: B}]", """{"awsRegion":"B"}""")]
    [InlineData(true, "s: {eventName: [A, B]}", """{"eventName":"B"}""")]
    // Keywords are looked for in all values, in no keys.
    [InlineData(true, "s: [mimikatz, pacu]", """{"requestParameters":{"a":["xx-PACU-yy"]}}""")]
    [InlineData(true, "s: pacu", """{"userAgent":"pacu"}""")]
    [InlineData(false, "s: [pacu]", """{"requestParameters":{"pacu":"x"}}""")]
    [InlineData(true, "s: {'|all': [one, two]}", """{"userAgent":"two","eventName":"one"}""")]
    [InlineData(false, "s: {'|all': [one, two]}", """{"userAgent":"two"}""")]
    [InlineData(true, "s: {'|re': 'k[0-9]+'}", """{"userAgent":"xk77"}""")]
    [InlineData(true, "s: [pacu, {eventName: A}]", """{"eventName":"A"}""")]
    public void Maps_are_joined_by_and_and_lists_by_or(bool expected, string detection, string json) => Check(expected, detection, json);

    [Theory]
    [InlineData("a and b", "A", "B", true)]
    [InlineData("a and b", "A", "", false)]
    [InlineData("a or b", "", "B", true)]
    [InlineData("not a", "", "", true)]
    [InlineData("a or b and not a", "A", "", true)]
    [InlineData("not a or b", "A", "B", true)]
    [InlineData("not (a or b)", "", "B", false)]
    [InlineData("(a or b) and not a", "A", "", false)]
    [InlineData("NOT a AND b", "", "B", true)]
    [InlineData("1 of them", "", "B", true)]
    [InlineData("any of them", "", "", false)]
    [InlineData("all of them", "A", "B", true)]
    [InlineData("all of them", "A", "", false)]
    [InlineData("1 of a*", "A", "", true)]
    [InlineData("all of a* and not 1 of b*", "A", "", true)]
    [InlineData("1 of *", "", "", false)]
    [InlineData("not 1 of _*", "", "", true)]
    [InlineData("[a and b, b]", "", "B", true)]
    [InlineData("[a and b, b]", "A", "", false)]
    public void Conditions_join_selections(string condition, string name, string region, bool expected) =>
        Check(expected, Three.TrimEnd() + " " + condition, $$"""{"eventName":"{{name}}","awsRegion":"{{region}}"}""");

    [Theory]
    [InlineData("selection", "7:14: error: no selection is named selection")]
    [InlineData("a and", "7:19: error: the condition ends where a selection is expected")]
    [InlineData("a b", "7:16: error: b is not expected here; join selections by and or or")]
    [InlineData("'a b'", "7:17: error: b is not expected here")]
    [InlineData("(a or b", "7:14: error: the bracket is not closed")]
    [InlineData("a)", "7:15: error: ) is not expected here")]
    [InlineData("a and or b", "7:20: error: or stands where a selection is expected")]
    [InlineData("2 of them", "7:14: error: 2 of: only 1 of and all of are known")]
    [InlineData("1 of x*", "7:19: error: no selection is named x*")]
    [InlineData("1 of", "of is followed by them or a pattern of names")]
    [InlineData("a | count() > 5", "7:16: error: an aggregation after | is of Sigma 1, and Sigma 2 has none; write a correlation rule")]
    [InlineData("[]", "condition: the list is empty")]
    [InlineData("{a: b}", "condition: expected a text")]
    [InlineData("''", "condition: expected a text")]
    public void A_bad_condition_is_refused_where_it_goes_wrong(string condition, string error) =>
        Assert.Contains(error, Errors(Three.TrimEnd() + " " + condition), StringComparison.Ordinal);

    [Theory]
    [InlineData("s: {}", "an empty map matches everything")]
    [InlineData("s: []", "the selection s is empty")]
    [InlineData("s: [[a]]", "a list within a list")]
    [InlineData("s: {eventName: x}\ntimeframe: 5m", "timeframe belongs to the aggregations of Sigma 1")]
    [InlineData("s: {eventName: x, eventName: y}", "the key eventName stands here twice; put the values into a list, or into a second selection")]
    public void A_bad_selection_is_refused(string detection, string error) => Assert.Contains(error, Errors(detection), StringComparison.Ordinal);

    [Fact]
    public void A_selection_that_no_condition_names_is_a_warning() =>
        Assert.Equal("5:1: warning: no condition names the selection filter", Assert.Single(Read(WithDetection("s: {eventName: x}\nfilter: {awsRegion: y}")).Problems).ToString());

    [Fact]
    public void What_would_take_too_long_is_refused_by_name()
    {
        Assert.Contains("more than 50 brackets and negations", Errors(Three.TrimEnd() + " " + new string('(', 60) + "a" + new string(')', 60)), StringComparison.Ordinal);
        Assert.Contains("more than 50 brackets and negations", Errors(Three.TrimEnd() + " " + string.Concat(Enumerable.Repeat("not ", 60)) + "a"), StringComparison.Ordinal);
        Assert.Contains("at most 10,000 are allowed", Errors(Three.TrimEnd() + " " + string.Join(" or ", Enumerable.Repeat("a", 3_000))), StringComparison.Ordinal);
        Assert.Contains("at most 10,000 are allowed", Errors("s: {eventName: [" + string.Join(',', Enumerable.Repeat("x", 10_001)) + "]}"), StringComparison.Ordinal);
        var many = string.Join('\n', Enumerable.Range(0, 1_000).Select(i => $"s{i}: {{eventName: x}}"));
        Assert.Contains("name more than 10,000 selections", Errors(many + "\ncondition: " + string.Join(" or ", Enumerable.Repeat("1 of s*", 20))), StringComparison.Ordinal);
    }
}
