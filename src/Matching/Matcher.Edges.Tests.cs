using System.Text;
using CsCheck;
using Yagura.Matching;
using Yagura.Matching.Conditions;
using Yagura.Matching.EventBridge;

namespace Yagura.Tests.Matching;

/// <summary>What the random test of the matcher does not show: changes, faults, limits, memory.</summary>
public sealed class MatcherEdgesTests
{
    [Fact]
    public void Rules_that_come_and_go_leave_nothing_behind() =>
        Gen.Select(RandomPatterns.Condition.Array[1, 12], Gen.Int[0, 5].Array[1, 40], RandomPatterns.Event.Array[1, 4]).Sample(
            (conditions, steps, events) =>
            {
                var matcher = new Matcher<int>();
                var present = new Dictionary<int, Condition>();
                for (var i = 0; i < steps.Length; i++)
                {
                    var rule = steps[i];
                    if (i % 3 == 2 && matcher.Remove(rule) != present.Remove(rule)) return false;
                    else if (i % 3 != 2) matcher.Add(rule, present[rule] = conditions[i % conditions.Length]);
                }
                if (matcher.Count != present.Count) return false;
                var fresh = new Matcher<int>();
                foreach (var (rule, condition) in present) fresh.Add(rule, condition);
                if (!events.All(json => Hits(matcher, json).SequenceEqual(Hits(fresh, json)))) return false;
                if (!matcher.Paths(out var everything).SequenceEqual(fresh.Paths(out var same)) || everything != same) return false;
                foreach (var rule in present.Keys) matcher.Remove(rule);
                return matcher.Count == 0 && matcher.Paths(out everything).Count == 0 && !everything && matcher.Unindexed == 0 && events.All(json => !Hits(matcher, json).Any());
            }, iter: 2_000, seed: "0000KOIPe036");

    [Fact]
    public async Task Rules_may_change_while_others_match()
    {
        var matcher = new Matcher<string>();
        for (var i = 0; i < 200; i++) matcher.Add($"stays-{i}", Parse($"{{\"a\":[\"x{i}\",{{\"prefix\":\"p{i}-\"}}],\"b\":{{\"c\":[{{\"numeric\":[\">\",{i}]}}]}}}}"));
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var buffer = new MatchBuffer();
            var rounds = 0;
            for (; !stop.IsCancellationRequested || rounds < 100; rounds++)
            {
                var hits = new List<string>();
                var i = rounds % 200;
                Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes($"{{\"a\":\"x{i}\",\"b\":[{{\"c\":{i + 1}}}],\"t\":\"{i % 7}\"}}"), buffer, hits));
                Assert.Contains($"stays-{i}", hits);
                Assert.All(hits, hit => Assert.True(hit == $"stays-{i}" || hit == $"comes-{i % 7}", hit));
            }
        })).ToArray();
        for (var i = 0; i < 3_000; i++)
        {
            matcher.Add($"comes-{i % 7}", Parse($"{{\"t\":[\"{i % 7}\"],\"new{i % 11}\":[{{\"exists\":false}}]}}"));
            if (i % 2 == 1) matcher.Remove($"comes-{i * 5 % 7}");
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Theory]
    [InlineData("", EventFault.NotAnObject)]
    [InlineData("   ", EventFault.NotAnObject)]
    [InlineData("[]", EventFault.NotAnObject)]
    [InlineData("\"a\"", EventFault.NotAnObject)]
    [InlineData("5", EventFault.NotAnObject)]
    [InlineData("null", EventFault.NotAnObject)]
    [InlineData("{", EventFault.NotJson)]
    [InlineData("{}}", EventFault.NotJson)]
    [InlineData("{} x", EventFault.NotJson)]
    [InlineData("{\"a\":\"x\"", EventFault.NotJson)]
    [InlineData("{\"a\":\"x\",}", EventFault.NotJson)]
    [InlineData("{\"a\" \"x\"}", EventFault.NotJson)]
    [InlineData("{\"a\":x}", EventFault.NotJson)]
    [InlineData("{\"a\":\"x}", EventFault.NotJson)]
    [InlineData("{\"a\":01}", EventFault.NotJson)]
    [InlineData("{\"a\":1.}", EventFault.NotJson)]
    [InlineData("{\"a\":.5}", EventFault.NotJson)]
    [InlineData("{\"a\":-}", EventFault.NotJson)]
    [InlineData("{\"a\":1e}", EventFault.NotJson)]
    [InlineData("{\"a\":1x}", EventFault.NotJson)]
    [InlineData("{\"a\":tru}", EventFault.NotJson)]
    [InlineData("{\"a\":truely}", EventFault.NotJson)]
    [InlineData("{\"a\":NaN}", EventFault.NotJson)]
    [InlineData("{\"a\":[\"x\",]}", EventFault.NotJson)]
    [InlineData("{\"a\":[\"x\" \"y\"]}", EventFault.NotJson)]
    [InlineData("{\"a\":[\"x\"}", EventFault.NotJson)]
    [InlineData("{\"a\":\"\\q\"}", EventFault.NotJson)]
    [InlineData("{\"a\":\"\\u12\"}", EventFault.NotJson)]
    [InlineData("{\"b\":[[[", EventFault.NotJson)]
    [InlineData("{a:1}", EventFault.NotJson)]
    public void An_event_at_fault_hits_nothing_and_says_why(string json, EventFault expected)
    {
        var matcher = new Matcher<string>();
        matcher.Add("x", Parse("""{"a":["x"]}"""));
        matcher.Add("absent", Parse("""{"z":[{"exists":false}]}"""));
        var hits = new List<string>();
        Assert.Equal(expected, matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits));
        Assert.Empty(hits);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told()
    {
        var matcher = new Matcher<string>();
        matcher.Add("x", Parse("""{"a":["x"]}"""));
        var buffer = new MatchBuffer();
        Assert.Equal(EventFault.NotUtf8, matcher.Match([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8], buffer, new List<string>()));
        Assert.Equal(EventFault.TooLarge, matcher.Match(new byte[MatchLimits.EventBytes + 1], buffer, new List<string>()));
        Assert.Equal(["x"], Hits(matcher, "{\"a\":\"x\"}"));
    }

    [Theory]
    [InlineData('{', MatchLimits.EventLevels - 1, EventFault.None)]
    [InlineData('{', MatchLimits.EventLevels, EventFault.TooDeep)]
    [InlineData('[', MatchLimits.EventLevels - 1, EventFault.None)]
    [InlineData('[', MatchLimits.EventLevels, EventFault.TooDeep)]
    [InlineData('[', 1_000_000, EventFault.TooDeep)]
    public void Nesting_has_a_limit_whether_it_is_read_or_not(char open, int levels, EventFault expected)
    {
        var inner = open == '{' ? string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels) : new string('[', levels) + "1" + new string(']', levels);
        var all = Enumerable.Repeat("a", levels < 1_000 ? levels + 1 : 5);
        foreach (var path in new[] { string.Join('.', all), "unread" })
        {
            var matcher = new Matcher<int>();
            matcher.Add(1, new Field(path, new Test.Present()));
            matcher.Add(2, new Field(null, new Test.Equal("never")));
            Assert.Equal(expected, matcher.Match(Encoding.UTF8.GetBytes($"{{\"a\":{inner}}}"), new MatchBuffer(), new List<int>()));
            matcher.Remove(2);
            Assert.Equal(expected, matcher.Match(Encoding.UTF8.GetBytes($"{{\"a\":{inner}}}"), new MatchBuffer(), new List<int>()));
        }
    }

    [Fact]
    public void Lists_made_to_be_tried_in_every_combination_end_the_event_not_the_matcher()
    {
        var matcher = new Matcher<string>();
        matcher.Add("pairs", Parse("""{"a":{"b":["x"],"c":["y"],"d":["z"]},"e":{"b":["x"],"c":["y"],"d":["z"]}}"""));
        matcher.Add("plain", Parse("""{"f":["x"]}"""));
        var elements = string.Join(',', Enumerable.Repeat("{\"b\":\"x\",\"c\":\"y\"},{\"b\":\"x\",\"d\":\"z\"}", 20_000));
        var hits = new List<string>();
        var fault = matcher.Match(Encoding.UTF8.GetBytes($"{{\"f\":\"x\",\"a\":[{elements}],\"e\":[{elements}]}}"), new MatchBuffer(), hits);
        Assert.Equal(EventFault.TooManySteps, fault);
        Assert.Equal(["plain"], hits);
    }

    [Fact]
    public void Many_elements_of_which_one_fits_are_no_trouble()
    {
        var matcher = new Matcher<string>();
        matcher.Add("pair", Parse("""{"tags":{"key":["env"],"value":["prod"]}}"""));
        var tags = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"{{\"key\":\"k{i}\",\"value\":\"v{i}\"}}"));
        Assert.Equal(["pair"], Hits(matcher, $"{{\"tags\":[{tags},{{\"key\":\"env\",\"value\":\"prod\"}}]}}"));
        Assert.Empty(Hits(matcher, $"{{\"tags\":[{tags},{{\"key\":\"env\",\"value\":\"dev\"}},{{\"key\":\"x\",\"value\":\"prod\"}}]}}"));
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        var matcher = new Matcher<int>();
        var rules = new[]
        {
            """{"a":["x",{"prefix":"y"},{"suffix":"z"},{"equals-ignore-case":"Q"},{"wildcard":"*m*n*"},{"cidr":"10.0.0.0/8"},{"numeric":[">",3]},{"anything-but":["r"]}]}""",
            """{"l":{"b":["x"],"c":[{"prefix":"y"}],"d":[{"exists":false}]}}""", """{"z":[{"exists":false}]}""", """{"$or":[{"a":["x"]},{"l":{"b":["q"]}}]}""",
        };
        for (var i = 0; i < rules.Length; i++) matcher.Add(i, Parse(rules[i]));
        matcher.Add(99, new Field("a", new Test.Pattern("x|y")));
        var events = ((string[])["""{"a":"x"}""", """{"a":["yy","zz","\u0071","10.1.2.3",4,0.30000000000000004],"l":[{"b":"x","c":"n"},{"b":"x","c":"yy","d":1},{"b":["n","x"],"c":"y"}]}"""])
            .Select(Encoding.UTF8.GetBytes).ToArray();
        var buffer = new MatchBuffer();
        var hits = new List<int>(100);
        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (var json in events)
            {
                hits.Clear();
                matcher.Match(json, buffer, hits);
            }
        }));
    }

    [Fact]
    public void The_paths_that_rules_read_are_known()
    {
        var matcher = new Matcher<string>();
        matcher.Add("one", Parse("""{"source":["s"],"detail":{"a":[1],"b":{"c":[{"exists":false}]}}}"""));
        matcher.Add("two", new Field("x", new Test.SameAs("detail.a", Comparison.Equal, false)));
        Assert.Equal(["detail.a", "detail.b.c", "source", "x"], matcher.Paths(out var everything));
        Assert.False(everything);
        matcher.Add("three", new Not(new Field(null, new Test.Equal("k"))));
        matcher.Remove("one");
        Assert.Equal(["detail.a", "x"], matcher.Paths(out everything));
        Assert.True(everything);
    }

    [Fact]
    public void A_rule_that_is_added_again_is_replaced()
    {
        var matcher = new Matcher<string>();
        matcher.Add("r", Parse("""{"a":["x"]}"""));
        matcher.Add("r", Parse("""{"a":["y"]}"""));
        Assert.Equal(1, matcher.Count);
        Assert.Empty(Hits(matcher, """{"a":"x"}"""));
        Assert.Equal(["r"], Hits(matcher, """{"a":"y"}"""));
        Assert.True(matcher.Remove("r"));
        Assert.False(matcher.Remove("r"));
    }

    public static TheoryData<Condition> Unmatchable => [
        new Field("a", new Test.Pattern("(")),
        new Field("a", new Test.Pattern("(?=x)")),
        new Field("a", new Test.Pattern(@"(a)\1")),
        new Field("a", new Test.Pattern(new string('a', TextPattern.Longest + 1))),
        new Field("a", new Test.Within("10.0.0.0")),
        new Field("a", new Test.Within("10.0.0.0/33")),
        new Field("a", new Test.Wildcard([])),
        new Field("a", new Test.Number(double.NaN)),
        Enumerable.Range(0, 1_000).Aggregate((Condition)new Field("a", new Test.Present()), (part, _) => new Not(part)),
        new All([new Field("b", new Test.Equal("x")), new Field("a", new Test.NoneOf([new Test.Pattern("[")]))]),
    ];

    [Theory, MemberData(nameof(Unmatchable))]
    public void What_cannot_be_matched_is_refused_and_changes_nothing(Condition condition)
    {
        var matcher = new Matcher<string>();
        matcher.Add("r", Parse("""{"a":["x"]}"""));
        Assert.NotEmpty(Assert.ThrowsAny<ArgumentException>(() => matcher.Add("r", condition)).Message);
        Assert.Equal(["r"], Hits(matcher, """{"a":"x"}"""));
        Assert.Equal(["a"], matcher.Paths(out _));
    }

    [Fact]
    public void A_regular_expression_made_to_hang_does_not()
    {
        var matcher = new Matcher<string>();
        matcher.Add("r", new Field("a", new Test.Pattern("^(a+)+$")));
        Assert.Empty(Hits(matcher, $"{{\"a\":\"{new string('a', 50_000)}!\"}}"));
    }

    [Fact]
    public void One_buffer_serves_matchers_with_more_and_with_fewer_rules()
    {
        var (few, many, buffer) = (new Matcher<int>(), new Matcher<int>(), new MatchBuffer());
        few.Add(7, Parse("""{"a":["x"]}"""));
        for (var i = 0; i < 500; i++) many.Add(i, Parse($"{{\"k{i}\":[{i}]}}"));
        for (var i = 0; i < 500; i++)
        {
            var hits = new List<int>();
            many.Match(Encoding.UTF8.GetBytes($"{{\"a\":\"x\",\"k{i}\":{i}.0}}"), buffer, hits);
            few.Match("""{"a":"x"}"""u8, buffer, hits);
            Assert.Equal([i, 7], hits);
        }
    }

    [Fact]
    public void An_address_matches_in_each_of_its_spellings_also_one_that_others_write_with_a_dotted_tail()
    {
        var matcher = new Matcher<int>();
        matcher.Add(1, Parse("""{"a":["::a00:1"]}"""));
        matcher.Add(2, Parse("""{"a":[{"cidr":"2001:db8::5efe:a00:0/120"}]}"""));
        matcher.Add(3, Parse("""{"a":["::"]}"""));
        Assert.Equal([1], Hits(matcher, """{"a":"0:0:0:0:0:0:0a00:0001"}"""));
        Assert.Equal([2], Hits(matcher, """{"a":"2001:db8::5efe:a00:7"}"""));
        Assert.Equal([3], Hits(matcher, """{"a":"0::0"}"""));
    }

    [Fact]
    public void A_key_that_is_a_zero_is_a_key_like_any_other()
    {
        var matcher = new Matcher<int>();
        matcher.Add(1, Parse("""{"a":{"\u0000":["x"]}}"""));
        matcher.Add(2, new Below("a", new Test.Equal("y")));
        matcher.Add(3, new Field(null, new Test.Equal("x")));
        Assert.Equal([1, 3], Hits(matcher, """{"a":{"\u0000":"x"}}"""));
        Assert.Equal([3], Hits(matcher, """{"a":{"b":"x"}}"""));
        Assert.Equal([2], Hits(matcher, """{"a":{"\uFFFD":"y"}}"""));
    }

    [Fact]
    public void A_condition_that_cannot_be_compiled_leaves_nothing_behind()
    {
        var matcher = new Matcher<int>();
        Assert.ThrowsAny<Exception>(() => matcher.Add(1, new All([new Field("a", new Test.Present()), new Field("b", null!)])));
        Assert.ThrowsAny<ArgumentException>(() => matcher.Add(1, new Field("a", new Test.Between(double.NaN, true, null, false))));
        matcher.Add(2, Parse("""{"c":[1]}"""));
        Assert.Equal([2], Hits(matcher, """{"a":1,"b":1,"c":1}"""));
        Assert.Equal(["c"], matcher.Paths(out _));
    }

    [Fact]
    public void Arbitrary_bytes_are_answered()
    {
        var matcher = new Matcher<int>();
        matcher.Add(1, Parse("""{"a":{"b":["x",{"numeric":[">",1]}],"c":[{"exists":false}]}}"""));
        matcher.Add(2, new Field(null, new Test.Wildcard(["", "x", ""])));
        var buffer = new MatchBuffer();
        Gen.Select(RandomPatterns.Event, Gen.Int[0, 1_000], Gen.Byte, Gen.Int[0, 3], (json, at, b, way) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json).ToList();
            at %= bytes.Count;
            if (way == 0) bytes[at] = b;
            else if (way == 1) bytes.RemoveAt(at);
            else if (way == 2) bytes.Insert(at, b);
            else bytes.RemoveRange(at, bytes.Count - at);
            return bytes.ToArray();
        }).Sample(
            bytes =>
            {
                var hits = new List<int>();
                lock (buffer)
                {
                    var fault = matcher.Match(bytes, buffer, hits);
                    return fault == EventFault.None || hits.Count == 0;
                }
            }, iter: 20_000);
    }

    private static Condition Parse(string pattern)
    {
        Assert.True(EventPattern.TryParse(pattern, out var condition, out var error), error?.ToString());
        return condition;
    }

    private static IEnumerable<T> Hits<T>(Matcher<T> matcher, string json) where T : notnull
    {
        var hits = new List<T>();
        Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits));
        return hits.Order();
    }
}
