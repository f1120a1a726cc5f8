using System.Globalization;
using System.Text;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>Weeks of an instance, an object for each day: the same findings in any order, in several runs and with repetitions.</summary>
public sealed class HabitsInScanTests
{
    private static readonly string[] Samples =
    [
        "Backdoor/EC2/Spambot/samples/first-mail-after-weeks.log", "Behavior/EC2/NetworkPortUnusual/samples/miner-pool.log",
        "Behavior/EC2/TrafficVolumeUnusual/samples/archive-leaves.log", "Behavior/EC2/TrafficVolumeUnusual/samples/nightly-backup.log",
    ];

    [Fact]
    public async Task The_order_of_days_runs_and_repetitions_changes_nothing()
    {
        var days = Samples.SelectMany(Days).ToList();
        var expected = await Find(days);
        Assert.Equal(3, expected.Length);
        for (var seed = 1; seed <= 5; seed++)
        {
            var shuffled = days.OrderBy(day => HashCode(day.Name, seed)).ToList();
            Assert.Equal(expected, await Find(shuffled));
            var folder = Directory.CreateTempSubdirectory("yagura-habits-").FullName;
            try
            {
                var third = shuffled.Count / 3;
                await Find(shuffled[..third], folder);
                await Find(shuffled[..(2 * third)], folder);
                Assert.Equal(expected, await Find(shuffled[(third / 2)..], folder));
                Assert.Equal(expected, await Find([], folder));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>The lines of each day as an object, of another interface for each sample.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Days(string sample, int number)
    {
        var lines = File.ReadAllLines(Repository.Path("src/Detectors/" + sample));
        return lines[1..].Select(line => line.Replace("eni-0c0d0e0f1a2b3c4d5", $"eni-0c0d0e0f1a2b3c4d{number}", StringComparison.Ordinal))
            .GroupBy(line => long.Parse(line.Split(' ')[10], CultureInfo.InvariantCulture) / 86_400)
            .Select(day => ($"{number}-{day.Key}.log", Encoding.UTF8.GetBytes(string.Join('\n', [lines[0], .. day, ""]))));
    }

    private static int HashCode(string name, int seed) => Encoding.UTF8.GetBytes(name).Aggregate(seed, (hash, letter) => unchecked(hash * 16_777_619 ^ letter));

    // Lines are numbered within their object, and the objects are the same, so that whole findings can be compared.
    private static async Task<string[]> Find(IReadOnlyList<(string, byte[])> days, string? folder = null)
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", folder, Readers: 2) { ObjectsPerSnapshot = 7 };
        var report = await Scan.Run([new MemoryObjects(days)], options, null, new FixedTime(), CancellationToken.None);
        Assert.Empty(report.DetectorFailures);
        return [.. report.Findings.Select(finding => FindingJson.ToJson(finding) + string.Join(',', finding.Explanation.Anomaly!.Parts.SelectMany(part => part.Compared)))];
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 9, 2, 0, 0, 0, TimeSpan.Zero);
    }
}
