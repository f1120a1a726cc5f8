using System.Security.Cryptography;
using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Findings;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Reading;
using Yagura.Intel;
using Yagura.Simulation;

namespace Yagura.Scenarios.Tests;

/// <summary>A line of <c>expected.jsonl</c> about one plan.</summary>
public sealed record Plan(
    string Kind, string Type, string Account, string Region, string Subject, string? Principal, long Count, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen,
    string Outcome, string Note)
{
    /// <summary>The id of the finding that this plan makes, or would make; sequences are told apart by the day on which they begin, and a corpus has one day.</summary>
    public string FindingId => new FindingKey(Type, Account, Region, Subject, Type.StartsWith("AttackSequence:", StringComparison.Ordinal) ? "2026-09-01" : Principal ?? "").Id;
}

/// <summary>A line of <c>expected.jsonl</c> about one kind of log; objects that were delivered twice count twice.</summary>
public sealed record LogCount(string Log, long Objects, long DuplicateObjects, long Records, long Corrupt);

/// <summary>A simulated corpus and what a scan of it says; its folder is removed at once.</summary>
public sealed record SimulatedCorpus(
    IReadOnlyList<Plan> Plans, IReadOnlyList<LogCount> Counts, Knowledge Knowledge, ScanReport Report, IReadOnlyList<QuarantinedRecord> Unusable, ScanReport Copies)
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    public IReadOnlyDictionary<string, Finding> Findings { get; } = Report.Findings.ToDictionary(f => f.Id, StringComparer.Ordinal);

    public static async Task<SimulatedCorpus> Make(SimulationOptions options)
    {
        var folder = Path.Combine(Path.GetTempPath(), "yagura-scenarios-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));
        try
        {
            Simulator.Write(options, folder);
            var expected = File.ReadLines(Path.Combine(folder, Simulator.ExpectedFile)).ToLookup(line => line.StartsWith("""{"kind":"corpus",""", StringComparison.Ordinal));
            var inventory = Detectors.Inventory.Parse(File.ReadAllBytes(Path.Combine(folder, Simulator.InventoryFile)));
            var knowledge = Knowledge.Nothing with { Intel = IntelFolder.Load(Path.Combine(folder, Simulator.IntelFolder)).Snapshot, Inventory = inventory };
            string[] logs = [.. new[] { "AWSLogs", "S3AccessLogs" }.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)];
            var unusable = new List<QuarantinedRecord>();
            var report = await Scans.Run(new LocalObjects(logs), knowledge, unusable);
            // What the engine applied once, counted by itself: the copies of objects that were delivered twice.
            var copies = await Scans.Run(new LocalObjects([.. SecondCopies(logs)]), knowledge);
            return new(
                [.. expected[false].Select(line => JsonSerializer.Deserialize<Plan>(line, Camel)!)],
                [.. expected[true].Select(line => JsonSerializer.Deserialize<LogCount>(line, Camel)!)], knowledge, report, unusable, copies);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> SecondCopies(string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .GroupBy(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))), StringComparer.Ordinal)
        .SelectMany(copies => copies.Skip(1));
}
