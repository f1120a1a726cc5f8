using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

public sealed class BehaviourSessionTests
{
    private static async Task<IReadOnlyList<Finding>> Find(IReadOnlyList<(string Name, byte[] Bytes)> objects)
    {
        var options = new ScanOptions(Knowledge.Nothing, new ReadingOptions(null, null, null), _ => false, "test", null, Readers: 2);
        return (await Scan.Run([new MemoryObjects(objects)], options, null, TimeProvider.System, CancellationToken.None)).Findings;
    }

    [Theory]
    [InlineData(14)]
    [InlineData(0)]
    public async Task Explore(int days)
    {
        var session = CloudTrailFiles.AnonymousAttackSession();
        var findings = await Find([.. QuietDays.Before(session, CloudTrailFiles.AttackSession(), days), ("attack", CloudTrailFiles.File(session))]);
        using var writer = new StreamWriter($"/tmp/w/explore-{days}.txt");
        foreach (var f in findings)
        {
            writer.WriteLine($"== {f.Type.Name} sev {f.Severity} count {f.Service.Count} {f.Resource.AccessKeyDetails?.UserName} {f.Service.EventFirstSeen:dd HH:mm:ss}..{f.Service.EventLastSeen:dd HH:mm:ss}\n   {f.Explanation.Why}");
            foreach (var p in f.Explanation.Anomaly?.Parts ?? []) writer.WriteLine($"      {p.Score:0.0} {p.Feature}: {p.Seen} | {string.Join("; ", p.Compared.Select(c => $"{c.Level} {c.DaysSeen}/{c.Days}"))}");
            foreach (var e in f.Explanation.Evidence) writer.WriteLine($"      {e.Time:dd HH:mm:ss} {e.Summary}");
        }
    }
}
