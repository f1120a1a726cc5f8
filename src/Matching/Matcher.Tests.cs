using System.Globalization;
using System.Text;
using CsCheck;
using Yagura.Matching;
using Yagura.Matching.Conditions;

namespace Yagura.Tests.Matching;

public sealed class MatcherTests(ITestOutputHelper output)
{
    private const int RulesEach = 10, EventsEach = 10; // pairs of one sample: a hundred

    /// <summary><c>YAGURA_MATCH_PAIRS</c> says how many pairs are tried (20,000 by default; the acceptance of the matcher took 1,000,000) and
    /// <c>YAGURA_MATCH_SEED</c> with what; a failure names its seed.</summary>
    [Fact]
    public void The_index_and_the_plain_reading_agree()
    {
        var pairs = Environment.GetEnvironmentVariable("YAGURA_MATCH_PAIRS") is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : 20_000;
        var seed = Environment.GetEnvironmentVariable("YAGURA_MATCH_SEED") is { Length: > 0 } given ? given : "0000KOIPe036";
        long tried = 0, hit = 0;
        Gen.Select(RandomPatterns.Condition.Array[RulesEach], RandomPatterns.Event.Array[EventsEach]).Sample(
            (conditions, events) =>
            {
                var matcher = new Matcher<int>();
                for (var rule = 0; rule < conditions.Length; rule++) matcher.Add(rule, conditions[rule]);
                var buffer = new MatchBuffer();
                foreach (var json in events)
                {
                    var bytes = Encoding.UTF8.GetBytes(json);
                    if (!NaiveEvent.TryRead(bytes, out var plain)) return false;
                    var expected = Enumerable.Range(0, conditions.Length).Where(rule => plain.Holds(conditions[rule]));
                    var hits = new List<int>();
                    if (matcher.Match(bytes, buffer, hits) != EventFault.None) return false;
                    if (!expected.SequenceEqual(hits.Order())) return false;
                    Interlocked.Add(ref tried, conditions.Length);
                    Interlocked.Add(ref hit, hits.Count);
                }
                return true;
            },
            seed: seed, iter: pairs / (RulesEach * EventsEach), print: Print);
        output.WriteLine($"{tried:N0} pairs, {hit:N0} of them hits, seed {seed}");
    }

    private static string Print((Condition[] Conditions, string[] Events) sample)
    {
        var text = new StringBuilder();
        foreach (var json in sample.Events)
        {
            NaiveEvent.TryRead(Encoding.UTF8.GetBytes(json), out var plain);
            foreach (var condition in sample.Conditions)
            {
                var matcher = new Matcher<int>();
                matcher.Add(0, condition);
                var hits = new List<int>();
                var fault = matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits);
                if (plain.Holds(condition) != hits.Count > 0 || fault != EventFault.None) text.AppendLine(CultureInfo.InvariantCulture, $"{fault} plain {plain.Holds(condition)}: {Shown(condition)} {json}");
            }
        }
        return text.Length > 0 ? text.ToString() : "only together: " + string.Join("\n", sample.Conditions.Select(Shown)) + "\n" + string.Join("\n", sample.Events);
    }

    private static string Shown(Condition condition) => condition switch
    {
        All all => $"all({string.Join(", ", all.Parts.Select(Shown))})",
        Any any => $"any({string.Join(", ", any.Parts.Select(Shown))})",
        Not not => $"not({Shown(not.Part)})",
        Consistent consistent => $"consistent({Shown(consistent.Part)})",
        Field { Test: Test.NoneOf none } field => $"'{field.Path}' none of [{string.Join(", ", none.Tests)}]",
        Field { Test: Test.Wildcard wildcard } field => $"'{field.Path}' {wildcard.IgnoreCase} {string.Join("*", wildcard.Pieces)}",
        _ => condition.ToString(),
    };
}
