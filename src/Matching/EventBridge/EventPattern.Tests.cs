using System.Text;
using Yagura.Matching;
using Yagura.Matching.EventBridge;

namespace Yagura.Tests.Matching.EventBridge;

public sealed class EventPatternTests(ITestOutputHelper output)
{
    private const string Refused = "!", Matches = "+", DoesNot = "-";

    /// <summary>A verdict on one pattern and one event, or on a pattern alone.</summary>
    private sealed record Case(string Verdict, string Pattern, string Event, string Section);

    [Fact]
    public void The_conformance_suite_holds()
    {
        var cases = Read(Repository.Path("tests/Matching.Tests/conformance/event-patterns.txt")).ToList();
        Assert.Empty(cases.Where(one => Verdict(one) != one.Verdict + one.Event).Select(one => $"{one.Section}: {one.Verdict} {one.Pattern} {one.Event}; we say {Verdict(one)}"));
        Assert.True(cases.Count >= 400, $"{cases.Count} cases");
        output.WriteLine($"{cases.Count} cases");
    }

    /// <summary>The plain reading of the same conditions must say the same, so that the reference of the random test is itself held to something.</summary>
    [Fact]
    public void The_plain_reading_holds_in_the_conformance_suite() =>
        Assert.All(Read(Repository.Path("tests/Matching.Tests/conformance/event-patterns.txt")).Where(one => one.Verdict != Refused && !one.Event.Contains("\\ud83d\"", StringComparison.Ordinal)), one =>
        {
            Assert.True(EventPattern.TryParse(one.Pattern, out var condition, out _));
            Assert.True(NaiveEvent.TryRead(Encoding.UTF8.GetBytes(one.Event), out var read));
            Assert.True(read.Holds(condition) == (one.Verdict == Matches), $"{one.Verdict} {one.Pattern} {one.Event}");
        });

    /// <summary>The verdicts that AWS's engine gave, which lie beside the checkout where they exist.</summary>
    [Fact]
    public void The_verdicts_of_the_reference_engine_are_ours()
    {
        var rows = File.ReadAllLines(RealLogs.Path("../reference/operations/event-pattern-cases.tsv")).Where(line => line.Length > 0).Select(line => line.Split('\t')).ToList();
        var cases = rows.Select(row => new Case(row[0] switch { "MATCH" => Matches, "no" => DoesNot, _ => Refused }, row[1], row[2], ""));
        var wrong = cases.Where(one => one.Verdict == Refused ? !Verdict(one).StartsWith(Refused + one.Event + "\t", StringComparison.Ordinal) : Verdict(one) != one.Verdict + one.Event);
        Assert.Empty(wrong.Select(one => $"{one.Verdict} {one.Pattern} {one.Event}; we say {Verdict(one)}"));
        Assert.Equal(215, rows.Count);
    }

    [Theory]
    [InlineData(PatternLimits.Bytes - 100, true)]
    [InlineData(PatternLimits.Bytes + 1, false)]
    [InlineData(1 << 20, false)]
    public void A_pattern_of_too_many_bytes_is_refused(int bytes, bool expected)
    {
        var pattern = $"{{\"a\":[\"{new string('x', bytes - 10)}\"]}}";
        Assert.Equal(expected, EventPattern.TryParse(pattern, out _, out var error));
        if (!expected) Assert.Equal($"The pattern has {bytes} bytes; at most {PatternLimits.Bytes} are allowed", error!.Reason);
    }

    [Theory]
    [InlineData(PatternLimits.Values, true)]
    [InlineData(PatternLimits.Values + 1, false)]
    public void A_pattern_of_too_many_values_is_refused(int values, bool expected)
    {
        Assert.Equal(expected, EventPattern.TryParse($"{{\"a\":[{string.Join(',', Enumerable.Range(0, values))}]}}", out _, out var one));
        Assert.Equal(expected, EventPattern.TryParse($"{{\"a\":[{{\"anything-but\":[{string.Join(',', Enumerable.Range(0, values - 1))}]}}]}}", out _, out var other));
        if (!expected) Assert.Equal(("The pattern has more than 10000 values", "The pattern has more than 10000 values"), (one!.Reason, other!.Reason));
    }

    [Theory]
    [InlineData(PatternLimits.Levels, true)]
    [InlineData(PatternLimits.Levels + 1, false)]
    [InlineData(5_000, false)]
    public void A_pattern_of_too_many_levels_is_refused(int levels, bool expected)
    {
        var pattern = string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "[\"x\"]" + new string('}', levels);
        Assert.Equal(expected, EventPattern.TryParse(pattern, out _, out var error));
        if (!expected) Assert.Equal("The pattern is nested more than 100 levels deep", error!.Reason);
    }

    [Theory]
    [InlineData(9, true)] // 512 alternatives
    [InlineData(10, false)]
    [InlineData(40, false)]
    public void Alternatives_that_multiply_too_far_are_refused(int times, bool expected)
    {
        var pattern = $"{{{string.Join(',', Enumerable.Range(0, times).Select(i => $"\"k{i}\":{{\"$or\":[{{\"a\":[1]}},{{\"b\":[1]}}]}}"))}}}";
        Assert.Equal(expected, EventPattern.TryParse(pattern, out _, out var error));
        if (!expected) Assert.Contains("more than 1000 alternatives", error!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, true)] // times 500 alternatives
    [InlineData(41, false)]
    [InlineData(1_000, false)]
    public void Fields_that_every_alternative_would_hold_a_copy_of_are_counted(int fields, bool expected)
    {
        var pattern = $"{{\"$or\":[{string.Join(',', Enumerable.Range(0, 500).Select(i => $"{{\"a\":[{i}]}}"))}],{string.Join(',', Enumerable.Range(0, fields - 1).Select(i => $"\"f{i}\":[1]"))}}}";
        Assert.Equal(expected, EventPattern.TryParse(pattern, out _, out var error));
        if (!expected) Assert.Contains("or 20000 fields", error!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_place_of_a_mistake_counts_lines()
    {
        Assert.False(EventPattern.TryParse("{\n  \"a\": [\n    {\"prefix\": 5}\n  ]\n}", out _, out var error));
        Assert.Equal("Event pattern is not valid. Reason: prefix match pattern must be a string at line 3, column 16", error.ToString());
    }

    private static IEnumerable<Case> Read(string file)
    {
        var (pattern, section) = ("", "");
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) section = line[3..];
            else if (line.Length == 0 || line[0] == '#') continue;
            else if (line.StartsWith("! ", StringComparison.Ordinal)) yield return new(Refused, line[2..].Split('\t')[0], line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..], section);
            else if (line.StartsWith(" + ", StringComparison.Ordinal) || line.StartsWith(" - ", StringComparison.Ordinal)) yield return new(line[1..2], pattern, line[3..], section);
            else pattern = line;
        }
    }

    private static string Verdict(Case one)
    {
        if (!EventPattern.TryParse(one.Pattern, out var condition, out var error)) return $"{Refused}{error.Reason}\t{error.Line}:{error.Column}";
        var matcher = new Matcher<string>();
        matcher.Add(one.Pattern, condition);
        var hits = new List<string>();
        var fault = matcher.Match(Encoding.UTF8.GetBytes(one.Event), new MatchBuffer(), hits);
        return fault != EventFault.None ? fault.ToString() : (hits.Count == 1 ? Matches : DoesNot) + one.Event;
    }
}
