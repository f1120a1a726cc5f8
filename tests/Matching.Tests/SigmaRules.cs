using System.Text;
using Yagura.Matching.Sigma;

namespace Yagura.Matching.Tests;

/// <summary>Rules for tests: a detection in a few lines, matched with an event.</summary>
internal static class SigmaRules
{
    /// <summary>A rule with a detection; a detection without a condition has the condition <c>s</c>.</summary>
    public static string WithDetection(string detection, string service = "cloudtrail")
    {
        var lines = detection.ReplaceLineEndings("\n").Trim('\n').Split('\n').Select(line => "  " + line).ToList();
        if (!lines.Exists(line => line.StartsWith("  condition:", StringComparison.Ordinal))) lines.Add("  condition: s");
        return $"title: A rule\nlogsource: {{product: aws, service: {service}}}\ndetection:\n{string.Join('\n', lines)}\n";
    }

    public static SigmaFile Read(string yaml, SigmaOptions? options = null) => SigmaFile.Read(Encoding.UTF8.GetBytes(yaml), options);

    /// <summary>The one rule of a file without errors.</summary>
    public static SigmaRule Rule(string detection, string service = "cloudtrail", SigmaOptions? options = null)
    {
        var file = Read(WithDetection(detection, service), options);
        Assert.False(file.HasErrors, string.Join('\n', file.Problems));
        return Assert.Single(file.Rules);
    }

    public static bool Matches(SigmaRule rule, string json)
    {
        var matcher = new Matcher<int>();
        matcher.Add(1, rule.Condition);
        var hits = new List<int>();
        Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits));
        return hits.Count > 0;
    }

    /// <summary>Fails unless a detection matches an event, or does not.</summary>
    public static void Check(bool expected, string detection, string json, string service = "cloudtrail", SigmaOptions? options = null) =>
        Assert.True(expected == Matches(Rule(detection, service, options), json), $"expected {(expected ? "a match" : "no match")}:\n{detection}\n{json}");

    /// <summary>The errors of a rule with a detection, each with its place.</summary>
    public static string Errors(string detection) => string.Join('\n', Read(WithDetection(detection)).Problems.Where(problem => problem.IsError));
}
