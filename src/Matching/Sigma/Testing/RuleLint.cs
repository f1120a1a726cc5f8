using Yagura.Core.FindingTypes;

namespace Yagura.Matching.Sigma.Testing;

/// <summary>What a rule lacks that whoever has to live with it would miss. Nothing here keeps a rule from being used.</summary>
public static class RuleLint
{
    public static IReadOnlyList<SigmaProblem> Of(LoadedRule loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        var rule = loaded.Rule;
        var problems = new List<SigmaProblem>();
        void Warn(string reason, string suggestion) => problems.Add(new(false, rule.Header.Line, 1, reason, suggestion));
        // What only feeds a correlation says nothing by itself: the correlation has the words, the tests and the budget.
        if (loaded.StandsAlone) Common(rule.Header, rule.Tests, Warn);
        var matcher = new Matcher<int>();
        matcher.Add(0, rule.Condition);
        if (matcher.Unindexed > 0) Warn("nothing in the rule can be looked up, so it is decided for every event", "ask for a value that must be there, such as eventName");
        return problems;
    }

    public static IReadOnlyList<SigmaProblem> Of(Correlations.SigmaCorrelation correlation)
    {
        ArgumentNullException.ThrowIfNull(correlation);
        var problems = new List<SigmaProblem>();
        Common(correlation.Header, correlation.Tests, (reason, suggestion) => problems.Add(new(false, correlation.Header.Line, 1, reason, suggestion)));
        return problems;
    }

    private static void Common(RuleHeader header, IReadOnlyList<RuleTest> tests, Action<string, string> warn)
    {
        if (header.Id is null) warn("the rule has no id, so nobody can refer to it once its title changes", "give it a random UUID");
        if (header.Description.Length == 0) warn("the rule has no description", "say what it detects");
        if (header.FalsePositives.Count == 0) warn("the rule names no false positives", "say who does the same and means no harm");
        if (header.Yagura.Guide is null) warn("the rule has no yagura guide", "say what it means, how to tell a false alarm, and what to do");
        if (header.Status == SigmaStatus.Unknown) warn("the rule has no status, so its findings are reported from the first day", "write status: test to have it on trial first, or status: stable");
        if (header.Yagura.Budget is null && header.Status is SigmaStatus.Test or SigmaStatus.Experimental) warn("the rule has no noise budget, so its trial never ends", "write yagura: {budget: 3 per week}");
        if (header.Techniques.Count > 0 && header.Yagura.Attack is null) warn("the tags name techniques, but not of which release of ATT&CK", $"write yagura: {{attack: v{FindingTypeCatalog.AttackRelease}}}");
        if (tests.Count == 0) warn("the rule has no tests", "add one event that it must match and one that it must not");
        else if (!tests.Any(test => test.Match)) warn("no test shows what the rule must match", "add a test with match: true");
        else if (tests.All(test => test.Match)) warn("no test shows what the rule must not match", "add a test with match: false that comes close");
    }
}
