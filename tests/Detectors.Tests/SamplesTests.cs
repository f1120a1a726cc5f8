using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Core.Ports;
using Yagura.Engine;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Detectors.Tests;

/// <summary>Every finding type's samples, read as a scan reads them with the lists in <c>intel/</c>.</summary>
/// <remarks>A sample with <c>NAME.findings.json</c> beside it is loud: the file holds the accepted findings of its folder's type. A sample without
/// must not yield that type. For a new loud sample make the file, empty, and accept with <c>UPDATE_SNAPSHOTS=1</c>.</remarks>
public sealed class SamplesTests
{
    private const string Accepted = ".findings.json";

    private static readonly string Detectors = Repository.Path("src/Detectors");
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    private static IEnumerable<string> Types { get; } = Catalog.ApiCalls.SelectMany(d => d.Types).Concat(Catalog.StatefulApiCalls.SelectMany(d => d.Types))
        .Concat(Catalog.Flows.SelectMany(d => d.Types)).Concat(Catalog.StatefulFlows.SelectMany(d => d.Types)).Concat(Catalog.DnsQueries.SelectMany(d => d.Types))
        .Concat(Catalog.StatefulDnsQueries.SelectMany(d => d.Types)).Concat(Catalog.Behaviour)
        .Select(type => type.Type.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public static TheoryData<string> AllTypes => [.. Types];

    public static TheoryData<string, string> AllSamples => [.. Types.SelectMany(type => SamplesOf(type).Select(file => (type, Path.GetFileName(file))))];

    [Theory, MemberData(nameof(AllTypes))]
    public void A_type_has_a_guide_and_samples_that_are_loud_and_quiet(string type)
    {
        var guide = Path.Combine(FolderOf(type), "guide.md");
        Assert.True(File.Exists(guide), $"{guide} is missing");
        Assert.Equal($"# {type}", File.ReadLines(guide).First());
        var (loud, quiet) = (SamplesOf(type).Where(IsLoud), SamplesOf(type).Where(file => !IsLoud(file)));
        Assert.NotEmpty(loud);
        Assert.NotEmpty(quiet);
        var text = File.ReadAllText(guide);
        Assert.All(SamplesOf(type), file => Assert.Contains(Path.GetFileName(file), text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_guide_belongs_to_a_type_of_the_catalog() =>
        Assert.Equal(
            Types.Concat(Catalog.Health.Select(type => type.Type.Name)).Select(FolderOf).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Detectors, "guide.md", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(AllSamples))]
    public async Task A_sample_yields_what_was_accepted(string type, string sample)
    {
        var file = Path.Combine(FolderOf(type), "samples", sample);
        var unusable = new List<QuarantinedRecord>();
        var options = new ScanOptions(ApiCalls.Lists, new ReadingOptions(null, null, null), _ => false, "samples", StateFolder: null, Readers: 1) { Quarantine = unusable.Add };
        var report = await Scan.Run([new OneFile(file)], options, progress: null, new Fixed(Now), TestContext.Current.CancellationToken);

        Assert.Empty(unusable);
        Assert.Empty(report.Failures);
        Assert.Empty(report.DetectorFailures);
        var findings = report.Findings.Where(f => f.Type.Name == type).Select(WithoutVersions).ToList();
        if (IsLoud(file))
        {
            Assert.NotEmpty(findings);
            Assert.All(findings.Where(IsByAmount), AssertExplained);
            Snapshot.MatchFile(AcceptedOf(file), Print(findings));
        }
        else Assert.Empty(findings);
    }

    private static bool IsByAmount(Finding finding) => FindingTypeCatalog.TryGet(finding.Type.Name, out var entry) && entry.Method is DetectionMethod.Volume or DetectionMethod.Anomaly;

    /// <summary>What is decided by an amount says which, from which on it is told, and what would make it quiet.</summary>
    private static void AssertExplained(Finding finding)
    {
        var anomaly = finding.Explanation.Anomaly;
        Assert.NotNull(anomaly);
        Assert.True(anomaly.Score >= anomaly.Threshold);
        Assert.Equal(anomaly.Score, anomaly.Parts.Sum(part => part.Score), precision: 6);
        Assert.All(anomaly.Parts, part => Assert.True(part.Feature.Length > 0 && part.Seen.Length > 0));
        Assert.NotEmpty(anomaly.Quiet);
    }

    private static string FolderOf(string type) => Path.Combine(Detectors, type.Replace(':', '/'));

    private static IEnumerable<string> SamplesOf(string type) =>
        Directory.Exists(Path.Combine(FolderOf(type), "samples"))
            ? Directory.EnumerateFiles(Path.Combine(FolderOf(type), "samples")).Where(file => !IsFindings(file)).Order(StringComparer.Ordinal)
            : [];

    private static bool IsFindings(string file) => file.EndsWith(Accepted, StringComparison.Ordinal) || file.EndsWith(".findings.received.json", StringComparison.Ordinal);

    private static string AcceptedOf(string file) => Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file) + Accepted);

    private static bool IsLoud(string file) => File.Exists(AcceptedOf(file));

    // The version of the program and the hash over all lists change for reasons that are not the sample's.
    private static Finding WithoutVersions(Finding finding) => finding with { Explanation = finding.Explanation with { Version = "0", Intelligence = finding.Explanation.Intelligence is null ? null : "" } };

    private static string Print(IEnumerable<Finding> findings) =>
        new JsonArray([.. findings.Select(f => JsonNode.Parse(FindingJson.ToJson(f)))]).ToJsonString(new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });

    /// <summary>One file, named without its folder, so that the findings are the same on every machine.</summary>
    private sealed class OneFile(string path) : ILogObjects
    {
        public async IAsyncEnumerable<LogObjectReference> List([EnumeratorCancellation] CancellationToken cancel = default)
        {
            await Task.CompletedTask;
            yield return new LogObjectReference(Path.GetFileName(path), new FileInfo(path).Length, Version: null, LastModified: null);
        }

        public Task<Stream> Open(LogObjectReference reference, CancellationToken cancel = default) => Task.FromResult<Stream>(File.OpenRead(path));
    }

    private sealed class Fixed(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
