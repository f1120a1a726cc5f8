using System.Text;
using System.Text.RegularExpressions;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.LogSources;
using Yagura.Matching.Sigma.Testing;
using Yagura.Tests;

namespace Yagura.Matching.Tests;

/// <summary>The pages about rules are true: each example is executed, each name is there.</summary>
public sealed partial class SigmaPageTests
{
    private static string Page(string name) => File.ReadAllText(Repository.Path("docs/" + name));

    public static TheoryData<string, string, string, string> Examples()
    {
        var examples = new TheoryData<string, string, string, string>();
        var kind = "";
        foreach (var line in Page("patterns-sigma.md").Split('\n'))
        {
            if (line.StartsWith("| line |", StringComparison.Ordinal)) kind = "line";
            if (line.StartsWith("| condition |", StringComparison.Ordinal)) kind = "condition";
            if (Row().Match(line) is { Success: true } row) examples.Add(kind, row.Groups["rule"].Value.Replace("\\|", "|", StringComparison.Ordinal), row.Groups["event"].Value, row.Groups["matches"].Value);
        }
        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Each_line_of_the_tables_is_as_it_says(string kind, string rule, string json, string matches) =>
        SigmaRules.Check(matches == "yes", kind == "condition" ? $"a: {{eventName: A}}\nb: {{awsRegion: B}}\n_c: {{userAgent: C}}\ncondition: {rule}" : rule[0] is '[' or '{' ? $"s: {rule}" : $"s:\n  {rule}", json);

    [Fact]
    public void The_tables_hold_all_modifiers()
    {
        var page = Page("patterns-sigma.md");
        Assert.All(
        [
            "all", "base64", "base64offset", "cased", "cidr", "contains", "endswith", "exists", "expand", "fieldref", "gt", "gte", "i", "lt", "lte", "m", "neq", "re", "s", "startswith", "utf16", "utf16be", "utf16le", "wide",
            "windash",
        ], modifier => Assert.True(page.Contains($"\\|{modifier}", StringComparison.Ordinal) || page.Contains($"`{modifier}`", StringComparison.Ordinal), modifier));
    }

    [Fact]
    public void The_rules_on_the_page_load_and_pass_their_tests()
    {
        var blocks = Block().Matches(Page("rules.md")).Select(match => match.Groups["yaml"].Value).ToList();
        Assert.Equal(2, blocks.Count);
        foreach (var block in blocks)
        {
            var set = SigmaRuleSet.Of([new("page", SigmaFile.Read(Encoding.UTF8.GetBytes(block)))]);
            Assert.Empty(set.Problems);
            var results = set.Rules.SelectMany(rule => RuleTester.Run(rule.Rule, rule.Rule.Tests)).Concat(set.Correlations.SelectMany(one => RuleTester.Run(one.Correlation, one.Correlation.Definition.Tests))).ToList();
            Assert.Equal(2, results.Count);
            Assert.All(results, result => Assert.True(result.Passed, result.Seen ?? result.Test.Name));
        }
    }

    [Fact]
    public void The_page_names_every_log_with_its_time_and_every_limit_as_it_is()
    {
        var page = Page("rules.md");
        Assert.All(SigmaLogSources.All, source => Assert.Matches($@"\| `{source.Product}` \| `{source.Service}` \| {source.Title} \| .* \| `{source.TimeField}` \|", page));
        Assert.All(
            [SigmaLimits.Levels, SigmaLimits.Nodes, SigmaLimits.Documents, SigmaLimits.Values, SigmaLimits.ConditionLength, SigmaLimits.ConditionLevels, SigmaLimits.ExpressionLength],
            limit => Assert.Contains($"{limit:N0}", page[page.IndexOf("## Limits", StringComparison.Ordinal)..], StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\| `(?<rule>.+)` \| `(?<event>\{.*\})` \| (?<matches>yes|no) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
