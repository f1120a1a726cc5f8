using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Detectors.Signals;
using Yagura.Engine.Baselines;
using Yagura.Engine.Findings;
using Yagura.Matching.Sequences;
using Yagura.Matching.Sigma;

namespace Yagura.Engine.Sequences;

/// <summary>Makes the finding of an attack.</summary>
/// <param name="configuration">Hash of the settings that took part.</param>
internal sealed class SequenceBuilder(string configuration, string intelligence, TimeProvider time)
{
    /// <param name="repeats">The same way of attack by the same actor or on the same group, by time: one finding, as GuardDuty has it, which shows the newest.</param>
    public Finding Build(SequenceKind kind, string account, string group, IReadOnlyList<Episode> repeats)
    {
        FindingTypeCatalog.TryGet(kind.Type.Name, out var entry);
        var first = repeats[^1].Clues[0].Clue.Detection;
        var key = new FindingKey(kind.Type.Name, account, kind == SequenceKind.Instances ? first.Region : ApiCallFacts.HomeRegion(first.Region), group, DayOf(repeats));
        var (title, description) = FindingTypeCatalog.Describe(entry!, Values(key, group, repeats[^1]));
        return Build(key, Severity.Critical, title, description, repeats);
    }

    /// <param name="join">What the steps have in common.</param>
    public Finding Build(SequenceRule rule, string account, IReadOnlyList<string> join, IReadOnlyList<Episode> repeats)
    {
        var key = new FindingKey(
            rule.Type.Name, account, ApiCallFacts.HomeRegion(repeats[^1].Clues[0].Clue.Detection.Region), TextKey.Of(join), TextKey.Of([rule.Name, DayOf(repeats)]));
        return Build(key, rule.Severity, rule.Title, rule.Description, repeats);
    }

    // The day on which it began: more signals change nothing, and what begins on another day in another way is another attack.
    private static string DayOf(IReadOnlyList<Episode> repeats) => repeats[0].First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Finding Build(FindingKey key, Severity severity, string title, string description, IReadOnlyList<Episode> repeats)
    {
        var episode = repeats[^1];
        var parts = new SequenceParts(ActorOf(episode));
        var signals = episode.Clues.Select(one => Signal(one.Clue, one.Occurrences, parts)).ToList();
        var sequence = new AttackSequence(
            key.Id, Steps(episode), parts.Actors, parts.Resources(key.AccountId, key.Region), parts.Endpoints, Shown(signals), SequenceIndicators.Sum(signals.SelectMany(signal => signal.Indicators)));
        var last = repeats.Max(repeat => repeat.Steps.Max(step => step.Occurrence.Last));
        var now = time.GetUtcNow();
        return new(
            key.AccountId, key.Region, key.Id, new(key.Type), severity.ToValue(), title, description, new(ResourceType.AttackSequence),
            new(key.DetectorId, null, null, [], [], repeats[0].First, last, repeats.Count) { Sequence = sequence },
            now, now, new(Why(episode), Evidence(episode), CountIsEstimate: false, FindingBuilder.Version, configuration, intelligence.Length > 0 ? intelligence : null));
    }

    private static Signal Signal(Clue clue, IReadOnlyList<Occurrence> occurrences, SequenceParts parts)
    {
        var detection = clue.Detection;
        return new(
            clue.Uid, clue.Type, clue.Name, TextLimit.Cut(Text(clue, occurrences), AttackSequence.LongestSignalDescription), occurrences[0].First, occurrences.Max(one => one.Last),
            clue.Finding?.Severity, clue.Finding is null ? occurrences.Sum(one => one.Count) : clue.Count,
            parts.Resources(detection, clue.Finding?.Resource ?? detection.Resource), parts.Actor(detection) is { } actor ? [actor] : [], parts.Ends(detection.Action), SequenceIndicators.Of(clue));
    }

    // Where there is no room for all, the strong ones stay.
    private static IReadOnlyList<Signal> Shown(IReadOnlyList<Signal> signals) =>
        signals.Count <= AttackSequence.MostSignals ? signals
        : [.. signals.OrderByDescending(signal => signal.Severity ?? 0).Take(AttackSequence.MostSignals).OrderBy(signal => signal.FirstSeen).ThenBy(signal => signal.Uid, StringComparer.Ordinal)];

    /// <summary>The attack for a reader: a line each step, when, what for, what, who, from where. Where there is no room for all, calls that a finding names go first.</summary>
    private static string Steps(Episode episode)
    {
        static string Lines(IEnumerable<(Clue Clue, IReadOnlyList<Occurrence> Occurrences)> clues) =>
            string.Join('\n', clues.Select((one, at) => string.Create(CultureInfo.InvariantCulture, $"{at + 1}. {When(one.Occurrences)} {one.Clue.Label}: {Text(one.Clue, one.Occurrences)}")));
        var clues = episode.Clues;
        var all = Lines(clues);
        return all.Length <= AttackSequence.LongestDescription ? all : TextLimit.Cut(Lines(clues.Where(one => !clues.Any(other => Tells(other, one)))), AttackSequence.LongestDescription);
    }

    /// <summary>Whether a finding names calls that are a clue by themselves as well: a reader needs them once.</summary>
    private static bool Tells((Clue Clue, IReadOnlyList<Occurrence> Occurrences) finding, (Clue Clue, IReadOnlyList<Occurrence> Occurrences) calls) =>
        calls.Clue is { Finding: null, Step: null } && finding.Clue.Detection.Anomaly?.Profile is { } profile && finding.Clue.Detection.Principal == calls.Clue.Detection.Principal
        && profile.AnomalousApis.Any(api => calls.Clue.Name == SignalApis.Denied.Name ? Act.IsDenial(api.Outcome) : api.Api == calls.Clue.Name)
        && finding.Occurrences[0].First <= calls.Occurrences[0].First && finding.Occurrences.Max(one => one.Last) >= calls.Occurrences.Max(one => one.Last);

    private static string When(IReadOnlyList<Occurrence> occurrences)
    {
        var (first, last) = (occurrences[0].First.UtcDateTime, occurrences.Max(one => one.Last).UtcDateTime);
        var from = first.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return first == last ? from : $"{from} to {last.ToString(first.Date == last.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}";
    }

    private static string Text(Clue clue, IReadOnlyList<Occurrence> occurrences)
    {
        var detection = clue.Detection;
        var known = clue.Finding is { } finding ? $"{finding.Type.Name}, {SeverityExtensions.ToLevel(finding.Severity)}"
            : string.Create(CultureInfo.InvariantCulture, $"{occurrences.Sum(one => one.Count)} × {clue.Name}");
        var who = detection.Principal is { } principal ? $", by {SequenceParts.ShortName(principal)}" : "";
        var where = detection.Action switch
        {
            AwsApiCallAction { RemoteIp: { } caller } => $" from {caller.Address}",
            _ => detection.Resource.InstanceDetails?.InstanceId is { } id ? $", on {id}" : "",
        };
        // A finding tells of its newest record; what began it may have been something else.
        var began = clue.Finding is not null && occurrences[0].Evidence is [var first, ..] && occurrences.Any(one => one.Evidence.Any(record => record.Summary != first.Summary)) ? $"; it began with {first.Summary}" : "";
        return $"{clue.What} ({known}){who}{where}{began}{(clue.JoinedBecause is null ? "" : $"; {JoinedText(clue)}")}";
    }

    private static string JoinedText(Clue clue) => clue.JoinedBecause!.Replace(clue.Actor!, SequenceParts.ShortName(clue.Actor!), StringComparison.Ordinal);

    private static string Why(Episode episode)
    {
        var clues = episode.Clues;
        var labels = clues.Select(one => one.Clue.Label).Distinct(StringComparer.Ordinal).ToList();
        var span = SpanText.Of(episode.Steps.Max(step => step.Occurrence.Last) - episode.First);
        return clues.Any(one => one.Clue.Step is not null) ? $"within {span}: {string.Join(", ", labels)}" : $"{clues.Count} signals of {labels.Count} tactics within {span}: {string.Join(", ", labels)}";
    }

    // The first record of each signal before the second of any, as for findings.
    private static IReadOnlyList<EvidenceRecord> Evidence(Episode episode) =>
    [
        .. episode.Clues.SelectMany(one => one.Occurrences.SelectMany(occurrence => occurrence.Evidence).Index())
            .OrderBy(one => one.Index).ThenBy(one => one.Item, Detectors.Evidence.ByTime).Select(one => one.Item.ToRecord())
            .DistinctBy(record => record.Identity, StringComparer.Ordinal).Take(FindingState.MostEvidence).OrderBy(record => record.Time).ThenBy(record => record.Identity, StringComparer.Ordinal),
    ];

    private static string? ActorOf(Episode episode) => episode.Clues.Select(one => one.Clue.Actor).FirstOrDefault(actor => actor is not null);

    private static Dictionary<string, string> Values(FindingKey key, string group, Episode episode)
    {
        return new(StringComparer.Ordinal)
        {
            ["account"] = key.AccountId, ["region"] = key.Region, ["principal"] = ActorOf(episode) ?? "", ["resource"] = SequenceParts.ShortName(group),
            ["bucket"] = episode.Clues.Where(one => one.Clue.IsOfData).SelectMany(one => one.Clue.Detection.Resource.S3BucketDetails).Select(bucket => bucket.Name).FirstOrDefault() ?? "",
        };
    }
}
