using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Engine.Ledger.Digests;

namespace Yagura.Engine.Health;

/// <summary>What is known of the collection of logs at one moment.</summary>
/// <param name="Started">When collecting began: what was missed before is not held against a stream.</param>
/// <param name="Hours">Of the last <see cref="LogGaps.Window"/> hours at least.</param>
/// <param name="Missing">Objects that are missing.</param>
/// <param name="Digests">Reports with problems.</param>
public sealed record HealthView(
    DateTimeOffset Now, DateTimeOffset Started, IReadOnlyList<LedgerStream> Streams, IReadOnlyList<LedgerHour> Hours, IReadOnlyList<LedgerEntry> Missing,
    IReadOnlyList<(string Name, SourceStatus Status)> Sources, IReadOnlyList<DigestReport> Digests);

/// <summary>Tells what keeps Yagura from seeing what it should. Pure: the same view, the same problems.</summary>
public static class HealthCheck
{
    /// <summary>Shortest silence, shortest trouble of a source, that is told.</summary>
    public static readonly TimeSpan ShortestSilence = TimeSpan.FromMinutes(15);

    /// <summary>A silence is told when it is this many times the longest usual pause.</summary>
    public const double SilenceFactor = 2;

    /// <summary>Shortest lag that is told.</summary>
    public static readonly TimeSpan ShortestLag = TimeSpan.FromMinutes(10);

    /// <summary>A lag is told when it is this many times the usual one.</summary>
    public const double LagFactor = 4;

    /// <summary>How long an object that was announced may take to come.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private static readonly TimeSpan QuarantineWindow = TimeSpan.FromHours(24);

    public static IReadOnlyList<HealthProblem> Judge(HealthView view) =>
        [.. Troubled(view), .. Silent(view), .. Missing(view), .. Gaps(view), .. Lagging(view), .. Quarantined(view), .. Digests(view)];

    private static IEnumerable<HealthProblem> Troubled(HealthView view) =>
        from source in view.Sources
        where source.Status is { Problem: not null, Since: { } since } && view.Now - since >= ShortestSilence
        select new HealthProblem(
            HealthTypes.LogsStopped, Severity.Medium, new(source.Name, "", "", ""), source.Name, source.Status.Since!.Value, 1,
            $"nothing can be read from {source.Name} for {InWords(view.Now - source.Status.Since!.Value)}: {source.Status.Problem}", []);

    private static IEnumerable<HealthProblem> Silent(HealthView view)
    {
        var troubled = view.Sources.Where(source => source.Status.Problem is not null).Select(source => source.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var stream in view.Streams.Where(stream => !troubled.Contains(stream.Stream.Source))) // what a source cannot read has not stopped
        {
            var since = stream.LastWritten > view.Started ? stream.LastWritten : view.Started;
            if (stream.Rhythm.LongestUsual is not { } usual || view.Now - since <= Longer(ShortestSilence, usual * SilenceFactor)) continue;
            yield return new(
                HealthTypes.LogsStopped, stream.Stream.LogType == "CloudTrail" ? Severity.High : Severity.Medium, stream.Stream, NameOf(stream.Stream), stream.LastWritten, 1,
                $"nothing has come for {InWords(view.Now - stream.LastWritten)}; of {stream.Rhythm.Pauses} pauses this stream makes one longer than {InWords(usual)} less than once a week", []);
        }
    }

    private static IEnumerable<HealthProblem> Missing(HealthView view) =>
        from missing in view.Missing
        where view.Now - missing.Changed >= Grace
        group missing by missing.Stream into stream
        let names = stream.Select(missing => missing.Name).Order(StringComparer.Ordinal).ToList()
        select new HealthProblem(
            HealthTypes.LogsMissing, Severity.Medium, stream.Key, NameOf(stream.Key), stream.Min(missing => missing.Hour), names.Count,
            $"{names.Count} objects that should be there cannot be had: {stream.OrderBy(missing => missing.Name, StringComparer.Ordinal).First().Reason}", [.. names.Take(HealthProblem.MostObjects)]);

    private static IEnumerable<HealthProblem> Gaps(HealthView view) =>
        from hours in view.Hours.Where(hour => hour.Objects[(int)LedgerState.Applied] + hour.Objects[(int)LedgerState.Late] + hour.Objects[(int)LedgerState.Duplicate] > 0).GroupBy(hour => hour.Stream)
        let gaps = LogGaps.Find(hours.Select(hour => hour.Hour), view.Now)
        where gaps.Count > 0
        select new HealthProblem(
            HealthTypes.LogsMissing, Severity.Medium, hours.Key, $"{NameOf(hours.Key)}\nhours", gaps[0], gaps.Count,
            $"{gaps.Count} hours without logs, the first {gaps[0].ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture)}, in a stream that has some in nearly every hour", []);

    private static IEnumerable<HealthProblem> Lagging(HealthView view) =>
        from stream in view.Streams
        where stream.LastWritten > view.Started && stream.Lag > Longer(ShortestLag, stream.UsualLag * LagFactor)
        select new HealthProblem(
            HealthTypes.LagRising, Severity.Low, stream.Stream, NameOf(stream.Stream), stream.LastWritten, 1,
            $"objects wait {InWords(stream.Lag)} before they are read; usual are {InWords(stream.UsualLag)}", []);

    private static IEnumerable<HealthProblem> Quarantined(HealthView view) =>
        from hour in view.Hours
        where view.Now - hour.Hour < QuarantineWindow && hour.Objects[(int)LedgerState.Quarantined] + hour.Records.Quarantined > 0
        group hour by hour.Stream into stream
        let objects = stream.Sum(hour => hour.Objects[(int)LedgerState.Quarantined])
        let records = stream.Sum(hour => hour.Records.Quarantined)
        select new HealthProblem(
            HealthTypes.Quarantine, Severity.Low, stream.Key, NameOf(stream.Key), stream.Min(hour => hour.Hour), objects + records,
            $"{objects} objects and {records} records of the last day could not be used", []);

    private static IEnumerable<HealthProblem> Digests(HealthView view) =>
        from report in view.Digests
        where report.Problems.Count > 0
        let name = Core.Collection.DeliveredName.Of(report.Name)
        group (report, name) by new StreamKey("", name.Account, name.Region, "CloudTrail") into trail
        let problems = trail.SelectMany(one => one.report.Problems).ToList()
        select new HealthProblem(
            HealthTypes.DigestFailed, Severity.High, trail.Key, NameOf(trail.Key), trail.Min(one => one.name.Time ?? view.Now), problems.Count,
            problems.Count == 1 ? problems[0].Reason : $"{problems.Count} problems, the first: {problems[0].Reason}",
            [.. problems.Select(problem => problem.Object).Distinct(StringComparer.Ordinal).Take(HealthProblem.MostObjects)]);

    private static string NameOf(StreamKey stream) =>
        string.Join(' ', new[] { stream.LogType, stream.Account, stream.Region, stream.Source }.Where(part => part.Length > 0));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} days"),
    };
}
