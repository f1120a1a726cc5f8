using System.Text;
using System.Text.Json.Nodes;
using Yagura.Detectors.Rules;
using Yagura.Engine.Rules;
using Yagura.Matching;
using Yagura.Matching.Sigma;
using Yagura.Matching.Sigma.Testing;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>The rules of <c>rules/aws</c>: whole, tested, and of one mind with the tests that others wrote for the same ideas.</summary>
public sealed class ShippedRuleTests(ITestOutputHelper output)
{
    private static readonly SigmaRuleSet Rules = RuleFolder.Load(Repository.Path("rules/aws"));

    [Fact]
    public void Every_rule_loads_without_a_word_and_lacks_nothing()
    {
        Assert.Empty(Rules.Problems);
        Assert.Empty(Rules.Rules.SelectMany(rule => RuleLint.Of(rule).Select(problem => $"{Path.GetFileName(rule.File)}:{problem}")));
        Assert.All(Rules.Rules, rule => Assert.Equal(Path.GetFileNameWithoutExtension(rule.File), rule.Rule.Header.Name));
    }

    [Fact]
    public void Every_rule_passes_its_own_tests() =>
        Assert.Empty(Rules.Rules.SelectMany(rule => RuleTester.Run(rule.Rule, rule.Rule.Tests).Where(result => !result.Passed).Select(result => $"{rule.Rule.Header.Name}: {result.Test.Name}")));

    [Fact]
    public void Techniques_are_of_the_release_of_the_catalogue_and_stand_beside_a_tactic_of_theirs() =>
        Assert.Empty(Rules.Rules.Concat(TypeRules.Of(Techniques.TypesWithRules)).SelectMany(rule => Techniques.Mistakes(rule.Rule.Header)));

    [Fact]
    public void Rules_agree_with_the_tests_that_Panther_wrote_for_the_same_ideas()
    {
        var tests = new[] { "aws-cloudtrail", "amazon-eks-audit", "aws-vpcflow", "aws-s3serveraccess" }
            .SelectMany(file => Encoding.UTF8.GetString(RealLogs.Read($"panther-rule-tests/{file}.jsonl.gz")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => JsonNode.Parse(line)!).Where(test => !(bool)test["mocks"]!)
            .ToLookup(test => (string)test["rule"]!, StringComparer.Ordinal);
        var shipped = Rules.Rules.ToDictionary(rule => rule.Rule.Header.Name!, rule => rule.Rule, StringComparer.Ordinal);
        var disagreements = new List<string>();
        var (positive, negative) = (0, 0);
        foreach (var (ours, theirs) in PantherRules.Pairs)
        {
            Assert.True(tests[theirs].Any(), $"no test of {theirs}");
            var matcher = new Matcher<string>();
            if (shipped.TryGetValue(ours, out var rule)) matcher.Add(ours, rule.Condition);
            else foreach (var part in TypeRules.Of([ours])) matcher.Add(part.Rule.Header.Title, part.Rule.Condition);
            foreach (var test in tests[theirs])
            {
                var hits = new List<string>();
                var json = PantherRules.Ours(test["event"]!.AsObject()).ToJsonString();
                Assert.Equal(EventFault.None, matcher.Match(Encoding.UTF8.GetBytes(json), new MatchBuffer(), hits));
                var expected = (bool)test["expected"]!;
                if (expected) positive++;
                else negative++;
                if (hits.Count > 0 != expected) disagreements.Add($"{ours}: {test["test"]}: expected {expected}: {json}");
            }
        }
        output.WriteLine($"{PantherRules.Pairs.Length} rules, {positive} events that must match, {negative} that must not");
        Assert.Empty(disagreements);
    }
}
