using Yagura.Core.Findings;
using Yagura.Matching.Sequences;

namespace Yagura.Engine.Sequences;

/// <summary>When the steps of a user's sequence were seen, of one join.</summary>
/// <param name="Times">For each step its occurrences, by time; one record is never two steps.</param>
internal sealed record StepTrack(SequenceRule Rule, IReadOnlyList<IReadOnlyList<(Clue Clue, Occurrence Occurrence)>> Times)
{
    public static StepTrack Of(SequenceRule rule, IReadOnlyList<(int Step, Clue Clue)> clues) => new(rule,
    [
        .. Enumerable.Range(0, rule.Steps.Count).Select(step => (IReadOnlyList<(Clue, Occurrence)>)
        [
            .. clues.Where(one => one.Step == step).SelectMany(one => one.Clue.Occurrences.Select(occurrence => (one.Clue, occurrence)))
                .OrderBy(one => one.occurrence.First).ThenBy(one => one.Clue.Uid, StringComparer.Ordinal).ThenBy(one => one.occurrence.Last).TakeLast(Episode.MostOccurrences),
        ]),
    ]);

    /// <summary>Each time that all steps were seen within the window, one after the other.</summary>
    public IReadOnlyList<Episode> Episodes()
    {
        var episodes = new List<Episode>();
        var after = DateTimeOffset.MinValue;
        foreach (var start in Starts())
        {
            if (start.Occurrence.First <= after && episodes.Count > 0) continue;
            if (Chain(start) is not { } chain || Span(chain) > Rule.Window) continue;
            episodes.Add(new(chain));
            after = chain[^1].Occurrence.First;
        }
        return episodes;
    }

    /// <summary>The most that was seen, where it is all but one step, or two or more; and what it lacks. Null for less.</summary>
    public (IReadOnlyList<(string Step, DateTimeOffset Time)> Seen, string Lacks)? NearMiss()
    {
        var chains = Starts().Select(Chain).OfType<IReadOnlyList<(Clue Clue, Occurrence Occurrence)>>().ToList();
        if (chains.Count > 0)
        {
            var shortest = chains.MinBy(Span)!;
            return (Shown(shortest), $"all {Rule.Steps.Count} steps, but over {SpanText.Of(Span(shortest))}: the window is {SpanText.Of(Rule.Window)}");
        }
        var seen = Enumerable.Range(0, Times.Count).Where(step => Times[step].Count > 0).ToList();
        var first = seen.Select(step => Times[step][0]).OrderBy(one => one.Occurrence.First).ToList();
        if (seen.Count == Times.Count)
        {
            var shares = !Rule.Ordered || Starts().Any(start => InOrder(start, mayShare: true) is not null);
            return (Shown(first), shares ? "all steps, but one record would have to be two steps" : "all steps, but not in their order");
        }
        if (seen.Count < Times.Count - 1 && seen.Count < 2) return null;
        var missing = Enumerable.Range(0, Times.Count).Except(seen).Select(step => Rule.Steps[step].Name);
        return (Shown(first), $"{seen.Count} of {Times.Count} steps; missing: {string.Join(", ", missing)}");
    }

    private IEnumerable<(Clue Clue, Occurrence Occurrence)> Starts() =>
        Rule.Ordered ? Times[0] : Times.SelectMany(step => step).OrderBy(one => one.Occurrence.First).ThenBy(one => one.Clue.Uid, StringComparer.Ordinal);

    /// <summary>The earliest way from a start through all steps; null where there is none.</summary>
    private IReadOnlyList<(Clue Clue, Occurrence Occurrence)>? Chain((Clue Clue, Occurrence Occurrence) start) =>
        Rule.Ordered ? InOrder(start, mayShare: false) : StepMatching.Of([.. Times.Select(step => After(step, start.Occurrence.First))]);

    /// <param name="mayShare">Whether one record may be several steps.</param>
    private IReadOnlyList<(Clue Clue, Occurrence Occurrence)>? InOrder((Clue Clue, Occurrence Occurrence) start, bool mayShare)
    {
        List<(Clue Clue, Occurrence Occurrence)> chain = [start];
        var used = start.Occurrence.Evidence.Select(record => record.Identity).ToHashSet();
        foreach (var step in Times.Skip(1))
        {
            var next = After(step, chain[^1].Occurrence.First).FirstOrDefault(one => mayShare || !(one.Occurrence.Evidence is [var record, ..] && used.Contains(record.Identity)));
            if (next.Clue is null) return null;
            foreach (var record in next.Occurrence.Evidence) used.Add(record.Identity);
            chain.Add(next);
        }
        return chain;
    }

    /// <summary>Those at a time or later, found by halves.</summary>
    private static IEnumerable<(Clue Clue, Occurrence Occurrence)> After(IReadOnlyList<(Clue Clue, Occurrence Occurrence)> times, DateTimeOffset from)
    {
        var (low, high) = (0, times.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (times[middle].Occurrence.First < from) low = middle + 1;
            else high = middle;
        }
        for (; low < times.Count; low++) yield return times[low];
    }

    private static TimeSpan Span(IReadOnlyList<(Clue Clue, Occurrence Occurrence)> chain) => chain[^1].Occurrence.First - chain[0].Occurrence.First;

    private static IReadOnlyList<(string Step, DateTimeOffset Time)> Shown(IEnumerable<(Clue Clue, Occurrence Occurrence)> chain) => [.. chain.Select(one => (one.Clue.Label, one.Occurrence.First))];
}
