using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>What baselines show in a month without anything to tune them to, and that it does not depend on how the logs come.</summary>
public sealed class SimulatedMonthTests
{
    private static async Task<IReadOnlyList<Finding>> Find(IReadOnlyList<(string Name, byte[] Bytes)> objects, string? state = null)
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", state, Readers: 2) { ObjectsPerSnapshot = 400 };
        var report = await Scan.Run([new MemoryObjects(objects)], options, null, TimeProvider.System, CancellationToken.None);
        Assert.Empty(report.DetectorFailures);
        Assert.Empty(report.Forgotten);
        return report.Findings;
    }

    private static string[] Json(IEnumerable<Finding> findings) => [.. findings.Select(finding => FindingJson.ToJson(finding with { CreatedAt = default, UpdatedAt = default }))];

    [Fact]
    public async Task Every_planted_family_is_found_the_noise_keeps_to_its_budget_and_order_cuts_and_repeats_make_no_difference()
    {
        var month = new SimulatedMonth(seed: 7);
        var findings = await Find(month.Objects);

        bool IsOf(Finding finding, SimulatedMonth.Planted attack) =>
            finding.Type.Name == attack.Type && finding.AccountId == attack.Account && finding.Explanation.Anomaly?.History?.Entity == attack.Principal;
        Assert.Equal(SimulatedMonth.Kinds.Count, month.Attacks.Count);
        Assert.All(month.Attacks, attack => Assert.Contains(findings, finding => IsOf(finding, attack) && finding.Explanation.Evidence.Any(record => record.Time.DayOfYear == SimulatedMonth.DateOf(attack.Day).DayOfYear)));

        // Attacked accounts are left out whole: their findings beside the attack may be its consequence.
        var noise = findings.Where(finding => finding.Severity >= 4 && !month.Attacks.Any(attack => finding.AccountId == attack.Account)).ToList();
        var days = (SimulatedMonth.Accounts - month.Attacks.DistinctBy(attack => attack.Account, StringComparer.Ordinal).Count()) * SimulatedMonth.Days;
        TestContext.Current.TestOutputHelper?.WriteLine($"{noise.Count} findings of Medium or more in {days} days of accounts without an attack");
        Assert.All(noise.GroupBy(finding => finding.AccountId, StringComparer.Ordinal), account => Assert.InRange(account.Count(), 0, SimulatedMonth.Days));
        Assert.InRange(noise.Count, 0, days / 10);
        Assert.All(findings, AssertExplained);

        var expected = Json(findings);
        var shuffled = month.Objects.ToArray();
        new Random(3).Shuffle(shuffled);
        Assert.Equal(expected, Json(await Find([.. shuffled, .. shuffled.Take(300).Select(o => ($"again/{o.Name}", o.Bytes))])));

        var folder = Directory.CreateTempSubdirectory("yagura-state-").FullName;
        try
        {
            // By time, as logs come; each run begins with the last objects of the one before.
            var byTime = month.Objects.OrderBy(o => o.Name[3..], StringComparer.Ordinal).ToList();
            var third = byTime.Count / 3;
            await Find(byTime[..third], folder);
            await Find(byTime[(third - 40)..(2 * third)], folder);
            Assert.Equal(expected, Json(await Find(byTime[(2 * third - 40)..], folder)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An explanation is complete when it says what was seen, what it was compared with, how the score adds up and what would make it quiet.</summary>
    internal static void AssertExplained(Finding finding)
    {
        var anomaly = finding.Explanation.Anomaly;
        Assert.NotNull(anomaly);
        Assert.NotEmpty(finding.Explanation.Why);
        Assert.InRange(finding.Explanation.Evidence.Count, 1, FindingState.MostEvidence);
        Assert.All(finding.Explanation.Evidence, record => Assert.True(record.Object.Length > 0 && record.Record > 0 && record.Summary.Length > 0));
        Assert.True(anomaly.Score >= anomaly.Threshold);
        Assert.Equal(anomaly.Score, anomaly.Parts.Sum(part => part.Score), precision: 6);
        Assert.All(anomaly.Parts, part => Assert.True(part.Feature.Length > 0 && part.Seen.Length > 0));
        Assert.Contains(anomaly.Parts, part => part.Compared.Count > 0);
        Assert.All(anomaly.Parts.SelectMany(part => part.Compared), compared => Assert.True(compared.Whom.Length > 0 && compared.Days >= 0 && (compared.DaysSeen is null or 0) == compared.FirstSeen is null));
        Assert.NotEmpty(anomaly.History!.Entity);
        Assert.NotEmpty(anomaly.Quiet);
    }
}
