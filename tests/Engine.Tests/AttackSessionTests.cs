using CsCheck;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>A recorded attack session: what must be found, what must not, and that order, cuts and repetition do not matter.</summary>
public sealed class AttackSessionTests
{
    private const string Exfiltration = "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS";

    private static readonly DateTimeOffset Now = new(2023, 7, 11, 0, 0, 0, TimeSpan.Zero);

    private static async Task<IReadOnlyList<Finding>> Find(IReadOnlyList<(string Name, byte[] Bytes)> objects, string? stateFolder = null)
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", stateFolder, Readers: 2);
        return (await Scan.Run([new MemoryObjects(objects)], options, null, new FixedTime(Now), CancellationToken.None)).Findings;
    }

    private static string[] Json(IReadOnlyList<Finding> findings, bool withObjects = true) =>
    [
        .. findings.Select(f => withObjects ? f : f with { Explanation = f.Explanation with { Evidence = [.. f.Explanation.Evidence.Select(e => e with { Object = "", Record = 0 })] } })
            .Select(FindingJson.ToJson),
    ];

    [Fact]
    public async Task Stolen_instance_credentials_are_found_once_with_both_addresses()
    {
        var findings = await Find([("all", CloudTrailFiles.File(CloudTrailFiles.AnonymousAttackSession()))]);
        var finding = Assert.Single(findings, f => f.Type.Name == Exfiltration);
        Assert.Equal("i-0dbc91f429e48eeed", finding.Resource.InstanceDetails?.InstanceId);
        Assert.Equal("192.168.10.20", Assert.IsType<AwsApiCallAction>(finding.Service.Action).RemoteIp?.Address.ToString());
        Assert.Equal(2, finding.Service.Count);
        Assert.Contains("192.168.10.20", finding.Explanation.Why, StringComparison.Ordinal);
        Assert.Contains("3.225.16.109", finding.Explanation.Why, StringComparison.Ordinal);
        Assert.Contains(finding.Explanation.Evidence, e => e.Summary.Contains("GetCallerIdentity from 192.168.10.20", StringComparison.Ordinal));
        Assert.Contains(finding.Explanation.Evidence, e => e.Summary.Contains("from 3.225.16.109", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_attempts_are_no_successes_and_the_rest_is_quiet()
    {
        var findings = await Find([("all", CloudTrailFiles.File(CloudTrailFiles.AnonymousAttackSession()))]);
        findings = [.. findings.Where(f => f.Explanation.Anomaly is null)]; // what is only unusual is judged in BehaviourSessionTests
        Assert.All(findings.Where(f => f.Service.Action is AwsApiCallAction), f => Assert.Null(((AwsApiCallAction)f.Service.Action!).ErrorCode));
        var trail = Assert.Single(findings, f => f.Type.Name == "Stealth:IAMUser/CloudTrailLoggingDisabled");
        Assert.Contains(trail.Explanation.Evidence, e => e.Summary.Contains("PutEventSelectors", StringComparison.Ordinal) && e.Time == new DateTimeOffset(2023, 7, 10, 12, 0, 8, TimeSpan.Zero));
        Assert.DoesNotContain(trail.Explanation.Evidence, e => e.Summary.Contains("NotFound", StringComparison.Ordinal) || e.Summary.Contains("StartLogging", StringComparison.Ordinal));
        Assert.InRange(findings.Count(f => f.Severity >= 4 && f.Type.Name != Exfiltration), 0, 2);
    }

    [Fact]
    public async Task Order_cuts_and_repetition_do_not_change_the_findings()
    {
        var records = CloudTrailFiles.AnonymousAttackSession();
        var expected = Json(await Find([("all", CloudTrailFiles.File(records))]), withObjects: false);
        Assert.NotEmpty(expected);
        await Gen.Select(Gen.Shuffle(records.ToArray()), Gen.Int[1, 12], Gen.Int[0, 5], Gen.Shuffle(Enumerable.Range(0, 40).ToArray())).SampleAsync(async (shuffled, pieces, repeats, order) =>
        {
            var files = shuffled.Chunk(records.Count / pieces + 1).Select(CloudTrailFiles.File).ToList();
            files.AddRange(files.Take(repeats).ToList());                                   // the same object again
            files.Add(CloudTrailFiles.File(shuffled.Skip(10).Take(300)));                   // the same records in another object
            var objects = files.Select((bytes, i) => ($"{order[i % order.Length]:00}-{i}", bytes)).OrderBy(o => o.Item1, StringComparer.Ordinal).ToList();
            Assert.Equal(expected, Json(await Find(objects), withObjects: false));
        }, iter: 12, threads: 1);
    }

    [Fact]
    public async Task A_scan_that_was_killed_at_any_byte_goes_on_to_the_same_findings()
    {
        var records = CloudTrailFiles.AnonymousAttackSession();
        var objects = records.Chunk(100).Select((chunk, i) => ($"{i:00}", CloudTrailFiles.File(chunk))).ToList();
        var expected = Json(await Find(objects));
        var folder = Directory.CreateTempSubdirectory("yagura-state-").FullName;
        try
        {
            Assert.Equal(expected, Json(await Find(objects, folder)));
            var journal = Path.Combine(folder, "journal-0.jsonl");
            var whole = File.ReadAllBytes(journal);
            for (var cut = 0; cut < whole.Length; cut += Math.Max(1, whole.Length / 23))
            {
                File.WriteAllBytes(journal, whole[..cut]);
                Assert.Equal(expected, Json(await Find(objects, folder)));
            }
            Assert.Equal(expected, Json(await Find([], folder)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
