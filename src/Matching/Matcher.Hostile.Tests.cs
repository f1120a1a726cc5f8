using System.Diagnostics;
using System.Text;
using Yagura.Matching;
using Yagura.Matching.Conditions;
using Yagura.Matching.EventBridge;

namespace Yagura.Tests.Matching;

/// <summary>Rules and events made to take all the time or memory there is.</summary>
public sealed class MatcherHostileTests
{
    /// <summary>Many times what it takes on a busy machine, and far below what it took without a bound.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static readonly Test.Pattern ManyStates = new("(a|b)*a(a|b){300}c");

    private static string AsAndBs(int length)
    {
        var random = new Random(7);
        return new string([.. Enumerable.Range(0, length).Select(_ => random.Next(2) == 0 ? 'a' : 'b')]);
    }

    private static (EventFault Fault, IReadOnlyList<string> Hits) Match(string json, params (string Name, Condition Condition)[] rules)
    {
        var matcher = new Matcher<string>();
        foreach (var (name, condition) in rules) matcher.Add(name, condition);
        var hits = new List<string>();
        var started = Stopwatch.GetTimestamp();
        var fault = matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits);
        Assert.True(Stopwatch.GetElapsedTime(started) < Bound, "it took too long");
        return (fault, [.. hits.Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public void An_expression_that_could_take_too_long_is_not_asked_and_the_rules_without_it_still_are()
    {
        var found = Match(
            $$"""{"a":"{{AsAndBs(400_000)}}","b":"short"}""",
            ("long", new Field("a", ManyStates)),
            ("not long", new All([new Field("b", new Test.Equal("short")), new Not(new Field("a", ManyStates))])),
            ("none of long", new All([new Field("b", new Test.Equal("short")), new Field("a", new Test.NoneOf([ManyStates]))])),
            ("short", new Field("b", new Test.Pattern("sho.t"))),
            ("plain", new All([new Field("b", new Test.Prefix("sh")), new Not(new Field("c", new Test.Present()))])),
            ("start", new Field("a", new Test.Wildcard(["", "ab", ""]))));
        Assert.Equal(EventFault.TooManySteps, found.Fault);
        Assert.Equal(["plain", "short", "start"], found.Hits);
    }

    [Fact]
    public void The_same_event_and_rules_come_to_the_same_end_again()
    {
        var rules = Enumerable.Range(0, 40).Select(i => ($"r{i:00}", (Condition)new Field("a", new Test.Pattern($"(a|b)*a(a|b){{{100 + i}}}c|b")))).ToArray();
        var json = $$"""{"a":"{{AsAndBs(20_000)}}"}""";
        var first = Match(json, rules);
        Assert.Equal(EventFault.TooManySteps, first.Fault);
        Assert.NotEmpty(first.Hits);
        Assert.Equal(first.Hits, Match(json, rules).Hits);
    }

    [Fact]
    public void An_expression_is_asked_of_texts_as_long_as_logs_have_them()
    {
        var found = Match($$"""{"a":"{{AsAndBs(100_000)}}c"}""", ("r", new Field("a", new Test.Pattern("arn:aws:iam::[0-9]{12}:role/|[ab]c$"))));
        Assert.Equal((EventFault.None, "r"), (found.Fault, Assert.Single(found.Hits)));
    }

    [Fact]
    public void Two_long_lists_of_which_each_value_would_be_compared_with_each_other_end_in_time()
    {
        string List(int value) => $"[{string.Join(',', Enumerable.Repeat(value, 100_000))}]";
        var same = new Field("a", new Test.SameAs("b", Comparison.Equal, IgnoreCase: true));
        var found = Match($$"""{"a":{{List(0)}},"b":{{List(1)}},"c":1}""", ("same", same), ("different", new All([new Field("c", new Test.Present()), new Not(same)])), ("plain", new Field("c", new Test.Present())));
        Assert.Equal(EventFault.TooManySteps, found.Fault);
        Assert.Equal(["plain"], found.Hits);
    }

    [Fact]
    public void A_text_that_is_looked_for_at_every_place_of_another_ends_in_time()
    {
        var contains = new Field("a", new Test.SameAs("b", Comparison.Contains, IgnoreCase: true));
        Assert.Equal(EventFault.TooManySteps, Match($$"""{"a":"{{new string('a', 900_000)}}","b":"{{new string('a', 400_000)}}b{{new string('a', 10_000)}}"}""", ("r", contains)).Fault);
        var piece = new string('a', 60_000) + "b" + new string('a', 60_000);
        Assert.Equal(EventFault.TooManySteps, Match($$"""{"a":"{{new string('a', 15_000_000)}}"}""", ("r", new Field("a", new Test.Wildcard(["", piece, ""])))).Fault);
    }

    [Fact]
    public void Many_tests_on_many_values_end_in_time()
    {
        var scans = Enumerable.Range(0, 3_000).Select(i => ($"s{i}", (Condition)new Field("a", new Test.Wildcard(["", $"x{i}x", ""])))).ToArray();
        Assert.Equal(EventFault.TooManySteps, Match($$"""{"a":[{{string.Join(',', Enumerable.Repeat("\"abcdefgh\"", 100_000))}}]}""", scans).Fault);
        var ranges = Enumerable.Range(0, 3_000).Select(i => ($"s{i}", (Condition)new Field("a", new Test.Between(i, false, 10_000 + i, false)))).ToArray();
        var found = Match($$"""{"a":[{{string.Join(',', Enumerable.Repeat("6000", 200_000))}}]}""", ranges);
        Assert.Equal((EventFault.TooManySteps, 3_000), (found.Fault, found.Hits.Count));
    }

    [Fact]
    public void More_values_than_there_is_memory_for_are_refused()
    {
        var found = Match($$"""{"a":[{{string.Join(',', Enumerable.Repeat("0", 2_000_000))}}]}""", ("r", new Field(null, new Test.Number(0))));
        Assert.Equal((EventFault.TooManyValues, 0), (found.Fault, found.Hits.Count));
    }

    [Theory]
    [InlineData(101, "more than 100 keys")]
    [InlineData(100_000, "more than 100 keys")]
    public void A_path_of_many_keys_is_refused(int keys, string reason)
    {
        var path = string.Join('.', Enumerable.Repeat("a", keys));
        Assert.False(EventPattern.TryParse($$"""{"{{path}}":[1]}""", out _, out var error));
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Matcher<int>().Add(1, new Field(path + string.Concat(Enumerable.Repeat(".a", MatchLimits.PathKeys)), new Test.Present())));
    }

    [Fact]
    public void A_pattern_that_no_expression_of_bounded_size_stands_for_is_refused()
    {
        Assert.False(EventPattern.TryParse($$"""{"a":[{"equals-ignore-case":"{{new string('ü', 50_000)}}"}]}""", out _, out var error));
        Assert.Contains("letters beyond ASCII whose case is ignored", error.ToString(), StringComparison.Ordinal);
        Assert.False(EventPattern.TryParse($$"""{{{string.Join(',', Enumerable.Range(0, 3_000).Select(i => $"\"f{i}\":[1]"))}}}""", out _, out error));
        Assert.Contains("more than 2000 fields", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_of_ten_thousand_values_comes_and_goes_without_copying_its_index_for_each()
    {
        foreach (var how in (string[])["prefix", "suffix", "wildcard"])
        {
            var values = string.Join(',', Enumerable.Range(0, 9_000).Select(i => $$"""{"{{how}}":"{{(how == "wildcard" ? $"*{i}x*" : $"v{i}v")}}"}"""));
            Assert.True(EventPattern.TryParse($$"""{"a":[{{values}}]}""", out var condition, out _));
            var matcher = new Matcher<int>();
            var before = GC.GetAllocatedBytesForCurrentThread();
            matcher.Add(1, condition);
            matcher.Remove(1);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200 << 20); // one copy for each took 2.8 GB
        }
    }
}
