using System.IO.Compression;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Intel;
using Yagura.Logs;
using Yagura.Matching;
using Yagura.Matching.Conditions;
using Yagura.Matching.Criteria;
using Yagura.Matching.Criteria.Sql;
using Yagura.Matching.EventBridge;
using Yagura.Simulation;
using Yagura.Tests;

namespace Yagura.Fuzz.Tests;

/// <summary>Something that reads what strangers wrote.</summary>
/// <param name="Read">Throws for a bug; refusing bad input in the way the reader says is none.</param>
internal sealed record Target(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[], CancellationToken> Read)
{
    private const int LargestSeed = 16 << 10;

    /// <summary>Most time for one input of at most <see cref="Mutator.LargestInput"/> bytes; a good one takes well under a hundredth.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Every reader, with good input of our own making to start from.</summary>
    public static IReadOnlyList<Target> All { get; } = Create();

    private static List<Target> Create()
    {
        var folder = Path.Combine(Path.GetTempPath(), "yagura-fuzz-" + Guid.NewGuid().ToString("N"));
        try
        {
            Simulator.Write(new SimulationOptions { Seed = 31, TargetBytes = 400_000 }, folder);
            var intel = IntelFolder.Load(Path.Combine(folder, Simulator.IntelFolder)).Snapshot;
            var inventory = Inventory.Parse(File.ReadAllBytes(Path.Combine(folder, Simulator.InventoryFile)));
            var knowledge = new Knowledge(intel, inventory, new HashSet<string>(StringComparer.Ordinal) { "111122223333" });

            byte[][] Stored(string part) =>
                [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => f.Contains(part, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(40).Select(File.ReadAllBytes)];
            var samples = Directory.EnumerateFiles(Repository.Path("src/Detectors"), "*", SearchOption.AllDirectories)
                .Where(f => f.Contains("/samples/", StringComparison.Ordinal) && !f.EndsWith(".findings.json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
            var lists = Stored("/intel/").Select(Cut).ToArray();
            return
            [
                Log("cloudtrail", Stored("/CloudTrail/").Select(Expand), knowledge),
                Log("resolver", Stored("/vpcdnsquerylogs/").Select(Expand), knowledge),
                Log("flow", Stored("/vpcflowlogs/").Select(Expand), knowledge),
                Log("s3-access", Stored("S3AccessLogs/").Select(Expand), knowledge),
                Log("samples", samples, knowledge),
                Log("envelopes", Written.Envelopes, knowledge),
                // The library is left to itself for as long as the reader has patience with it.
                Log("parquet", [Written.Parquet()], knowledge) with { Patience = LogLimits.ParquetPatience + TimeSpan.FromSeconds(5) },
                Log("compressed", Stored("AWSLogs/"), knowledge),
                .. Enum.GetValues<ListFormat>().Select(format => new Target("list-" + format.Name(), [.. Written.Lists, .. lists],
                    (input, _) => ThreatListReader.Read("list", ThreatCategory.Malicious, input, format))),
                new("list", [.. Written.Lists, .. lists], (input, _) => ThreatListReader.Read("list", ThreatCategory.Malicious, input)),
                new("location-csv", [Written.Locations], (input, _) => OriginCsv.Parse(input)),
                new("aws-ranges", [.. Stored("ip-ranges.json")], (input, _) => AwsRanges.TryParse(input, out string _)),
                new("public-suffixes", [Written.Suffixes], (input, _) => PublicSuffixList.Parse(input).RegistrableDomain("a.b.example")),
                new("criteria", Written.Criteria, (input, _) =>
                {
                    if (!FindingCriteria.TryParse(input, out var criteria, out IReadOnlyList<string> _)) return;
                    Ask(criteria.Matches);
                    foreach (var dialect in (SqlDialect[])[SqlDialect.Sqlite, SqlDialect.Postgres]) CriteriaSql.Render(criteria, dialect, "json", new Dictionary<string, SqlColumn>(StringComparer.Ordinal));
                }),
                new("event-pattern", Written.Patterns, (input, _) =>
                {
                    if (EventPattern.TryParse(input, out var condition, out var error)) Match(condition, Written.Events);
                    else if (error.Reason.Length == 0 || error.Line < 1 || error.Column < 1) throw new InvalidOperationException("a pattern is refused without reason or place");
                }),
                new("matched-event", Written.Events, (input, _) => Match(null, [input])),
                new("suppressions", Written.Suppressions, (input, _) =>
                {
                    if (SuppressionFile.TryParse(input, out var file, out IReadOnlyList<string> _)) Ask(finding => file.RuleFor(finding, DateTimeOffset.UnixEpoch) is not null);
                }),
                new("inventory", [.. Stored(Simulator.InventoryFile).Select(Cut), .. Written.Inventories], (input, _) => ReadInventory(input)),
            ];
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A log object through the engine's reader with every detector on; a detector that fails is a bug too.</summary>
    private static Target Log(string name, IEnumerable<byte[]> seeds, Knowledge knowledge) => new(name, [.. seeds.Select(Cut)], (input, cancel) =>
    {
        var reader = new ObjectReader(DetectorSet.Default, knowledge, new ReadingOptions(null, null, null));
        var result = reader.Read(new LogObjectReference("AWSLogs/111122223333/x/eu-west-1/object", input.Length, null, null), new MemoryStream(input), cancel);
        if (result.Failures.FirstOrDefault(one => one.IsBug) is { } failure) throw new InvalidOperationException($"{failure.Detector}: {failure.Message}");
        if (result.Quarantined.Any(record => record.Reason.Length == 0)) throw new InvalidOperationException("a record is quarantined without a reason");
    });

    /// <summary>Matches events against a condition, or against all the good patterns and some questions that only Sigma asks.</summary>
    private static void Match(Condition? condition, IReadOnlyList<byte[]> events)
    {
        var matcher = new Matcher<int>();
        if (condition is not null) matcher.Add(0, condition);
        else
        {
            foreach (var pattern in Written.Patterns) matcher.Add(matcher.Count, EventPattern.TryParse(pattern, out var good, out var error) ? good : throw new InvalidOperationException(error.ToString()));
            matcher.Add(-1, new Field(null, new Test.Wildcard(["", "a", ""], IgnoreCase: true)));
            matcher.Add(-2, new Field("detail.a", new Test.Pattern("^(a+)+$")));
            matcher.Add(-3, new Consistent(new All([new Field("detail.tags.key", new Test.SameAs("detail.tags.value", Comparison.Contains, true))])));
        }
        var buffer = new MatchBuffer();
        foreach (var json in events)
        {
            var hits = new List<int>();
            if (matcher.Match(json, buffer, hits) is not (EventFault.None or EventFault.TooManySteps) && hits.Count > 0) throw new InvalidOperationException("an event at fault hits rules");
        }
    }

    private static void Ask(Func<Core.Findings.Finding, bool> question)
    {
        foreach (var finding in new[] { SampleFindings.ApiCall, SampleFindings.Connection, SampleFindings.Dns }) question(finding);
    }

    private static void ReadInventory(byte[] input)
    {
        try
        {
            Inventory.Parse(input);
        }
        catch (FormatException refused) when (refused.Message.Length > 0)
        {
            // How it refuses, with the place.
        }
    }

    private static byte[] Cut(byte[] seed) => seed.Length <= LargestSeed ? seed : seed[..LargestSeed];

    private static byte[] Expand(byte[] stored)
    {
        if (!stored.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return stored;
        using var content = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(stored), CompressionMode.Decompress)) gzip.CopyTo(content);
        return content.ToArray();
    }
}
