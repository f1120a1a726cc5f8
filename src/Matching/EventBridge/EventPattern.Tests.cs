using System.Text;
using Yagura.Matching;
using Yagura.Matching.EventBridge;

namespace Yagura.Tests.Matching.EventBridge;

public sealed class EventPatternTests
{
    /// <summary>The verdicts that AWS's engine gave, which lie beside the checkout where they exist.</summary>
    [Fact]
    public void The_verdicts_of_the_reference_engine_are_ours()
    {
        var rows = File.ReadAllLines(RealLogs.Path("../reference/operations/event-pattern-cases.tsv")).Where(line => line.Length > 0).Select(line => line.Split('\t')).ToList();
        var wrong = rows.Where(row => Verdict(row[1], row[0] == "INVALID" ? "" : row[2]) != (row[0] == "INVALID" ? row[2] : row[0]));
        Assert.Empty(wrong.Select(row => string.Join("  ", row) + "  ours: " + Verdict(row[1], row[0] == "INVALID" ? "" : row[2])));
        Assert.Equal(215, rows.Count);
    }

    private static string Verdict(string pattern, string json)
    {
        if (!EventPattern.TryParse(pattern, out var condition, out var error)) return error.Reason;
        var matcher = new Matcher<string>();
        matcher.Add(pattern, condition);
        var hits = new List<string>();
        Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits));
        return hits.Count == 1 ? "MATCH" : "no";
    }
}
