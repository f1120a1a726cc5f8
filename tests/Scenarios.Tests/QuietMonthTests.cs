using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Yagura.Detectors;
using Yagura.Simulation;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>A month of flows in which nothing happens.</summary>
/// <remarks>A simulated corpus covers a day. Thirty with other traffic, moved to days of their own, are a month of the same accounts: instances keep
/// their private addresses whatever the seed, and here get their interfaces by these.</remarks>
public sealed class QuietMonthTests
{
    private const int Days = 30;

    [Fact]
    public async Task A_month_of_ordinary_flows_is_quiet()
    {
        var objects = Enumerable.Range(0, Days).SelectMany(Day).ToList();
        var report = await Scans.Run(new MemoryObjects(objects), Knowledge.Nothing);
        Assert.InRange(report.Records.Sum(counts => counts.Analysed), 200_000, 400_000);
        Assert.Empty(report.DetectorFailures);
        Assert.Empty(report.Findings);
    }

    private static IEnumerable<(string, byte[])> Day(int day)
    {
        var folder = Path.Combine(Path.GetTempPath(), "yagura-month-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));
        try
        {
            Simulator.Write(new() { Profile = "bench-flow", Scenario = "none", Seed = (ulong)day + 100, TargetBytes = 1_000_000 }, folder);
            var lines = Directory.EnumerateFiles(Path.Combine(folder, "AWSLogs"), "*.log.gz", SearchOption.AllDirectories).SelectMany(Lines).Select(line => line.Split(' ')).Where(line => line.Length == 14).ToList();
            var addresses = lines.Where(IsPrivate(3, 4)).Select(line => (Interface: line[2], Own: line[3])).Concat(lines.Where(IsPrivate(4, 3)).Select(line => (Interface: line[2], Own: line[4])))
                .Distinct().ToDictionary(known => known.Interface, known => known.Own, StringComparer.Ordinal);
            return [.. lines.Where(line => addresses.ContainsKey(line[2])).GroupBy(line => line[1]).Select(account => ($"{account.Key}-{day}.log", Encoding.UTF8.GetBytes(string.Concat(account.Select(Moved)))))];

            string Moved(string[] line)
            {
                line[2] = "eni-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line[1] + addresses[line[2]])))[..17];
                foreach (var time in new[] { 10, 11 }) line[time] = (long.Parse(line[time], CultureInfo.InvariantCulture) + day * 86_400).ToString(CultureInfo.InvariantCulture);
                return string.Join(' ', line) + "\n";
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Func<string[], bool> IsPrivate(int own, int other) => line =>
        line[own].StartsWith("10.", StringComparison.Ordinal) && !line[other].StartsWith("10.", StringComparison.Ordinal) && line[other] != "-" && line[13] == "OK";

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }
}
