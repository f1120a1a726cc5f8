using Yagura.Core.Findings;
using Yagura.Core.Ports;
using Yagura.Detectors;

namespace Yagura.Engine.Evaluation;

/// <summary>Holds the findings of a scan against what is known to be in the logs: by the records that carry them, not by their existence.</summary>
public sealed class Evaluator
{
    private readonly TruthRecords _truth;
    private readonly List<JudgedAct> _acts = [];

    private Evaluator(TruthRecords truth) => _truth = truth;

    /// <summary>Scans the logs and compares.</summary>
    /// <param name="options">Without a state folder: what was read before would not be read again.</param>
    public static async Task<EvaluationReport> Run(
        IReadOnlyList<ILogObjects> places, ScanOptions options, IReadOnlyList<TruthLine> truth, IProgress<ScanProgress>? progress, TimeProvider time, CancellationToken cancel)
    {
        var evaluator = new Evaluator(new TruthRecords(truth, options.Knowledge.Inventory));
        var report = await Scan.Run(places, options with { StateFolder = null, Watch = evaluator._truth.See, Judged = evaluator._acts.Add }, progress, time, cancel);
        return evaluator.Compare(report);
    }

    private EvaluationReport Compare(ScanReport report)
    {
        var findings = report.Findings.Where(finding => !finding.Service.Archived).Select(finding => Judge(finding, report)).ToList();
        var lines = _truth.Lines.Where(line => !line.Line.IsIgnored).Select(line => Answer(line, findings)).ToList();
        return new(report, lines, findings.Select(finding => finding.Result).ToList(), Scores(findings).ToList());
    }

    private sealed record Judged(FindingResult Result, IReadOnlyDictionary<TruthRecords.Matched, DateTimeOffset> First);

    private Judged Judge(Finding finding, ScanReport report)
    {
        var records = RecordsOf(finding, report);
        // When the finding first holds a record of each line.
        var first = new Dictionary<TruthRecords.Matched, DateTimeOffset>();
        foreach (var line in _truth.Lines)
        {
            if (FirstOf(records, line.Records) is { } time) first.Add(line, time);
        }
        var type = finding.Type.Name;
        var verdict = first.Keys.Any(line => !line.Line.IsIgnored && line.Line.Types.Contains(type, StringComparer.Ordinal)) ? Verdict.Right
            : first.Keys.Any(line => line.Line.Excuses(type)) ? Verdict.Ignored
            : first.Keys.Any(line => !line.Line.IsIgnored) ? Verdict.OtherType
            : Verdict.Wrong;
        return new(new(finding, verdict), first);
    }

    private static DateTimeOffset? FirstOf(HashSet<ulong> finding, IReadOnlyDictionary<ulong, DateTimeOffset> line)
    {
        DateTimeOffset? first = null;
        void Take(DateTimeOffset time) => first = first < time ? first : time;
        if (finding.Count < line.Count)
        {
            foreach (var record in finding)
            {
                if (line.TryGetValue(record, out var time)) Take(time);
            }
        }
        else
        {
            foreach (var (record, time) in line)
            {
                if (finding.Contains(record)) Take(time);
            }
        }
        return first;
    }

    /// <summary>All records that a finding rests on; of one that keeps none of them (a sequence of findings, a count of many connections) those that it shows.</summary>
    private HashSet<ulong> RecordsOf(Finding finding, ScanReport report)
    {
        var records = report.Occurrences.TryGetValue(finding.Id, out var occurrences) ? occurrences.Kept.ToHashSet() : [];
        records.UnionWith(finding.Explanation.Evidence.Select(_truth.RecordOf).OfType<ulong>());
        return records;
    }

    private static LineResult Answer(TruthRecords.Matched line, IReadOnlyList<Judged> findings)
    {
        DateTimeOffset? first = line.Records.Count == 0 ? null : line.Records.Values.Min();
        var found = findings.Where(finding => finding.First.ContainsKey(line) && line.Line.Types.Contains(finding.Result.Finding.Type.Name, StringComparer.Ordinal))
            .OrderBy(finding => finding.First[line]).ThenBy(finding => finding.Result.Finding.Id, StringComparer.Ordinal).ToList();
        return new(line.Line, line.Records.Count + line.NotKept, [.. found.Select(finding => finding.Result.Finding)], found.Count == 0 ? null : found[0].First[line] - first);
    }

    private IEnumerable<ScoreSpread> Scores(IReadOnlyList<Judged> findings)
    {
        var scored = findings.Where(finding => finding.Result.Finding.Explanation.Anomaly is not null && finding.Result.Verdict != Verdict.Ignored);
        foreach (var unit in scored.GroupBy(finding => finding.Result.Finding.Explanation.Anomaly!.Unit, StringComparer.Ordinal).OrderBy(unit => unit.Key, StringComparer.Ordinal))
        {
            var isMalicious = unit.ToLookup(finding => finding.Result.Verdict != Verdict.Wrong, finding => finding.Result.Finding.Explanation.Anomaly!.Score);
            yield return ScoreSpread.Between($"findings, {unit.Key}", [.. isMalicious[true]], [.. isMalicious[false]]);
        }
        if (_acts.Count == 0) yield break;
        var malicious = _truth.Lines.Where(line => !line.Line.IsIgnored).SelectMany(line => line.Records.Keys).ToHashSet();
        var ignored = _acts.Select(act => act.Type).Distinct(StringComparer.Ordinal)
            .ToDictionary(type => type, type => _truth.Lines.Where(line => line.Line.Excuses(type)).SelectMany(line => line.Records.Keys).ToHashSet(), StringComparer.Ordinal);
        bool IsOf(JudgedAct act, HashSet<ulong> records) => act.Records.Any(record => records.Contains(Occurrences.HashOf(record)));
        var acts = _acts.Where(act => IsOf(act, malicious) || !IsOf(act, ignored[act.Type])).ToLookup(act => IsOf(act, malicious), act => act.Score);
        yield return ScoreSpread.Between("all that was judged, bits", [.. acts[true]], [.. acts[false]]);
    }
}
