using System.Diagnostics;
using System.Text.Json;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Testing;

namespace Yagura.Matching.Tests;

/// <summary>Files made to take all the time or memory there is: each is refused by the name of a limit, and what is taken can be matched.</summary>
public sealed class SigmaLimitsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static string Times(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "a long value named many times", $"s:\n  eventName:\n  - &a {new string('x', 900_000)}\n{Times(2_000, _ => "  - *a\n")}", "more than 200,000 values in one file" },
        { "a long value", $"s: {{eventName: {new string('x', 10_001)}}}", "the value has 10,001 characters; at most 10,000" },
        { "many letters with two cases", $"s: {{eventName: {new string('ü', 3_000)}}}", "letters beyond ASCII whose case is ignored" },
        { "many different letters in an expression", $"s: {{eventName|re: {Times(1_000, i => ((char)(0x4e00 + i * 7)).ToString())}}}", "names 1,000 different characters and classes; at most 128" },
        { "many different classes in an expression", $"s: {{eventName|re: '{Times(300, i => $"[{(char)(0x4e00 + i)}-{(char)(0x5f00 + i * 2)}]")}'}}", "names 300 different characters and classes; at most 128" },
        { "large counts", "s: {eventName|re: '(a|b)*a(a|b){1000}c'}", "stands for 3,006 characters once its counts are written out; at most 2,000" },
        { "many expressions", $"s:\n  eventName|re:\n{Times(501, i => $"  - a{i}.*b\n")}", "more than 500 regular expressions in one rule" },
        { "many dashes", $"s:\n  eventName|windash:\n{Times(5_000, i => $"  - '-a -b -c -d{i}'\n")}", "more than 50,000 tests of the field" },
        { "long texts with dashes", $"s:\n  eventName|windash:\n{Times(50, i => $"  - '-a -b -c -d{new string('x', 9_000)}{i}'\n")}", "more than 8,000,000 characters" },
        { "many selections", $"{Times(1_001, i => $"s{i}: {{eventName: a}}\n")}condition: 1 of s*", "1,001 selections; at most 1,000" },
        { "many conditions", $"s: {{eventName: a}}\ncondition:\n{Times(101, _ => "- s\n")}", "a list of 101; at most 100" },
        { "many fields", $"s:\n{Times(2_001, i => $"  requestParameters.x{i}: a\n")}", "the rule reads more than 2,000 fields" },
        { "a path of many keys", $"s: {{requestParameters{Times(100, _ => ".a")}: b}}", "has more than 100 keys" },
        { "a reference to a path of many keys", $"s: {{eventName|fieldref: requestParameters{Times(200, _ => ".a")}}}", "has more than 100 keys" },
    };

    [Theory, MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void A_hostile_rule_is_refused_by_the_name_of_a_limit(string what, string detection, string error)
    {
        var started = Stopwatch.GetTimestamp();
        var file = SigmaRules.Read(SigmaRules.WithDetection(detection));
        Assert.True(Stopwatch.GetElapsedTime(started) < Bound, what);
        Assert.Contains(file.Problems, problem => problem.IsError && problem.Reason.Contains(error, StringComparison.Ordinal));
        Assert.Empty(file.Rules);
    }

    [Theory]
    [InlineData("1 of a*c", true)]
    [InlineData("1 of a*b*c", true)]
    [InlineData("1 of *c", true)]
    [InlineData("1 of ab*bc", false)]
    [InlineData("1 of a.c", false)]
    [InlineData("1 of *d*", false)]
    [InlineData("1 of a*cc", false)]
    public void Selections_are_named_by_patterns_without_overlap(string condition, bool fits) =>
        Assert.Equal(fits, !SigmaRules.Read(SigmaRules.WithDetection($"abc: {{eventName: x}}\ncondition: {condition}")).HasErrors);

    [Fact]
    public void A_long_pattern_of_names_costs_no_automaton() =>
        Assert.Contains("no selection is named", Assert.Single(SigmaRules.Read(SigmaRules.WithDetection($"abc: {{eventName: x}}\ncondition: 1 of {Times(4_500, _ => "*s")}")).Problems).Reason, StringComparison.Ordinal);

    [Fact]
    public void Thousands_of_unknown_fields_are_told_of_in_time()
    {
        var started = Stopwatch.GetTimestamp();
        var file = SigmaRules.Read(SigmaRules.WithDetection($"s:\n{Times(20_000, i => $"  requestParameters.bukketNam{i}: a\n")}"));
        Assert.True(file.HasErrors);
        Assert.True(Stopwatch.GetElapsedTime(started) < Bound, "suggestions that nobody sees");
    }

    [Fact]
    public void More_warnings_than_are_listed_are_no_error_and_hide_none()
    {
        var many = Times(150, i => $"  requestParameters.bukketNam{i}: a\n");
        var file = SigmaRules.Read(SigmaRules.WithDetection($"s:\n{many}"));
        Assert.False(file.HasErrors);
        Assert.Equal("and 50 more", file.Problems[^1].Reason);
        file = SigmaRules.Read(SigmaRules.WithDetection($"s:\n{many}  evenName: a\n"));
        Assert.Contains("no field evenName", Assert.Single(file.Problems, problem => problem.IsError).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_placeholder_of_many_signs_is_read_in_time()
    {
        var options = new SigmaOptions { Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["who"] = ["ada", "bob"] } };
        SigmaRules.Check(true, "s: {eventName|expand: 'a\\%\\%b\\%who\\%c%who%d\\%'}", """{"eventName":"a%%b%who%cbobd%"}""", options: options);
        SigmaRules.Check(false, "s: {eventName|expand: 'a\\%\\%b\\%who\\%c%who%d\\%'}", """{"eventName":"a%%b%who%ceved%"}""", options: options);
    }

    [Fact]
    public void A_test_that_fails_is_explained_however_deep_its_event_is()
    {
        var deep = Times(90, _ => "{a: ") + "1" + new string('}', 90);
        var rule = SigmaRules.Rule("s: {eventName: x}");
        var file = SigmaRules.Read(SigmaRules.WithDetection("s: {eventName: x}") + $"tests:\n- {{name: deep, match: true, event: {{eventName: y, requestParameters: {deep}}}}}\n");
        var result = Assert.Single(RuleTester.Run(rule, Assert.Single(file.Rules).Tests));
        Assert.False(result.Passed);
        Assert.Single(result.Selections);
    }

    [Fact]
    public void A_key_that_is_no_text_hides_no_other()
    {
        using var document = JsonDocument.Parse("""{"\ud800":1,"a":{"\udc00x":2,"b":3}}""");
        Assert.Equal("3", Assert.Single(EventValues.At(document.RootElement, "a.b")).GetRawText());
    }
}
