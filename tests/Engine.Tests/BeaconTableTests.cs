using System.Globalization;
using System.Text;
using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>The table of beacons through whole scans: order, cuts and repetition of the logs do not matter, and neither does dying at any byte.</summary>
public sealed class BeaconTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 3, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A beacon out, one in, and a hundred clients that come once: a day of one interface.</summary>
    private static string[] Lines { get; } =
    [
        .. Enumerable.Range(0, 280).Select(i => Line("10.0.0.5", "203.0.113.66", 33_000 + i, 443, 900, 300 * i + 37 * i % 50)),
        .. Enumerable.Range(0, 19).Select(i => Line("198.51.100.44", "10.0.0.5", 34_000 + i, 80, 512, 4_000 * i + i * i % 60)),
        .. Enumerable.Range(0, 100).Select(i => Line($"192.0.2.{i}", "10.0.0.5", 35_000 + i, 80, 400 + i, 800 * i)),
    ];

    private static string Line(string source, string destination, int sourcePort, int port, int bytes, int second) => string.Create(CultureInfo.InvariantCulture,
        $"2 111122223333 eni-0a1b2c3d4e5f60718 {source} {destination} {sourcePort} {port} 6 6 {bytes} {1_772_323_200 + second} {1_772_323_212 + second} ACCEPT OK");

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private static async Task<string[]> Find(IReadOnlyList<(string Name, byte[] Bytes)> objects, string? folder = null, int objectsPerSnapshot = 1_000)
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", folder, Readers: 2) { ObjectsPerSnapshot = objectsPerSnapshot };
        var report = await Scan.Run([new MemoryObjects(objects)], options, null, new FixedTime(), CancellationToken.None);
        Assert.Empty(report.DetectorFailures);
        return [.. report.Findings.Select(f => FindingJson.ToJson(f with { Explanation = f.Explanation with { Evidence = [.. f.Explanation.Evidence.Select(e => e with { Object = "", Record = 0 })] } }))];
    }

    [Fact]
    public async Task Order_cuts_and_repetition_do_not_change_the_findings()
    {
        var expected = await Find([("all", Bytes(Lines))]);
        Assert.Contains("Yagura:EC2/Beaconing", Assert.Single(expected), StringComparison.Ordinal);
        await Gen.Select(Gen.Shuffle(Lines), Gen.Int[1, 30], Gen.Int[0, 5]).SampleAsync(async (shuffled, pieces, repeats) =>
        {
            var files = shuffled.Chunk(Lines.Length / pieces + 1).Select(Bytes).ToList();
            files.AddRange(files.Take(repeats).ToList());
            files.Add(Bytes(shuffled.Skip(10).Take(200)));
            Assert.Equal(expected, await Find([.. files.Select((bytes, i) => ($"{i:00}", bytes))]));
        }, iter: 12, threads: 1);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(5)]
    public async Task A_scan_that_was_killed_at_any_byte_goes_on_to_the_same_findings(int objectsPerSnapshot)
    {
        var objects = Lines.Chunk(25).Select((chunk, i) => ($"{i:00}", Bytes(chunk))).ToList();
        var expected = await Find(objects);
        var folder = Directory.CreateTempSubdirectory("yagura-state-").FullName;
        try
        {
            Assert.Equal(expected, await Find(objects, folder, objectsPerSnapshot));
            Assert.Equal(expected, await Find([], folder, objectsPerSnapshot));
            var journal = Directory.EnumerateFiles(folder, "journal-*.jsonl").Single();
            var whole = File.ReadAllBytes(journal);
            for (var cut = 0; cut < whole.Length; cut += Math.Max(1, whole.Length / 23))
            {
                if (!File.Exists(journal)) break; // a snapshot took its place
                File.WriteAllBytes(journal, whole[..cut]);
                Assert.Equal(expected, await Find(objects, folder, objectsPerSnapshot));
            }
            Assert.Equal(expected, await Find([], folder, objectsPerSnapshot));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
