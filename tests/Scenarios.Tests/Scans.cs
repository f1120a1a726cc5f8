using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Detectors.Rules;
using Yagura.Engine;
using Yagura.Engine.Reading;
using Yagura.Intel;
using Yagura.Matching.Sigma;

namespace Yagura.Scenarios.Tests;

/// <summary>Whole scans, from stored bytes to findings.</summary>
internal static class Scans
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    /// <param name="unusable">Receives what could not be used, with the reason.</param>
    /// <param name="rules">Asked beside the detectors.</param>
    public static Task<ScanReport> Run(ILogObjects place, Knowledge knowledge, List<QuarantinedRecord>? unusable = null, SigmaRuleSet? rules = null)
    {
        var options = new ScanOptions(knowledge, new ReadingOptions(null, null, null), _ => false, "scenarios", StateFolder: null, Readers: 2)
        {
            Quarantine = record => unusable?.Add(record), Rules = rules ?? SigmaRuleSet.Empty,
            Detectors = rules is null ? DetectorSet.Default : DetectorSet.With(RuleDetectors.Of(rules)),
        };
        return Scan.Run([place], options, progress: null, new Fixed(Now), TestContext.Current.CancellationToken);
    }

    /// <summary>Knowledge of one threat list, named as a file in a folder would be.</summary>
    public static Knowledge Listing(string file, IEnumerable<string> entries)
    {
        var folder = Directory.CreateTempSubdirectory("yagura-intel-").FullName;
        try
        {
            File.WriteAllLines(Path.Combine(folder, file), entries);
            return Knowledge.Nothing with { Intel = IntelFolder.Load(folder, new Fixed(Now)).Snapshot };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Fixed(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
