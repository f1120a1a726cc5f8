using System.Text.Json;
using Yagura.Cli.Output;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Findings;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Reading;
using Yagura.Intel;
using Yagura.Simulation;

namespace Yagura.Cli.Docs;

/// <summary>One planted plan: a line of <c>expected.jsonl</c>.</summary>
/// <param name="Kind"><c>attack</c>, <c>twin</c> or <c>evasive</c>.</param>
/// <param name="Outcome">What must come of it: <c>found</c>, <c>quiet</c> or <c>blind</c>.</param>
internal sealed record PlantedPlan(
    string Kind, string Type, string Account, string Region, string Subject, string? Principal, long Count, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen,
    string Outcome, string Note)
{
    /// <summary>The id of the finding that this plan makes, or would make.</summary>
    public string FindingId => new FindingKey(Type, Account, Region, Subject, IsSequence ? Day : Principal ?? "").Id;

    // A sequence is told from others of the same actor by the day on which it began.
    private const string Day = "2026-09-01";

    private bool IsSequence => Type.StartsWith("AttackSequence:", StringComparison.Ordinal);
}

/// <summary>A simulated corpus, what was planted in it, and what a scan found.</summary>
internal sealed record PlantedAttacks(long Records, IReadOnlyList<(PlantedPlan Plan, Finding? Finding)> Plans, int Beyond)
{
    /// <summary>Small enough to run with every build, and with every scenario in it.</summary>
    public static readonly SimulationOptions Corpus = new() { Scenario = "all", Seed = 1, Profile = "small" };

    public static async Task<PlantedAttacks> Scan(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("yagura-docs-").FullName;
        try
        {
            var written = Simulator.Write(Corpus, folder, progress: null, cancel);
            var plans = File.ReadLines(Path.Combine(folder, Simulator.ExpectedFile))
                .Select(line => JsonSerializer.Deserialize(line, CliJson.Default.PlantedPlan)!).Where(plan => plan.Kind is not "corpus").ToList();
            var findings = (await Scan(folder, cancel)).ToDictionary(finding => finding.Id, StringComparer.Ordinal);
            var planned = plans.Select(plan => plan.FindingId).ToHashSet(StringComparer.Ordinal);
            return new(written.Records, [.. plans.Select(plan => (plan, findings.GetValueOrDefault(plan.FindingId)))], findings.Keys.Count(id => !planned.Contains(id)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Finding>> Scan(string folder, CancellationToken cancel)
    {
        var knowledge = Knowledge.Nothing with
        {
            Intel = IntelFolder.Load(Path.Combine(folder, Simulator.IntelFolder)).Snapshot,
            Inventory = Inventory.Parse(Files.Read(Path.Combine(folder, Simulator.InventoryFile))),
        };
        var options = new ScanOptions(knowledge, new ReadingOptions(null, null, null), _ => false, "docs", StateFolder: null, Math.Max(1, Environment.ProcessorCount));
        // The logs lie beside the lists, which are no logs.
        string[] logs = [Path.Combine(folder, "AWSLogs"), Path.Combine(folder, "S3AccessLogs")];
        return (await Engine.Scan.Run([new LocalObjects(logs)], options, progress: null, TimeProvider.System, cancel)).Findings;
    }
}
