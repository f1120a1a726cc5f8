using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Rules;
using Yagura.Matching.Sigma;
using Yagura.Simulation;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>The noise budgets of the shipped rules, held against logs without attacks and against an hour of building and taking apart.</summary>
public sealed class ShippedRuleNoiseTests(ITestOutputHelper output)
{
    private static readonly SigmaRuleSet Rules = RuleFolder.Load(Repository.Path("rules/aws"));

    [Theory]
    [InlineData(7, "small", 6_000_000)]
    [InlineData(8, "small", 6_000_000)]
    [InlineData(9, "small", 6_000_000)]
    [InlineData(3, "organization", 12_000_000)]
    public async Task A_simulated_day_stays_within_every_budget(int seed, string profile, long bytes)
    {
        var folder = Directory.CreateTempSubdirectory("yagura-noise-").FullName;
        try
        {
            Simulator.Write(new() { Scenario = "none", Seed = (ulong)seed, Profile = profile, TargetBytes = bytes }, Path.Combine(folder, "logs"));
            var report = await Scan(new LocalObjects([Path.Combine(folder, "logs")]));
            Assert.True(report.Records.Sum(r => r.Analysed) > 5_000);
            Within(report, TimeSpan.FromDays(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Half an hour in which one person builds with Terraform, attacks and takes apart: more changes than a busy day has, so each budget must hold what it gave rise to.</summary>
    [Fact]
    public async Task A_recorded_session_of_building_and_attacking_stays_within_every_budget()
    {
        var report = await Scan(new LocalObjects([RealLogs.Path("cloudtrail-stratus-run/CloudTrail")]));
        Assert.Contains(report.Staged, rule => rule.Findings.Count > 0);
        Within(report, observed: null);
    }

    private static Task<ScanReport> Scan(ILogObjects place) => Scans.Run(place, Knowledge.Nothing, rules: Rules);

    /// <param name="observed">The findings are one of several like it in the time of the budget; null where the logs show all of it.</param>
    private void Within(ScanReport report, TimeSpan? observed)
    {
        var budgets = Rules.Rules.ToDictionary(rule => rule.Rule.Header.Id!, rule => rule.Rule.Header.Yagura.Budget!, StringComparer.Ordinal);
        foreach (var rule in report.Staged.Where(rule => rule.Findings.Count > 0))
        {
            var most = rule.Findings.GroupBy(finding => finding.AccountId, StringComparer.Ordinal).Max(account => account.Count());
            var budget = budgets[rule.Rule];
            var expected = observed is null ? most : most * (budget.Per / observed.Value);
            output.WriteLine($"{rule.Title}: {most} in one account, {expected:0} within the time of its budget of {budget}");
            Assert.True(expected <= budget.Findings, $"{rule.Title}: {expected:0} findings, over its budget of {budget}");
        }
    }
}
